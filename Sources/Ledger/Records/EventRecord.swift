// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The events of one block as its record holds them, with the transactions they belong to.
struct EventRecord: CanonicalCodable {
    /// A transaction and the place after its last event.
    struct Mark: CanonicalCodable {
        let transaction: Digest
        let end: UInt32

        init(transaction: Digest, end: UInt32) {
            self.transaction = transaction
            self.end = end
        }

        func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(transaction)
            encoder.write(end)
        }

        init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            transaction = try decoder.read()
            end = try decoder.read()
        }
    }

    let events: EventList
    let marks: [Mark]

    init(_ events: EventList, ranges: [Range<Int>], outcomes: [TransactionOutcome]) {
        self.events = events
        marks = zip(ranges, outcomes).filter { !$0.0.isEmpty }
            .map { Mark(transaction: $0.1.hash, end: UInt32($0.0.upperBound)) }
    }

    /// The transaction of an event; nothing for what fell due at the end of the block.
    func transaction(ofEvent index: Int) -> Digest? {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if Int(marks[middle].end) <= index { low = middle + 1 } else { high = middle }
        }
        return low < marks.count ? marks[low].transaction : nil
    }

    /// The record's bytes, in memory of the right size from the start.
    var record: [UInt8] {
        var encoder = CanonicalEncoder(capacity: events.bytes.count + marks.count * 36 + 10)
        encode(to: &encoder)
        return encoder.bytes
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(marks)
        encoder.write(events)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        marks = try decoder.readList(limit: Self.marksMax)
        events = try decoder.read()
    }

    /// The most transactions of a cut: 100 lanes with 16 batches of 512 KiB, 240 bytes each.
    static let marksMax = 3_500_000
}
