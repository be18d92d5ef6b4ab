// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension LeaseAnswer: CanonicalCodable {
    /// Appends a tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .done: encoder.writeTag(0)
        case .refused(let reason, let words):
            encoder.writeTag(1)
            encoder.write(reason.rawValue)
            encoder.writeText(words)
        case .receipt(let receipt, let signature):
            encoder.writeTag(2)
            encoder.writeBytes(receipt)
            encoder.write(signature)
        case .status(let status):
            encoder.writeTag(3)
            encoder.write(status)
        case .output(let bytes, let next):
            encoder.writeTag(4)
            encoder.writeBytes(bytes)
            encoder.write(next)
        case .ended(let code, let output, let errors):
            encoder.writeTag(5)
            encoder.write(code)
            encoder.writeBytes(output)
            encoder.writeBytes(errors)
        case .snapshot(let offer):
            encoder.writeTag(6)
            encoder.write(offer)
        case .chunks(let chunks):
            encoder.writeTag(7)
            encoder.writeLength(chunks.count)
            for chunk in chunks { encoder.writeBytes(chunk) }
        case .held(let statement, let signature):
            encoder.writeTag(8)
            encoder.writeBytes(statement)
            encoder.write(signature)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = .done
        case 1:
            let tag = try decoder.read(UInt8.self)
            guard let reason = Reason(rawValue: tag) else { throw .unknownTag(UInt32(tag)) }
            self = .refused(reason, words: try decoder.readWord())
        case 2:
            self = .receipt(
                try decoder.readBytes(limit: LeaseTalkLimits.wordBytesMax),
                signature: try decoder.read())
        case 3: self = .status(try decoder.read())
        case 4:
            self = .output(
                try decoder.readBytes(limit: LeaseTalkLimits.outputBytesMax),
                next: try decoder.read())
        case 5:
            self = .ended(
                code: try decoder.read(),
                output: try decoder.readBytes(limit: LeaseTalkLimits.outputBytesMax),
                errors: try decoder.readBytes(limit: LeaseTalkLimits.outputBytesMax))
        case 6: self = .snapshot(try decoder.read())
        case 7: self = .chunks(try Self.readChunks(&decoder))
        case 8:
            self = .held(
                statement: try decoder.readBytes(limit: LeaseTalkLimits.wordBytesMax),
                signature: try decoder.read())
        case let tag: throw .unknownTag(tag)
        }
    }

    private static func readChunks(
        _ decoder: inout CanonicalDecoder
    ) throws(CanonicalError) -> [[UInt8]] {
        let count = try decoder.readLength(limit: LeaseTalkLimits.chunksMax)
        var chunks: [[UInt8]] = []
        for _ in 0..<count {
            chunks.append(try decoder.readBytes(limit: LeaseTalkLimits.chunkBytesMax))
        }
        return chunks
    }
}
