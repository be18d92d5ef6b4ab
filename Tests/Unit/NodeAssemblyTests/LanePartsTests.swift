// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("What a node keeps of lanes")
struct LanePartsTests {
    private let world = SimulatedWorld(seed: 5)

    private func chain(_ count: Int, size: Int = 10, epoch: UInt64 = 0) throws -> [Batch] {
        let key = try Senders.key(1)
        var tip = LaneTip.start(of: 0)
        return (0..<count).map { number in
            let batch = Batch(
                [UInt8](repeating: UInt8(truncatingIfNeeded: number + 1), count: size),
                transactionCount: 1, after: tip, chain: Senders.chain, epoch: Epoch(epoch), by: key)
            tip = batch.tip
            return batch
        }
    }

    // MARK: Own batches

    @Test("a sender's nonces stay passed until the last batch that holds one is executed")
    func passing() throws {
        var own = OwnBatches()
        let alice = try Senders.account(1)
        own.push([try Senders.transaction(of: 1, nonce: 4)], bytes: 100)
        own.push(
            [
                try Senders.transaction(of: 1, nonce: 5),
                try Senders.transaction(of: 2, nonce: 0),
            ], bytes: 200)
        #expect(own.passed == [alice: 6, try Senders.account(2): 1] && own.bytes == 300)
        own.pop()
        #expect(own.passed[alice] == 6 && own.bytes == 200)
        own.pop()
        #expect(own.passed.isEmpty && own.bytes == 0)
    }

    @Test("a batch that was not made gives its transactions back; an epoch's end gives all")
    func takingBack() throws {
        var own = OwnBatches()
        own.push([try Senders.transaction(of: 1, nonce: 0)], bytes: 10)
        own.push([try Senders.transaction(of: 2, nonce: 0)], bytes: 10)
        own.takeBack()
        #expect(own.passed == [try Senders.account(1): 1])
        own.reset()
        #expect(own.passed.isEmpty && own.bytes == 0)
        own.pop()
        #expect(own.bytes == 0, "what was forgotten is not counted twice")
    }

    // MARK: Checks ahead

    @Test("checked transactions are given once, and the oldest make room")
    func checks() throws {
        var checks = BatchChecks()
        let batches = try chain(4, size: Batch.payloadBytesMax)
        let entry = try Senders.transaction(of: 1, nonce: 0)
        for batch in batches { checks.keep([entry], of: batch) }
        #expect(checks.take(batches[1].hash)?.map(\.hash) == [entry.hash])
        #expect(checks.take(batches[1].hash) == nil)
        let fill = BatchChecks.bytesMax / Batch.payloadBytesMax
        for batch in try chain(fill - 3, size: Batch.payloadBytesMax, epoch: 6) {
            checks.keep([], of: batch)
        }
        checks.keep([], of: try #require(chain(1, size: 10, epoch: 7).first))
        #expect(checks.take(batches[0].hash) == nil, "the oldest made room")
        #expect(checks.take(batches[2].hash)?.isEmpty == false, "the next did not have to")
    }

    // MARK: The log of batches

    private func storage(_ effects: Effects) throws -> LaneStorage {
        let opened = world.run(on: "n", effects) { effects -> LaneStorage? in
            guard let log = try? await effects.disk.openLog("lanes") else { return nil }
            return LaneStorage(log, path: "lanes")
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

    @Test("a restart finds the batches of its epoch, in order, and not those of another")
    func recovery() throws {
        let effects = world.makeNode("n")
        let first = try storage(effects)
        let old = try chain(2, epoch: 0).map(LaneRecord.batch)
        let new = try chain(3, epoch: 1).map(LaneRecord.batch)
        try run(effects) {
            #expect(await !first.hasRecords)
            try await first.append(old)
            try await first.append(new)
            await first.close()
        }
        let second = try storage(effects)
        try run(effects) {
            #expect(try await second.recover(epoch: Epoch(1)) == new)
            #expect(await second.hasRecords)
            try await second.forgetAll()
            await second.close()
        }
        let third = try storage(effects)
        try run(effects) { #expect(await third.hasRecords, "that there were some is remembered") }
    }

    @Test("batches that are executed are forgotten from the front, however they are named")
    func forgetting() throws {
        let effects = world.makeNode("n")
        let lanes = try storage(effects)
        let batches = try chain(300)
        try run(effects) {
            try await lanes.append(batches.map(LaneRecord.batch))
            try await lanes.forget(batches.dropFirst().prefix(280).map(\.hash))
            try await lanes.forget([batches[0].hash, batches[0].hash])
            await lanes.close()
        }
        let again = try storage(effects)
        let left = try run(effects) { try await again.recover(epoch: Epoch(0)) }
        #expect(left.suffix(19) == batches.suffix(19).map(LaneRecord.batch))
    }
}
