// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("What is signed and sent about lanes")
struct LaneEncodingTests {
    let fixture = Fixture()

    private var samples: [LaneMessage] {
        let batches = fixture.batches(lane: 1, 3)
        let tips = batches.map(\.tip) + [fixture.batch(lane: 2).tip]
        return [
            .batch(batches[1]), .vector(fixture.vector(tips, by: 0)),
            .request(BatchRequest(tip: batches[2].tip, count: 3)),
            .answer(batches.reversed()),
        ]
    }

    @Test("every message, record, cut, order and piece of evidence comes back from its bytes")
    func roundTrip() throws {
        for message in samples {
            #expect(try LaneMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        let batch = fixture.batch(lane: 0)
        let record = LaneRecord.batch(batch)
        #expect(try LaneRecord(canonicalBytes: record.canonicalBytes) == record)
        let cut = fixture.cut(batch.tip, fixture.batch(lane: 3).tip)
        #expect(try Cut(payload: cut.payload) == cut)
        #expect(try Cut(payload: []) == .empty)
        var order = LaneOrder(lanes: 4)
        order.tips[2] = fixture.batch(lane: 2).tip
        order.close(3)
        order.close(1)
        #expect(try LaneOrder(canonicalBytes: order.canonicalBytes) == order)
        let evidence = LaneEvidence(first: batch.signed, second: batch.signed)
        #expect(try LaneEvidence(canonicalBytes: evidence.canonicalBytes) == evidence)
    }

    @Test("the bytes of header, tip, cut and what is signed are pinned")
    func pinned() {
        let batch = fixture.batch(lane: 1, payload: [7])
        #expect(batch.header.canonicalBytes.count == BatchHeader.encodedBytes)
        #expect(batch.tip.canonicalBytes.count == LaneTip.encodedBytes)
        #expect(batch.canonicalBytes.count == BatchHeader.encodedBytes + 64 + 1 + 1)
        #expect(batch.tip.canonicalBytes.prefix(10) == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(fixture.cut(batch.tip).payload == [1] + batch.tip.canonicalBytes)
        #expect(Cut.empty.payload == [])
        #expect(batch.header.signedBytes.prefix(13).elementsEqual("atoll/lane/1\0".utf8))
        #expect(batch.hash == batch.header.digest(domain: "atoll/batch/1"))
        let signed = fixture.vector([batch.tip], by: 0).signedBytes
        #expect(signed.prefix(21).elementsEqual("atoll/availability/1\0".utf8))
        #expect(signed.count == 21 + 32 + 8 + 2 + 8 + 1 + LaneTip.encodedBytes)
    }

    @Test("cuts and vectors whose entries do not rise are no cuts and vectors")
    func canonical() {
        let (one, two) = (fixture.batch(lane: 1).tip, fixture.batch(lane: 2).tip)
        #expect(Cut([two, one]) == nil)
        #expect(Cut([one, one]) == nil)
        #expect(Cut([.start(of: 1)]) == nil)
        #expect(throws: CanonicalError.outOfRange("Cut")) { try Cut(payload: [0]) }
        for entries in [[two, one], [one, one], []] {
            let bytes = fixture.vector(entries, by: 0).canonicalBytes
            #expect(throws: CanonicalError.outOfRange("AvailabilityVector")) {
                try AvailabilityVector(canonicalBytes: bytes)
            }
        }
    }

    @Test("headers that contradict themselves, and payloads of another length, are not read")
    func implausible() {
        let changes: [(inout BatchHeader) -> Void] = [
            { $0.height = 0 }, { $0.height = 2 }, { $0.parent = Fixture.digest(1) },
            { $0.payloadBytes = 0 }, { $0.payloadBytes = 600 << 10 }, { $0.payloadBytes = 2 },
        ]
        for change in changes {
            let batch = fixture.batch(lane: 0, payload: [1], change: change)
            #expect(throws: CanonicalError.self) {
                try Batch(canonicalBytes: batch.canonicalBytes)
            }
        }
        let request = BatchRequest(tip: fixture.batch(lane: 0).tip, count: 65)
        #expect(throws: CanonicalError.outOfRange("BatchRequest")) {
            try BatchRequest(canonicalBytes: request.canonicalBytes)
        }
    }

    @Test("the longest cut, vector and answer stay within their limits")
    func limits() throws {
        let tips = (0..<128).map {
            LaneTip(lane: UInt16($0), height: .max, hash: Fixture.digest(1))
        }
        #expect(try #require(Cut(tips)).payload.count == 5_378)
        #expect(Cut(tips + [LaneTip(lane: 128, height: 1, hash: .zero)]) == nil)
        let full = fixture.batch(
            lane: 0, payload: [UInt8](repeating: 1, count: Batch.payloadBytesMax))
        #expect(full.canonicalBytes.count == Batch.bytesMax)
        let message = LaneMessage.answer(gathering: repeatElement(full, count: 64))
        guard case .answer(let batches) = message else { throw CanonicalError.badLength }
        #expect(batches.count == 8)
        #expect(message.canonicalBytes.count <= LaneMessage.bytesMax)
    }

    @Test("evidence names the owner of two batches of one height, and nobody otherwise")
    func evidence() {
        let one = fixture.batch(lane: 2, payload: [1]).signed
        let other = fixture.batch(lane: 2, payload: [2]).signed
        let forged = SignedBatchHeader(header: other.header, signature: one.signature)
        let foreign = fixture.batch(lane: 1, payload: [2]).signed
        func offender(_ first: SignedBatchHeader, _ second: SignedBatchHeader) -> Int? {
            LaneEvidence(first: first, second: second).offender(
                validators: fixture.validators, chain: fixture.chain, epoch: Fixture.epoch)
        }
        #expect(offender(one, other) == 2)
        #expect(offender(one, one) == nil)
        #expect(offender(one, forged) == nil)
        #expect(offender(one, foreign) == nil)
        let later = LaneEvidence(first: one, second: other)
        #expect(
            later.offender(validators: fixture.validators, chain: fixture.chain, epoch: Epoch(4))
                == nil)
    }

    @Test("bytes changed, cut or made up never bring a decoder down", arguments: 0..<8 as Range)
    func fuzz(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var order = LaneOrder(lanes: 4)
        order.close(2)
        let batch = fixture.batch(lane: 1)
        let evidence = LaneEvidence(first: batch.signed, second: batch.signed)
        var survivors = 0
        for _ in 0..<150 {
            for sample in samples { survivors += mutate(sample, &dice) }
            survivors += mutate(fixture.cut(batch.tip), &dice)
            survivors += mutate(order, &dice)
            survivors += mutate(LaneRecord.batch(batch), &dice)
            survivors += mutate(evidence, &dice)
        }
        #expect(survivors > 0)
    }

    private func mutate<Value: CanonicalCodable>(_ value: Value, _ dice: inout Dice) -> Int {
        var bytes = value.canonicalBytes
        for _ in 0...dice.below(3) where !bytes.isEmpty {
            switch dice.below(3) {
            case 0: bytes[dice.below(bytes.count)] = UInt8(dice.below(256))
            case 1: bytes.removeLast(dice.below(bytes.count))
            default: bytes.insert(UInt8(dice.below(256)), at: dice.below(bytes.count))
            }
        }
        guard let read = try? Value(canonicalBytes: bytes) else { return 0 }
        #expect(read.canonicalBytes == bytes, "one value has one encoding")
        return 1
    }
}
