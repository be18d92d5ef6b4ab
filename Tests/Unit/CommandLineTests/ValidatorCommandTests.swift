// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Consensus
import Cryptography
import Effects
import JSONText
import Ledger
import LightClient
import Synchronization
import SystemEffects
import TestSupport
import Testing
import Validators
import Vocabulary

@testable import ClientKit
@testable import atoll

@Suite("Validators on the command line")
struct ValidatorCommandTests {
    private func member(_ name: String, state: String, weight: UInt64?) throws -> MemberView {
        let digest = String(repeating: "ab", count: 32)
        var members: [JSON.Member] = [
            JSON.Member("account", .string(digest)), JSON.Member("name", .string(name)),
            JSON.Member("publicKey", .string(digest)), JSON.Member("fees", .string(digest)),
            JSON.Member("state", .string(state)), JSON.Member("bond", "1500000000000000000"),
            JSON.Member("granted", 3), JSON.Member("slashed", "0"),
        ]
        if state == "jailed" { members.append(JSON.Member("untilEpoch", 9)) }
        if let weight { members.append(JSON.Member("weight", JSON(weight))) }
        return try MemberView(AnswerReader(.object(members)))
    }

    @Test("a share is shown in per cent with one decimal, and nothing without a seat")
    func shares() {
        #expect(ValidatorList.share(1, of: 3) == "33.3%")
        #expect(ValidatorList.share(7, of: 7) == "100.0%")
        #expect(ValidatorList.share(nil, of: 7) == "-")
        #expect(ValidatorList.share(0, of: 0) == "-")
    }

    @Test("a row tells state, bond and grant apart")
    func rows() throws {
        let jailed = ValidatorRow(member: try member("reef", state: "jailed", weight: nil))
        #expect(jailed.state == "jailed until epoch 9")
        #expect(jailed.stake == "1.5 + 3 granted")
        #expect(jailed.facts.text.contains("none: it has no seat"))
        let active = ValidatorRow(member: try member("reef", state: "active", weight: 4))
        #expect(active.state == "active" && active.facts.text.contains("weight   4\n"))
    }

    @Test("an amount that is none, or nothing, is refused before anything is sent")
    func amounts() throws {
        #expect(try ValidatorSending.amount("1.5", "stake") == Amount("1.5"))
        for text in ["0", "x", "-1", nil] {
            #expect(throws: CommandFailure.self) { try ValidatorSending.amount(text, "stake") }
        }
    }

    @Test("every command that signs names the key, the chain and its own patience")
    func options() {
        for command in [
            ValidatorJoin.command, ValidatorAddStake.command, ValidatorLeave.command,
            ValidatorRotateKey.command, ValidatorUpdate.command, ValidatorResume.command,
        ] {
            let names = command.options.map(\.name)
            #expect(Set(names).isSuperset(of: ["key", "passphrase-file", "genesis", "timeout"]))
            #expect(command.hasOutputFormat)
        }
    }

    @Test("whoever rotates a key is told what to put into the node's settings")
    func rotation() {
        let told = ValidatorRotateKey.next(file: "/home/a/next.key")
        #expect(told.contains(#""nextKey": "/home/a/next.key""#))
        #expect(told.contains("restart it before the epoch ends"))
    }

    @Test("a node's settings keep its second key and its number of blocks; nonsense is refused")
    func settings() throws {
        let text = #"{"name": "a", "roles": [], "nextKey": "next.key", "keepBlocks": 64}"#
        let file = try NodeFile(Array(text.utf8), path: "node.json")
        #expect(file.nextKey == "next.key" && file.syncPolicy.keepBlocks == 64)
        #expect(try NodeFile(file.json.bytes, path: "again").json == file.json)
        for odd in [#""nextKey": 7"#, #""nextKey": "" "#, #""keepBlocks": 0"#] {
            let bytes = Array("{\"name\": \"a\", \(odd)}".utf8)
            #expect(throws: CommandFailure.self) { try NodeFile(bytes, path: "node.json") }
        }
    }

    @Test("an archive begins with the first block, whatever else is set")
    func archive() throws {
        let text = #"{"name": "a", "archive": true, "sync": "snapshot"}"#
        let policy = try NodeFile(Array(text.utf8), path: "node.json").syncPolicy
        #expect(policy.isArchive && policy.mode == .full)
    }

