// SPDX-License-Identifier: Apache-2.0

/// A number with a unit, one word wide: the type is the unit.
public protocol Quantity: CanonicalCodable, Hashable, Comparable, CustomStringConvertible {
    /// The number.
    var value: UInt64 { get }
    /// Gives the number its unit.
    init(_ value: UInt64)
}

extension Quantity {
    /// Compares numbers.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
    /// Appends eight bytes, little-endian.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(value) }
    /// Reads eight bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        try self.init(decoder.read(UInt64.self))
    }
    /// The number in decimal.
    public var description: String { "\(value)" }

    /// This and `count` more, held at the largest value: far ends of time never wrap.
    public func advanced(by count: UInt64) -> Self {
        let (sum, overflow) = value.addingReportingOverflow(count)
        return Self(overflow ? .max : sum)
    }
}

/// A block's place in the final chain; the genesis state is height 0, the first block 1.
public struct BlockHeight: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// A consensus slot; slots without a final block are skipped, so heights and slots differ.
public struct Slot: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// A stretch of the chain that one set of validators decides; the first is epoch 0.
public struct Epoch: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// Milliseconds since 1970-01-01T00:00:00Z, as a block states them.
public struct Timestamp: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// Deterministic work of a WebAssembly program: about one unit an instruction.
public struct Fuel: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// An asset's number on one chain; 0 is the native asset, which pays fees and bonds.
public struct AssetID: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
    /// The asset that pays fees and bonds.
    public static let native = AssetID(0)
}
