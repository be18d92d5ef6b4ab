// SPDX-License-Identifier: Apache-2.0

/// The status line and header fields of a response.
public struct HTTPResponseHead: Hashable, Sendable {
    /// The status.
    public let status: HTTPStatus
    /// The header fields, names in lower case.
    public let fields: HTTPFields
    /// How the body is delimited.
    public let framing: HTTPBodyFraming
    /// Whether the server keeps the connection after the body.
    let keepsAlive: Bool
}

/// Turns bytes into responses (RFC 9112), strictly, a piece at a time. Interim responses are
/// passed over.
struct ResponseParser: Sendable {
    /// What a response consists of, in this order.
    enum Event: Hashable, Sendable {
        case head(HTTPResponseHead)
        case body([UInt8])
        case end
    }

    /// The most interim responses before the final one.
    private static let interimMax = 8
    /// The most bytes of a status line.
    private static let statusLineBytesMax = 1_024

    private enum State: Sendable {
        case firstLine
        case fields
        case body(BodyDecoder)
        case refused(HTTPRefusal)
    }

    private var state = State.firstLine
    private var buffer = InputBuffer()
    private var method = HTTPMethod.get
    private var interims = 0
    private var headBytes = 0
    private var status = HTTPStatus.ok
    private var isVersion10 = false
    private var fields = FieldLines()

    /// Expects the response to a request of this method next.
    mutating func expect(_ method: HTTPMethod) {
        self.method = method
        interims = 0
    }

    /// Adds bytes that arrived.
    mutating func feed(_ bytes: [UInt8]) { buffer.append(bytes) }

    /// Whether bytes wait that belong to no response.
    var hasLeftOver: Bool { !buffer.isEmpty }

    /// The stream ended; true when that completes the body.
    mutating func streamEnded() -> Bool {
        guard case .body(var decoder) = state else { return false }
        defer { state = .body(decoder) }
        return decoder.streamEnded()
    }

    /// The next event, or nothing until more bytes are fed.
    mutating func next() throws(HTTPRefusal) -> Event? {
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
            case .firstLine:
                guard let bytes = try takeLine(bytesMax: Self.statusLineBytesMax) else {
                    return nil
                }
                try readStatus(bytes)
                headBytes = bytes.count + 2
                fields = FieldLines()
                state = .fields
            case .fields:
                let bytesMax = HTTPLimits.headBytesMax - headBytes
                guard let bytes = try takeLine(bytesMax: bytesMax) else { return nil }
                headBytes += bytes.count + 2
                guard bytes.isEmpty else {
                    try fields.add(bytes)
                    continue
                }
                if let head = try finishHead() { return .head(head) }
            case .body(var decoder):
                state = .firstLine
                let step = try decoder.next(&buffer)
                if case .end = step { return .end }
                state = .body(decoder)
                guard case .bytes(let bytes) = step else { return nil }
                return .body(bytes)
            }
        }
    }

    private mutating func takeLine(bytesMax: Int) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        switch buffer.takeLine(bytesMax: bytesMax) {
        case .partial: return nil
        case .tooLong: throw .headTooLarge
        case .badEnd: throw .malformed("a line does not end with CRLF")
        case .found(let range): return buffer.bytes[range]
        }
    }

    /// Reads `HTTP/1.x SP code [SP reason]`.
    private mutating func readStatus(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        let first = line.startIndex
        guard line.count >= 12, line.starts(with: "HTTP/1.".utf8),
            line[first + 7] == UInt8(ascii: "0") || line[first + 7] == UInt8(ascii: "1"),
            line[first + 8] == 0x20, line.count == 12 || line[first + 12] == 0x20,
            line.allSatisfy(HTTPSyntax.isValueByte),
            let code = UInt16(String(decoding: line[first + 9..<first + 12], as: UTF8.self)),
            (100...599).contains(code)
        else { throw .malformed("a response does not start with a status line") }
        isVersion10 = line[first + 7] == UInt8(ascii: "0")
        status = HTTPStatus(code)
    }

    /// The head that the empty line completes; nothing for an interim response.
    private mutating func finishHead() throws(HTTPRefusal) -> HTTPResponseHead? {
        if status.code < 200 {
            interims += 1
            guard status.code != 101, interims <= Self.interimMax else {
                throw .malformed("an interim response that was not asked for")
            }
            state = .firstLine
            return nil
        }
        let announced = try fields.fields.framing(isVersion10: isVersion10)
        let framing: HTTPBodyFraming =
            method == .head || status.hasNoBody ? .none : announced ?? .untilClose
        state = .body(BodyDecoder(framing))
        return HTTPResponseHead(
            status: status, fields: fields.fields, framing: framing,
            keepsAlive: !isVersion10 && framing != .untilClose
                && !fields.fields.contains(token: "close", in: "connection"))
    }
}
