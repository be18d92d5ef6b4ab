// SPDX-License-Identifier: Apache-2.0

/// Gathers the header fields of a request of HTTP/2, and reads them by the rules of HTTP/1.1.
///
/// One rule book for both: what one protocol refuses the other does not let in (HTTP-91).
struct HTTP2Head {
    private var method = ""
    private var authority: String?
    private var path = ""
    private var lines = FieldLines()
    private var host: [UInt8]?
    private var bytes = 0
    private var refusal: HTTPRefusal?

    /// Adds one field as the library has unpacked it.
    mutating func add(_ name: [UInt8], _ value: [UInt8]) {
        bytes += name.count + value.count + 4
        guard refusal == nil else { return }
        guard bytes <= HTTPLimits.headBytesMax else {
            refusal = .headTooLarge
            return
        }
        switch String(decoding: name, as: UTF8.self) {
        case ":method": method = String(decoding: value, as: UTF8.self)
        case ":path": path = String(decoding: value, as: UTF8.self)
        case ":authority": authority = String(decoding: value, as: UTF8.self)
        case ":scheme": break
        case "host": host = value
        default: addLine(name, value)
        }
    }

    private mutating func addLine(_ name: [UInt8], _ value: [UInt8]) {
        do {
            try lines.add((name + [0x3A, 0x20] + value)[...])
        } catch {
            refusal = error
        }
    }

    /// The head, once all fields have come.
    ///
    /// - Throws: ``HTTPRefusal`` as for a request of HTTP/1.1.
    func finished(isWhole: Bool) throws(HTTPRefusal) -> HTTPRequestHead {
        if let refusal { throw refusal }
        var whole = self
        whole.addLine(Array("host".utf8), authority.map { Array($0.utf8) } ?? host ?? [])
        if let refusal = whole.refusal { throw refusal }
        let line = try RequestLine(Array("\(method) \(path) HTTP/1.1".utf8)[...])
        guard path.hasPrefix("/") || path == "*" else {
            throw .malformed(":path is not a path")
        }
        var head = try RequestRules.head(line, whole.lines.fields)
        if head.framing == .none, !isWhole { head.framing = .chunked }
        return head
    }
}
