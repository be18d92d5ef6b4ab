// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One request to one module, as its canonical bytes.
public struct Message: Hashable, Sendable, CanonicalCodable {
    /// Whose law decides it.
    public let module: ModuleID
    /// The module's own message value.
    public let payload: [UInt8]

    /// Describes a message; a payload above the transaction's limit is refused when it is checked.
    public init(module: ModuleID, payload: [UInt8]) {
        self.module = module
        self.payload = payload
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.writeBytes(payload)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        payload = try decoder.readBytes(limit: SignedTransaction.bytesMax)
    }
}
