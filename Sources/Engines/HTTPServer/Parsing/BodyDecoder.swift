// SPDX-License-Identifier: Apache-2.0

/// Takes a body out of its delimiters (RFC 9112 sections 6 and 7).
struct BodyDecoder: Sendable {
    /// What a buffer holds next.
    enum Step {
        /// Bytes of the body.
        case bytes([UInt8])
        /// The body is complete.
        case end
        /// More must arrive.
        case needsMore
    }

    private enum State: Sendable {
        case sized(remaining: UInt64)
        case chunkSize
        case chunk(remaining: UInt64)
        case chunkEnd
        case trailers
        case untilClose
        case ended
    }

    private var state: State
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailers = FieldLines()

    init(_ framing: HTTPBodyFraming) {
        state =
            switch framing {
            case .none: .ended
            case .sized(let count): count == 0 ? .ended : .sized(remaining: count)
            case .chunked: .chunkSize
            case .untilClose: .untilClose
            }
    }

    /// Whether the end was reached.
    var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// The stream ended: fine only for a body without another delimiter.
    mutating func streamEnded() -> Bool {
        if case .untilClose = state { state = .ended }
        return isEnded
    }

    /// Takes the next piece from `buffer`.
    ///
    /// - Throws: ``HTTPRefusal/malformed(_:)`` when chunks or trailers break their rules.
    mutating func next(_ buffer: inout InputBuffer) throws(HTTPRefusal) -> Step {
        while true {
            switch state {
            case .ended: return .end
            case .untilClose:
                return buffer.isEmpty ? .needsMore : .bytes(buffer.take(limit: .max))
            case .sized(let remaining):
                guard !buffer.isEmpty else { return .needsMore }
                let bytes = buffer.take(limit: Int(clamping: remaining))
                let left = remaining - UInt64(bytes.count)
                state = left == 0 ? .ended : .sized(remaining: left)
                return .bytes(bytes)
            case .chunk(let remaining):
                guard !buffer.isEmpty else { return .needsMore }
                let bytes = buffer.take(limit: Int(clamping: remaining))
                let left = remaining - UInt64(bytes.count)
                state = left == 0 ? .chunkEnd : .chunk(remaining: left)
                return .bytes(bytes)
            case .chunkSize:
                guard try takeChunkSize(&buffer) else { return .needsMore }
            case .chunkEnd:
                guard let line = try takeLine(&buffer, bytesMax: 2) else { return .needsMore }
                guard line.isEmpty else { throw .malformed("a chunk is longer than its size") }
                state = .chunkSize
            case .trailers:
                guard try takeTrailer(&buffer) else { return .needsMore }
            }
        }
    }

    /// Takes a line; nothing when it has not arrived.
    private func takeLine(
        _ buffer: inout InputBuffer, bytesMax: Int
    ) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        switch buffer.takeLine(bytesMax: bytesMax) {
        case .partial: return nil
        case .found(let range): return buffer.bytes[range]
        case .tooLong: throw .malformed("a chunk's line is too long")
        case .badEnd: throw .malformed("a chunk's line does not end with CRLF")
        }
    }

    /// Takes the line with a chunk's size; false when it has not arrived.
    private mutating func takeChunkSize(_ buffer: inout InputBuffer) throws(HTTPRefusal) -> Bool {
        guard let line = try takeLine(&buffer, bytesMax: HTTPLimits.chunkLineBytesMax) else {
            return false
        }
        var size: UInt64 = 0
        var digits = 0
        for byte in line {
            guard let digit = HTTPSyntax.hexadecimalDigit(byte) else { break }
            digits += 1
            guard digits <= 15 else { throw .malformed("a chunk's size has over 15 digits") }
            size = size << 4 | UInt64(digit)
        }
        guard digits > 0 else { throw .malformed("a chunk has no size") }
        let rest = line.dropFirst(digits)
        guard rest.isEmpty || rest.first == UInt8(ascii: ";"),
            rest.allSatisfy(HTTPSyntax.isValueByte)
        else { throw .malformed("something follows a chunk's size") }
        extensionBytes += rest.count
        guard extensionBytes <= HTTPLimits.extensionBytesMax else {
            throw .malformed("the chunk extensions are too long")
        }
        state = size == 0 ? .trailers : .chunk(remaining: size)
        return true
    }

    /// Takes a line after the last chunk; false when it has not arrived.
    private mutating func takeTrailer(_ buffer: inout InputBuffer) throws(HTTPRefusal) -> Bool {
        let allowed = HTTPLimits.trailerBytesMax - trailerBytes
        guard let line = try takeLine(&buffer, bytesMax: allowed) else { return false }
        trailerBytes += line.count + 2
        if line.isEmpty { state = .ended } else { try trailers.add(line) }
        return true
    }
}
