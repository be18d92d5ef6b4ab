// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import HTTPServer
import JSONText
import Ledger
import LightClient
import StateTree
import Testing
import Validators
import Vocabulary

@testable import ClientKit

@Suite("Validators as a gateway shows and proves them")
struct ValidatorTests {
    private static let member: JSON = [
        "account": .string(Samples.account), "name": "reef", "publicKey": .string(Samples.digest),
        "fees": .string(Samples.account), "state": "jailed", "untilEpoch": 7, "sinceHeight": 3,
        "bond": "100", "granted": 5, "slashed": "0",
    ]

    @Test("a member is read with its state, and its weight when it has a seat")
    func members() async throws {
        let page: JSON = [
            "epoch": 4, "seats": 1, "totalWeight": 9, "stakeMin": "100",
            "validators": [Self.member], "next": "6e",
        ]
        let router = Router.answering("/v1/validators", page)
        let read = try await ClientWorld().serve(router) { try await $0.validators() }
        #expect(read.epoch == Epoch(4) && read.next == "6e" && read.stakeMin == Amount(100))
        let member = try #require(read.members.first)
        #expect(member.until == Epoch(7) && member.weight == nil && member.granted == 5)
    }

    @Test("validators are followed page by page, and nothing unproven is believed")
    func follow() async throws {
        let road = try Road(epochs: 5)
        let begin = try ValidatorTrail(genesis: road.genesis)
        let router = road.router(pageMax: 2)
        let all = try await ClientWorld().serve(router) { try await $0.following(begin) }
        #expect(all.newest == Epoch(5))
        let some = try await ClientWorld().serve(router) {
            try await $0.following(begin, to: Epoch(3))
        }
        #expect(some.newest == Epoch(4))
    }

    @Test("a gateway that cannot show the way to an epoch is not believed about it")
    func missing() async throws {
        let road = try Road(epochs: 2)
        let begin = try ValidatorTrail(genesis: road.genesis)
        await #expect(throws: ClientFailure.self) {
            try await ClientWorld().serve(road.router(pageMax: 64)) {
                _ = try await $0.following(begin, to: Epoch(9))
            }
        }
    }

    @Test("a gateway that answers with other epochs than were asked for is wrong")
    func others() async throws {
        let road = try Road(epochs: 3)
        let begin = try ValidatorTrail(genesis: road.genesis)
        var router = Router()
        let bytes = try #require(HandoverFile(Array(road.handovers.dropFirst()))).bytes
        router.get("/v1/handovers") { _ in
            HTTPResponse(type: HandoverFile.mediaType, bytes: bytes)
        }
        await #expect(throws: ClientFailure.badAnswer("the handovers are of other epochs")) {
            try await ClientWorld().serve(router) { _ = try await $0.following(begin) }
        }
    }
}

/// A chain of four validators who hand over to themselves.
private struct Road {
    let genesis: Genesis
    let handovers: [Handover]

    init(epochs: UInt64) throws {
        let keys = try (1...4).map { number in
            try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
        }
        let seats = keys.enumerated().map { place, key -> JSON in
            ["name": .string("v\(place)"), "publicKey": .string("\(key.publicKey)"), "stake": 1]
        }
        let genesis = try Genesis(json: [
            "name": "road", "time": 1, "validators": .array(seats),
            "ledger": ["checkpointBlocks": 4, "epochCheckpoints": 1],
        ])
        self.genesis = genesis
        handovers = try (0..<epochs).map { epoch in
            let next = NextSet(
                epoch: Epoch(epoch + 1), validators: try ValidatorSet(of: genesis))
            let path = SparseMerkleTree.path(
                of: [ModuleID.validators.value] + ValidatorsKeys.nextSet)
            var tree = SparseMerkleTree()
            tree.update([
                SparseMerkleTree.Change(key: path, valueHash: SHA256.hash(next.canonicalBytes))
            ])
            let cut = (epoch + 1) * 4
            let header = BlockHeader(
                chain: genesis.chain, epoch: Epoch(epoch), slot: Slot(cut + 1),
                height: BlockHeight(cut + 1), parentSlot: Slot(cut), parent: SHA256.hash([1]),
                timestamp: Timestamp(cut), payloadDigest: .zero, stateHeight: BlockHeight(cut),
                stateRoot: tree.root, proposer: keys[0].publicKey)
            let statement = Statement.final(header.slot, header.hash)
            let votes = keys.dropLast().enumerated().map { place, key in
                Vote(
                    statement, by: key, validator: UInt16(place), chain: genesis.chain,
                    epoch: Epoch(epoch))
            }
            return Handover(
                header: header,
                finality: FinalityProof(
                    certificate: Certificate(statement, epoch: Epoch(epoch), votes: votes)),
                next: next, proof: tree.prove(path))
        }
    }

    /// A gateway that gives so many handovers at a time.
    func router(pageMax: Int) -> Router {
        let handovers = handovers
        var router = Router()
        router.get("/v1/handovers") { request in
            let first = request.query("from").flatMap { Int($0) } ?? 0
            let page = Array(handovers.dropFirst(first).prefix(pageMax))
            return HTTPResponse(
                type: HandoverFile.mediaType, bytes: HandoverFile(page)?.bytes ?? [])
        }
        return router
    }
}
