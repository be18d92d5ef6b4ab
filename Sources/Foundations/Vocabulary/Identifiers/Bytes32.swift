// SPDX-License-Identifier: Apache-2.0

/// Thirty-two bytes held inline: the body of every hash, key and id.
///
/// The order is that of the bytes. Hashing and equality cost four words and no allocation.
public struct Bytes32: Hashable, Comparable, Sendable {
    // Words are big-endian so that comparing words compares bytes.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Thirty-two zero bytes.
    public static let zero = Bytes32(0, 0, 0, 0)

    /// The number of bytes.
    public static let count = 32

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Takes exactly thirty-two bytes, or nothing.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
            UInt64(bigEndian: words.3))
    }

    /// Lets `body` fill thirty-two bytes.
    public init(filledBy body: (UnsafeMutableRawBufferPointer) -> Void) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { body($0) }
        self.init(
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
            UInt64(bigEndian: words.3))
    }

    /// The bytes in order.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Gives the bytes without copying them to the heap.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
        return Swift.withUnsafeBytes(of: words) { body($0) }
    }

    /// The bit at `index`, where 0 is the highest bit of the first byte.
    ///
    /// - Parameter index: 0 to 255.
    public func bit(_ index: Int) -> Bool {
        let word =
            switch index >> 6 {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        return (word >> UInt64(63 - (index & 63))) & 1 == 1
    }

    /// Compares bytes from the first to the last.
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        return left.fourth < right.fourth
    }
}

extension Bytes32: CanonicalCodable {
    /// Appends the thirty-two bytes.
    public func encode(to encoder: inout CanonicalEncoder) {
        withUnsafeBytes { encoder.writeFixed($0) }
    }

    /// Reads thirty-two bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let value = try Bytes32(decoder.readFixed(Self.count)) else {
            throw .truncated(missing: Self.count)
        }
        self = value
    }
}
