// SPDX-License-Identifier: Apache-2.0

/// Why a status list is not read, or says nothing of an entry.
public enum StatusFailure: Error, Hashable, Sendable {
    /// The property is missing, or has another form.
    case malformed(String)
    /// The list is not compressed as it should be.
    case badCompression(CompressionFailure)
    /// Fewer entries than hide one among the others, more than are read, or no whole bytes.
    case wrongLength
    /// The entry lies beyond the list.
    case outOfRange
    /// The list is about another purpose than the entry.
    case wrongPurpose
    /// The list has another address than the entry says.
    case wrongList
    /// No entry is free any more.
    case full
}

/// One bit for each of many credentials (Bitstring Status List 1.0, IDENTITY-15).
public struct StatusList: Hashable, Sendable {
    /// The fewest entries, so that one says little of its credential: 16 KiB (§4.1).
    public static let entriesMin = 131_072
    /// The most entries that are read: 1 MiB of bits.
    public static let entriesMax = 1 << 23

    /// Eight entries a byte, the first in the highest bit.
    private var bytes: [UInt8]

    /// How many entries there are.
    public var count: Int { bytes.count * 8 }

    /// A list with nothing set.
    ///
    /// - Throws: ``StatusFailure/wrongLength`` unless `count` is a multiple of eight within
    ///   ``entriesMin`` and ``entriesMax``.
    public init(count: Int = StatusList.entriesMin) throws(StatusFailure) {
        guard (Self.entriesMin...Self.entriesMax).contains(count), count.isMultiple(of: 8) else {
            throw .wrongLength
        }
        bytes = [UInt8](repeating: 0, count: count / 8)
    }

    /// Reads `encodedList`: multibase `u` over gzip.
    ///
    /// Cost: about 10 ns an entry; memory for the entries, whatever is compressed in the text.
    ///
    /// - Throws: ``StatusFailure``.
    public init(encoded text: String) throws(StatusFailure) {
        guard text.utf8.first == UInt8(ascii: "u"),
            let compressed = Base64URL.decode(text.dropFirst().utf8)
        else { throw .malformed("encodedList") }
        do {
            bytes = try Gzip.decompress(compressed, outputMax: Self.entriesMax / 8)
        } catch {
            throw .badCompression(error)
        }
        guard bytes.count * 8 >= Self.entriesMin else { throw .wrongLength }
    }

    /// The list as `encodedList` writes it.
    public var encoded: String { "u" + Base64URL.encode(Gzip.compress(bytes)) }

    /// How many entries are set.
    public var setCount: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether the entry is set.
    ///
    /// - Throws: ``StatusFailure/outOfRange``.
    public func isSet(_ index: UInt64) throws(StatusFailure) -> Bool {
        guard index < UInt64(count) else { throw .outOfRange }
        return bytes[Int(index >> 3)] >> (7 - UInt8(index & 7)) & 1 == 1
    }

    /// Sets or clears an entry.
    ///
    /// - Throws: ``StatusFailure/outOfRange``.
    public mutating func set(_ index: UInt64, to isSet: Bool) throws(StatusFailure) {
        guard index < UInt64(count) else { throw .outOfRange }
        let mask: UInt8 = 0x80 >> UInt8(index & 7)
        if isSet { bytes[Int(index >> 3)] |= mask } else { bytes[Int(index >> 3)] &= ~mask }
    }
}

/// Which entries of a list are given out. They are drawn at random, so that neighbours in the list
/// have nothing in common (§4.2).
public struct StatusAllocation: Hashable, Sendable {
    /// At most so many eighths of a list are given out: a draw then hits a free entry once in eight
    /// times or more often.
    public static let eighthsMax = 7
    /// How often an entry is drawn before the list counts as full: missing one that is free so
    /// often has a chance of (7/8)^512, below 2^-98.
    public static let drawsMax = 512

    private var taken: StatusList
    /// How many entries are given out.
    public private(set) var used = 0

    /// All entries are free.
    ///
    /// - Throws: ``StatusFailure/wrongLength``.
    public init(count: Int = StatusList.entriesMin) throws(StatusFailure) {
        taken = try StatusList(count: count)
    }

    /// Which entries are given out, as text; in the form of a list.
    public var encoded: String { taken.encoded }

    /// Reads which entries are given out. Cost: as for a list.
    ///
    /// - Throws: ``StatusFailure``.
    public init(encoded text: String) throws(StatusFailure) {
        taken = try StatusList(encoded: text)
        used = taken.setCount
    }

    /// Gives out an entry, drawn with numbers of the caller's.
    ///
    /// - Parameter next: Uniform numbers of 64 bits; the bias of one over so few entries is below
    ///   2^-40.
    ///
    /// - Throws: ``StatusFailure/full``.
    public mutating func take(drawing next: () -> UInt64) throws(StatusFailure) -> UInt64 {
        guard used < taken.count / 8 * Self.eighthsMax else { throw .full }
        for _ in 0..<Self.drawsMax {
            let index = next() % UInt64(taken.count)
            guard try !taken.isSet(index) else { continue }
            try taken.set(index, to: true)
            used += 1
            return index
        }
        throw .full
    }
}
