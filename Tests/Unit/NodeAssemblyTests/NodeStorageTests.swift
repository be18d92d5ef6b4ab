// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A node's files")
struct NodeStorageTests {
    private let world = SimulatedWorld(seed: 3)

    private func open(_ effects: Effects) throws -> NodeStorage {
        let opened = world.run(on: "n", effects) { effects in
            try? await NodeStorage(disk: effects.disk, folder: "data", storeBytesMax: 1 << 20)
        }
        return try #require(opened ?? nil)
    }

    private func run<Value: Sendable>(
        _ effects: Effects, _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let outcome = world.run(on: "n", effects) { _ -> Result<Value, any Error> in
            do { return .success(try await body()) } catch { return .failure(error) }
        }
        return try #require(outcome).get()
    }

    private func first(of storage: NodeStorage, _ effects: Effects) throws -> UInt64 {
        try run(effects) { await storage.records.first }
    }

    private func final(_ height: UInt64, slot: UInt64, after parent: Block?) throws
        -> FinalizedBlock
    {
        let header = BlockHeader(
            chain: Senders.chain, epoch: Epoch(0), slot: Slot(slot), height: BlockHeight(height),
            parentSlot: parent?.header.slot ?? Slot(0), parent: parent?.hash ?? .zero,
            timestamp: Timestamp(height), payloadDigest: Block.digest(of: []),
            stateHeight: BlockHeight(height - 1), stateRoot: .zero,
            proposer: try Senders.key(1).publicKey)
        let block = try #require(Block(header: header, payload: []))
        return FinalizedBlock(
            block: block,
            proof: FinalityProof(
                certificate: Certificate(.final(Slot(slot), block.hash), epoch: Epoch(0), votes: [])
            ))
    }

    private func vote(_ slot: UInt64) throws -> ConsensusRecord {
        .vote(
            Vote(
                epoch: Epoch(0), statement: .skip(Slot(slot)), validator: 0,
                signature: Signature(point: .zero, scalar: .zero)))
    }

    @Test("an empty folder starts from nothing")
    func empty() throws {
        let effects = world.makeNode("n")
        let storage = try open(effects)
        let recovered = try run(effects) { try await storage.recover() }
        #expect(recovered.lastFinal == nil)
        #expect(recovered.records.isEmpty)
    }

    @Test("after a crash the last final block is there, and the records after its slot (NODE-6)")
    func recovery() throws {
        var effects = world.makeNode("n")
        var storage = try open(effects)
        let first = try final(1, slot: 2, after: nil)
        let second = try final(2, slot: 5, after: first.block)
        let records = try (1...8).map { try vote($0) }
        try run(effects) { [storage] in
            try await storage.append(records)
            try await storage.appendBlocks([first, second].map(\.canonicalBytes))
        }
        world.crash("n")
        effects = world.restart("n")
        storage = try open(effects)
        let recovered = try run(effects) { [storage] in try await storage.recover() }
        #expect(recovered.lastFinal == second)
        #expect(recovered.records.map(\.slot.value) == [6, 7, 8])
        let blocks = try run(effects) { [storage] in
            try await storage.finalBlocks(from: BlockHeight(1), count: 10, bytesMax: 1 << 20)
        }
        #expect(blocks == [first, second])
    }

    @Test("records of decided slots are forgotten by the segment, later ones never")
    func forgetting() throws {
        var effects = world.makeNode("n")
        var storage = try open(effects)
        let records = try (1...600).map { try vote($0) }
        try run(effects) { [storage] in
            _ = try await storage.recover()
            try await storage.append(records)
            try await storage.forget(through: Slot(100))
            try await storage.forget(through: Slot(550))
        }
        #expect(try first(of: storage, effects) == 544)
        world.crash("n")
        effects = world.restart("n")
        storage = try open(effects)
        let recovered = try run(effects) { [storage] in try await storage.recover() }
        #expect(recovered.records.map(\.slot.value) == Array(545...600))
        // What was recovered is counted again: the next forgetting starts from there.
        let more = try (601...900).map { try vote($0) }
        try run(effects) { [storage] in
            try await storage.append(more)
            try await storage.forget(through: Slot(850))
        }
        #expect(try first(of: storage, effects) == 848)
    }

    @Test("a damaged record is told by name and nothing is guessed")
    func damage() throws {
        let effects = world.makeNode("n")
        let storage = try open(effects)
        let records = try (1...3).map { try vote($0) }
        try run(effects) { try await storage.append(records) }
        world.damage("n", log: "data/votes", record: 1)
        #expect(throws: NodeFailure.self) { try run(effects) { try await storage.recover() } }
        try run(effects) { try await storage.appendBlocks([[1, 2, 3]]) }
        #expect(throws: NodeFailure.self) { try run(effects) { try await storage.recover() } }
    }
}