    @Test("a local cloud's epochs are as long as it was told, in its genesis")
    func lengths() throws {
        var law = LocalCloudPlan.Law()
        law.lengths = [("checkpointBlocks", 4), ("epochCheckpoints", 2)]
        let plan = try LocalCloudPlan(
            size: LocalCloudPlan.Size(validators: 1, providers: 1), ports: [1, 2, 3, 4], law: law,
            now: Timestamp(1), chance: Draws())
        let genesis = try Genesis(bytes: Array(plan.genesis.text.utf8))
        #expect(
            genesis.parameters.epochs == EpochLengths(checkpointBlocks: 4, epochCheckpoints: 2))
    }

    /// Bytes that count up, each key another.
    private final class Draws: Chance {
        private let drawn = Mutex<UInt8>(0)

        func bytes(_ count: Int) -> [UInt8] {
            let number = drawn.withLock { number in
                number += 1
                return number
            }
            return [UInt8](repeating: number, count: count)
        }
    }

    // MARK: Events

    @Test("events of an account say what came, what went, and from whom")
    func events() throws {
        let (own, other) = (String(repeating: "ab", count: 32), String(repeating: "cd", count: 32))
        func event(_ from: String, _ to: String) throws -> PastEventView {
            try PastEventView(
                AnswerReader([
                    "height": 7, "index": 0, "module": "accounts", "name": "transferred",
                    "from": .string(from), "to": .string(to), "amount": "1500000000000000000",
                ]))
        }
        let account = try #require(AccountID(hexadecimal: own))
        let text = AccountEvents.table(
            of: [try event(other, own), try event(own, other)], for: account
        ).text
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[1] == ["7", "accounts.transferred", "1.5", "-", "cdcdcdcdcdcd", "-"])
        #expect(lines[2] == ["7", "accounts.transferred", "-", "1.5", "cdcdcdcdcdcd", "-"])
    }

    // MARK: Trails

    private static func genesis() throws -> Genesis {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        return try Genesis(json: [
            "name": "trail", "time": 1,
            "validators": [
                ["name": "a", "publicKey": .string("\(key.publicKey)"), "stake": 1]
            ],
        ])
    }

    private func inFolder(
        _ options: [String: [String]] = [:],
        _ body: @escaping @Sendable (TrailFolder, Shell, String) async throws -> Void
    ) async throws {
        let world = try LoopWorld()
        let shell = Shell(effects: try SystemWorld.make(root: "/", loop: world.loop, workers: 1))
        let genesis = try Self.genesis()
        try await world.run { [root = world.root] _ in
            let named = options.mapValues { $0.map { "\(root)/\($0)" } }
            let invocation = Invocation(
                command: VerifyProof.command, arguments: [],
                options: named.merging(["home": [root]]) { given, _ in given }, environment: [:])
            try await body(TrailFolder(genesis, invocation, shell), shell, root)
        }
    }

    @Test("a trail is kept below the home by its chain, and read the next time")
    func keep() async throws {
        try await inFolder { folder, shell, _ in
            #expect(try await folder.trail().newest == Epoch(0))
            let set = try ValidatorSet(of: folder.genesis)
            let later = ValidatorTrail(
                genesis: folder.genesis, trusting: NextSet(epoch: Epoch(5), validators: set))
            try await folder.keep(later)
            #expect(await shell.exists(folder.path))
            #expect(try await folder.trail() == later)
        }
    }

    @Test("a trail that is damaged or another chain's is refused with its place")
    func damaged() async throws {
        try await inFolder(["trail": ["given"]]) { folder, shell, root in
            for bytes in [[], Array("ATOLLTR1".utf8), Array("ATOLLHO1".utf8) + [9]] {
                try await shell.write("\(root)/given", bytes)
                do {
                    _ = try await folder.trail()
                    Issue.record("\(bytes) were taken for a trail")
                } catch let failure as CommandFailure {
                    #expect(failure.status == .refused && failure.what.contains("given"))
                }
            }
        }
    }

    @Test("a file of handovers is followed from the genesis")
    func handovers() async throws {
        try await inFolder(["trail": ["given"]]) { folder, shell, root in
            let none = try #require(HandoverFile([]))
            try await shell.write("\(root)/given", none.bytes)
            #expect(try await folder.trail().newest == Epoch(0))
        }
    }
}
