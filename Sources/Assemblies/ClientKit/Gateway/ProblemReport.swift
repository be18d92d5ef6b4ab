// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText

/// What a gateway answers when it says no: problem details (RFC 9457, GATEWAY-5).
public struct ProblemReport: Hashable, Sendable, CustomStringConvertible {
    /// The HTTP status.
    public let status: UInt16
    /// The stable name, such as `nonceTooLow` or `jobNotFinished`.
    public let name: String?
    /// The stable number of a refusal of the ledger.
    public let code: UInt64?
    /// Whose law refused, when the ledger did.
    public let module: String?
    /// The sentence that is the same every time.
    public let title: String
    /// What was wrong this time.
    public let detail: String?
    /// All members as they came.
    public let json: JSON

    /// The most characters taken over from an answer that is no problem document.
    static let foreignTextMax = 200

    init(_ response: HTTPClientResponse) {
        self.init(
            status: response.status.code, reason: response.status.description, body: response.body)
    }

    /// Reads a response's body; one that is no problem document becomes a plain one.
    public init(status: UInt16, reason: String, body: [UInt8]) {
        self.status = status
        let parsed = try? JSON(parsing: body)
        json = parsed?.members == nil ? .object([]) : parsed ?? .object([])
        name = json["name"]?.text
        code = json["code"]?.unsigned
        module = json["module"]?.text
        title = json["title"]?.text ?? reason
        let plain = parsed?.members == nil ? Self.plainText(body) : nil
        detail = json["detail"]?.text ?? plain
    }

    /// The beginning of a foreign text, without control characters that could move a terminal.
    private static func plainText(_ body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(foreignTextMax * 4), as: UTF8.self)
        let shown = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        let kept = String(String.UnicodeScalarView(shown)).prefix(foreignTextMax)
        return kept.isEmpty ? nil : String(kept)
    }

    /// One sentence for people.
    public var description: String {
        let head = title.isEmpty ? "the gateway answers \(status)" : title
        return detail.map { "\(head): \($0)" } ?? head
    }
}
