// SPDX-License-Identifier: Apache-2.0

/// What went wrong with a request, for programs and people (RFC 9457).
///
/// Throw it from a handler, or turn it into a response.
public struct Problem: Error, Hashable, Sendable {
    /// The value of a member beyond the standard ones.
    public enum Value: Hashable, Sendable {
        /// A string.
        case text(String)
        /// A whole number.
        case number(Int64)
        /// A whole number.
        case unsigned(UInt64)
        /// A Boolean.
        case flag(Bool)
        /// A JSON text written by the caller, taken as it is.
        case rendered([UInt8])
    }

    /// An address that names the kind of problem; `about:blank` when the status says it all.
    public var type: String
    /// A short sentence that is the same for every problem of this type.
    public var title: String
    /// The response's status.
    public var status: HTTPStatus
    /// What went wrong this time.
    public var detail: String?
    /// An address that names this occurrence.
    public var instance: String?
    /// Further members in order, such as a refusal's stable code.
    public var members: [(name: String, value: Value)] {
        get { extra.map { ($0.name, $0.value) } }
        set { extra = newValue.map { Member(name: $0.name, value: $0.value) } }
    }
    /// Header fields of the response, such as `Retry-After`.
    public var fields: HTTPFields = [:]

    private struct Member: Hashable, Sendable {
        let name: String
        let value: Value
    }
    private var extra: [Member]

    /// Describes a problem; the title is the status's own words unless given.
    public init(
        _ status: HTTPStatus, type: String = "about:blank", title: String? = nil,
        detail: String? = nil, instance: String? = nil,
        members: [(name: String, value: Value)] = []
    ) {
        self.type = type
        self.title = title ?? status.reason
        self.status = status
        self.detail = detail
        self.instance = instance
        extra = members.map { Member(name: $0.name, value: $0.value) }
    }

    /// The problem as a JSON object.
    public var bytes: [UInt8] {
        var writer = ProblemWriter()
        writer.member("type", .text(type))
        writer.member("title", .text(title))
        writer.member("status", .unsigned(UInt64(status.code)))
        if let detail { writer.member("detail", .text(detail)) }
        if let instance { writer.member("instance", .text(instance)) }
        for member in extra { writer.member(member.name, member.value) }
        return writer.finished()
    }

    /// The problem as a response of type `application/problem+json`.
    public var response: HTTPResponse {
        var response = HTTPResponse(status, type: "application/problem+json", bytes: bytes)
        for field in fields.all { response.fields.add(field.name, field.value) }
        return response
    }
}

/// Writes one JSON object of flat members.
private struct ProblemWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func member(_ name: String, _ value: Problem.Value) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): bytes.append(contentsOf: String(number).utf8)
        case .unsigned(let number): bytes.append(contentsOf: String(number).utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .rendered(let json): bytes.append(contentsOf: json)
        }
    }

    mutating func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// A string with its quotation marks; controls become `\u00XX` (RFC 8259 section 7).
    private mutating func quoted(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 0xF)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
