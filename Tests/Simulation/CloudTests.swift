// SPDX-License-Identifier: Apache-2.0
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Simulated cloud")
struct CloudTests {
    static let seeds = Seeds.all
    private let payee = AccountID(Bytes32.zero)

    @Test("a calm network orders payments and every node reaches the same state", arguments: seeds)
    func calm(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 3_000)
        for _ in 0..<10 { try cloud.pay(Amount(whole: 1), to: payee, through: "gateway-1") }
        cloud.world.run(forMilliseconds: 5_000)
        for member in cloud.members {
            #expect(try cloud.balance(of: payee, at: member.name) == Amount(whole: 10))
        }
        try cloud.expectOneHistory()
    }

    @Test("with one of four validators gone, payments go on, and it catches up", arguments: seeds)
    func oneGone(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 3_000)
        cloud.crash("validator-2")
        for _ in 0..<5 {
            try cloud.pay(Amount(whole: 1), to: payee, through: "gateway-1")
            cloud.world.run(forMilliseconds: 4_000)
        }
        #expect(try cloud.balance(of: payee, at: "validator-1") == Amount(whole: 5))
        try cloud.restart("validator-2")
        cloud.world.run(forMilliseconds: 10_000)
        #expect(try cloud.balance(of: payee, at: "validator-2") == Amount(whole: 5))
        try cloud.expectOneHistory()
    }

    @Test("with two of four gone nothing is final; when they return work resumes", arguments: seeds)
    func twoGone(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 3_000)
        cloud.crash("validator-2")
        cloud.crash("validator-3")
        cloud.world.run(forMilliseconds: 2_000)
        let height = try cloud.head(of: "gateway-1").height
        try cloud.pay(Amount(whole: 1), to: payee, through: "gateway-1")
        cloud.world.run(forMilliseconds: 20_000)
        #expect(try cloud.head(of: "gateway-1").height == height)
        try cloud.restart("validator-2")
        try cloud.restart("validator-3")
        cloud.world.run(forMilliseconds: 30_000)
        #expect(try cloud.balance(of: payee, at: "gateway-1") == Amount(whole: 1))
        try cloud.expectOneHistory()
    }

    @Test("after a crash of everybody at once, the same chain goes on", arguments: seeds)
    func allGone(seed: UInt64) throws {
        let cloud = try SimulatedCloud(seed: seed)
        try cloud.startAll()
        cloud.world.run(forMilliseconds: 3_000)
        try cloud.pay(Amount(whole: 1), to: payee, through: "gateway-1")
        cloud.world.run(forMilliseconds: 2_000)
        let before = try cloud.head(of: "gateway-1")
        for member in cloud.members { cloud.crash(member.name) }
        for member in cloud.members { try cloud.restart(member.name) }
        cloud.world.run(forMilliseconds: 20_000)
        #expect(try cloud.balance(of: payee, at: "validator-1") == Amount(whole: 1))
        #expect(try cloud.head(of: "gateway-1").height > before.height)
        try cloud.expectOneHistory()
    }

    @Test("one seed gives one history, to the last event")
    func deterministic() throws {
        func digest() throws -> (UInt64, UInt64) {
            let cloud = try SimulatedCloud(seed: 42)
            try cloud.startAll()
            cloud.world.run(forMilliseconds: 3_000)
            try cloud.pay(Amount(whole: 1), to: payee, through: "gateway-1")
            cloud.world.run(forMilliseconds: 3_000)
            return (cloud.world.traceDigest, cloud.world.eventCount)
        }
        let first = try digest()
        let second = try digest()
        #expect(first == second)
    }
}
