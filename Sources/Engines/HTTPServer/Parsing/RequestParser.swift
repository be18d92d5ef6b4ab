// SPDX-License-Identifier: Apache-2.0

/// Turns bytes into requests (RFC 9112), strictly, a piece at a time.
///
/// A value without any input or output: feed bytes, then take events until there are none. Any
/// split of the same bytes gives the same events or the same refusal (HTTP-3). After a refusal the
/// parser refuses everything.
public struct RequestParser: Sendable {
    /// What a request consists of, in this order.
    public enum Event: Hashable, Sendable {
        /// Request line and header fields.
        case head(HTTPRequestHead)
        /// Bytes of the body, as many as have arrived.
        case body([UInt8])
        /// The request is complete.
        case end
    }

    private enum State: Sendable {
        case firstLine(emptyLines: Int)
        case fields
        case body(BodyDecoder)
        case refused(HTTPRefusal)
    }

    private var state = State.firstLine(emptyLines: 0)
    private var buffer = InputBuffer()
    private var headBytes = 0
    private var line = RequestLine()
    private var fields = FieldLines()

    /// Waits for a first request.
    public init() {}

    /// Adds bytes that arrived.
    public mutating func feed(_ bytes: [UInt8]) { buffer.append(bytes) }

    /// Takes what has arrived and was not read: it belongs to another protocol.
    mutating func takeRest() -> [UInt8] { buffer.takeAll() }

    /// Whether a head has begun and not ended.
    public var isInHead: Bool {
        switch state {
        case .firstLine: !buffer.isEmpty
        case .fields: true
        case .body, .refused: false
        }
    }

    /// The next event, or nothing until more bytes are fed.
    ///
    /// - Throws: ``HTTPRefusal``
    public mutating func next() throws(HTTPRefusal) -> Event? {
        do {
            return try step()
        } catch {
            state = .refused(error)
            throw error
        }
    }

    private mutating func step() throws(HTTPRefusal) -> Event? {
        while true {
            switch state {
            case .refused(let refusal): throw refusal
            case .firstLine(let emptyLines):
                guard try takeFirstLine(emptyLines) else { return nil }
            case .fields:
                guard let bytes = try takeHeadLine() else { return nil }
                guard bytes.isEmpty else {
                    try fields.add(bytes)
                    continue
                }
                let head = try RequestRules.head(line, fields.fields)
                state = .body(BodyDecoder(head.framing))
                return .head(head)
            case .body(var decoder):
                state = .firstLine(emptyLines: 0)
                let step = try decoder.next(&buffer)
                if case .end = step { return .end }
                state = .body(decoder)
                guard case .bytes(let bytes) = step else { return nil }
                return .body(bytes)
            }
        }
    }

    /// Takes a first line, or an empty line before it; false when none has arrived.
    private mutating func takeFirstLine(_ emptyLines: Int) throws(HTTPRefusal) -> Bool {
        guard let first = buffer.first else { return false }
        guard HTTPSyntax.isTokenByte(first) || first == 0x0D else {
            throw .malformed("a request does not start with a method")
        }
        let start = buffer.position
        switch buffer.takeLine(bytesMax: HTTPLimits.firstLineBytesMax) {
        case .partial: return false
        case .tooLong: throw .targetTooLong
        case .badEnd: throw .malformed("a line does not end with CRLF")
        case .found(let range) where range.isEmpty:
            guard emptyLines < HTTPLimits.emptyLinesMax else {
                throw .malformed("too many empty lines before a request")
            }
            state = .firstLine(emptyLines: emptyLines + 1)
        case .found(let range):
            line = try RequestLine(buffer.bytes[range])
            headBytes = buffer.position - start
            fields = FieldLines()
            state = .fields
        }
        return true
    }

    /// Takes a field line or the empty line; nothing when it has not arrived.
    private mutating func takeHeadLine() throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        switch buffer.takeLine(bytesMax: HTTPLimits.headBytesMax - headBytes) {
        case .partial: return nil
        case .tooLong: throw .headTooLarge
        case .badEnd: throw .malformed("a line does not end with CRLF")
        case .found(let range):
            headBytes += range.count + 2
            return buffer.bytes[range]
        }
    }
}
