// SPDX-License-Identifier: Apache-2.0

/// One event of an event stream (WHATWG HTML section 9.2).
public struct ServerSentEvent: Hashable, Sendable {
    /// What a client that comes back names as the last it saw.
    public var id: String?
    /// The kind of event; nothing means `message`.
    public var name: String?
    /// The text, on one line or more.
    public var data: String
    /// How long the client shall wait before it comes back.
    public var retryMilliseconds: UInt64?

    /// Describes an event.
    public init(
        _ data: String, name: String? = nil, id: String? = nil, retryMilliseconds: UInt64? = nil
    ) {
        self.data = data
        self.name = name
        self.id = id
        self.retryMilliseconds = retryMilliseconds
    }

    /// The event as sent, with the empty line that ends it.
    ///
    /// Line ends in the data start a new `data` line, and those in id and name are dropped, so no
    /// text can end an event or begin another.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 32)
        if let id { Self.line("id", id.utf8.filter { !Self.isControl($0) }, into: &bytes) }
        if let name { Self.line("event", name.utf8.filter { !Self.isControl($0) }, into: &bytes) }
        if let retryMilliseconds {
            Self.line("retry", Array("\(retryMilliseconds)".utf8), into: &bytes)
        }
        for part in Self.lines(data) { Self.line("data", part, into: &bytes) }
        bytes.append(0x0A)
        return bytes
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == 0
    }

    private static func line(
        _ name: StaticString, _ content: some Sequence<UInt8>, into bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: "\(name)".utf8)
        bytes.append(contentsOf: ": ".utf8)
        bytes.append(contentsOf: content)
        bytes.append(0x0A)
    }

    /// The lines of a text that ends them with LF, CR or both.
    private static func lines(_ text: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            lines.append(bytes[start..<index - 1])
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            start = index
        }
        lines.append(bytes[start...])
        return lines
    }
}
