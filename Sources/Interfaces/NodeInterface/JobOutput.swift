// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a job wrote; the digest of its canonical bytes is the job's output digest.
public struct JobOutput: CanonicalCodable, Hashable {
    /// The most bytes of both streams together: what an order may ask for at most, 64 MiB.
    public static let bytesMax = 64 << 20

    /// Standard output.
    public let standardOutput: [UInt8]
    /// Standard error.
    public let standardError: [UInt8]

    /// Joins the streams.
    public init(standardOutput: [UInt8], standardError: [UInt8]) {
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeBytes(standardOutput)
        encoder.writeBytes(standardError)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        standardOutput = try decoder.readBytes(limit: Self.bytesMax)
        standardError = try decoder.readBytes(limit: Self.bytesMax)
    }
}
