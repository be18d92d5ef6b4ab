// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Events in order, as their canonical bytes in one run: nothing is allocated for an event until
/// somebody looks at it.
public struct EventList: Hashable, Sendable, RandomAccessCollection {
    /// The canonical bytes of all, one after another.
    private(set) var bytes: [UInt8] = []
    // Where each event ends.
    private var ends: [UInt32] = []

    /// The most events of a record: what 64 MiB of the smallest, 36 bytes each, would hold.
    static let countMax = 1_900_000

    /// No events.
    public init() {}

    /// The same events.
    public init(_ events: some Sequence<Event>) {
        for event in events { append(event) }
    }

    /// The first place.
    public var startIndex: Int { 0 }
    /// The place after the last.
    public var endIndex: Int { ends.count }

    /// One event. Cost: one copy of its payload.
    public subscript(position: Int) -> Event {
        let start = position == 0 ? 0 : Int(ends[position - 1])
        let slice = Array(bytes[start..<Int(ends[position])])
        guard let event = try? Event(canonicalBytes: slice) else {
            preconditionFailure("what was written as an event reads as one")
        }
        return event
    }

    mutating func append(_ event: Event) {
        bytes.append(contentsOf: event.canonicalBytes)
        ends.append(UInt32(bytes.count))
    }

    /// Appends events of another list.
    mutating func append(_ other: EventList, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let start = range.lowerBound == 0 ? 0 : Int(other.ends[range.lowerBound - 1])
        let shift = bytes.count - start
        bytes.append(contentsOf: other.bytes[start..<Int(other.ends[range.upperBound - 1])])
        for index in range { ends.append(UInt32(Int(other.ends[index]) + shift)) }
    }

    /// Appends an event whose payload is a movement: giver, receiver, asset, amount.
    mutating func append(
        module: ModuleID, kind: UInt16, subject: AccountID, from: AccountID,
        _ transfer: NativeTransfer
    ) {
        // 1 + 2 + 32 + 1, then 32 + 32 + 8 + 16.
        withUnsafeTemporaryAllocation(byteCount: 124, alignment: 8) { out in
            out.storeBytes(of: module.value, as: UInt8.self)
            out.storeBytes(of: kind.littleEndian, toByteOffset: 1, as: UInt16.self)
            out.store(subject.raw, at: 3)
            out.storeBytes(of: 88, toByteOffset: 35, as: UInt8.self)
            out.store(from.raw, at: 36)
            out.store(transfer.to.raw, at: 68)
            out.storeBytes(
                of: transfer.asset.value.littleEndian, toByteOffset: 100, as: UInt64.self)
            out.storeBytes(
                of: transfer.amount.units.littleEndian, toByteOffset: 108, as: UInt128.self)
            bytes.append(contentsOf: out)
        }
        ends.append(UInt32(bytes.count))
    }

    /// Whom an event of the layout's kinds concerns; nothing for other events.
    func movement(
        at index: Int, _ layout: AccountLayout
    ) -> (subject: Bytes32, giver: Bytes32)? {
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return bytes.withUnsafeBytes { bytes in
            let kind = UInt16(
                littleEndian: bytes.loadUnaligned(fromByteOffset: start + 1, as: UInt16.self))
            guard bytes[start] == layout.module.value,
                kind == layout.feePaid || kind == layout.transferred
            else { return nil }
            return (bytes.bytes32(at: start + 3), bytes.bytes32(at: start + 36))
        }
    }

    mutating func reserve(_ count: Int, bytes byteCount: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(byteCount)
    }
}

extension EventList: CanonicalCodable {
    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeLength(count)
        encoder.writeFixed(bytes)
    }

    /// Reads a list, each event within its limits.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        for _ in 0..<(try decoder.readLength(limit: Self.countMax)) {
            try append(decoder.read(Event.self))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The thirty-two bytes at an offset.
    func bytes32(at offset: Int) -> Bytes32 {
        Bytes32 { target in
            target.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: self[offset..<offset + Bytes32.count]))
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies thirty-two bytes to an offset.
    func store(_ value: Bytes32, at offset: Int) {
        value.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + Bytes32.count])
                .copyMemory(from: source)
        }
    }
}
