// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What messages of one kind pay (LEDGER-8).
public struct MessageFee: Hashable, Sendable, CanonicalCodable {
    /// Whose message.
    public let module: ModuleID
    /// The first byte of its payload.
    public let tag: UInt8
    /// What it pays in the place of the fee of every message.
    public let fee: Amount

    /// The most kinds with a fee of their own: each message looks through them.
    public static let countMax = 64

    /// Describes a fee.
    public init(module: ModuleID, tag: UInt8, fee: Amount) {
        self.module = module
        self.tag = tag
        self.fee = fee
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.write(tag)
        encoder.write(fee)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        tag = try decoder.read()
        fee = try decoder.read()
    }
}
