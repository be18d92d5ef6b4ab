// SPDX-License-Identifier: Apache-2.0

/// Reads an event stream piece by piece (WHATWG HTML section 9.2.6).
///
/// A value without any input or output; any split of the same bytes gives the same events.
public struct EventStreamParser: Sendable {
    /// The most bytes of one line, and of the data of one event: 1 MiB.
    public static let eventBytesMax = 1 << 20

    /// An event was larger than the limit; the stream cannot go on.
    public struct TooLarge: Error, Hashable, Sendable {}

    /// The id a client names when it comes back; events without an id keep the last one.
    public private(set) var lastEventID: String
    /// How long the server asks clients to wait before they come back, if it did.
    public private(set) var retryMilliseconds: UInt64?

    private var bytes: [UInt8] = []
    private var position = 0
    private var searched = 0
    /// Whether the last line ended with CR, so that a line feed next belongs to it.
    private var skipsLineFeed = false
    private var isFirstLine = true
    private var name: String?
    private var hasID = false
    private var data: [UInt8]?

    /// Waits for events after the one with this id.
    public init(lastEventID: String = "") { self.lastEventID = lastEventID }

    init(lastEventID: String, retryMilliseconds: UInt64?) {
        self.lastEventID = lastEventID
        self.retryMilliseconds = retryMilliseconds
    }

    /// Adds bytes that arrived.
    public mutating func feed(_ more: [UInt8]) {
        bytes.removeFirst(position)
        searched -= position
        position = 0
        bytes.append(contentsOf: more)
    }

    /// The next event, or nothing until more bytes are fed.
    ///
    /// - Throws: ``TooLarge``
    public mutating func next() throws(TooLarge) -> ServerSentEvent? {
        while let line = try takeLine() {
            if line.isEmpty {
                if let event = finishEvent() { return event }
            } else {
                try read(line)
            }
        }
        return nil
    }

    /// Takes the next line without its end.
    private mutating func takeLine() throws(TooLarge) -> ArraySlice<UInt8>? {
        if skipsLineFeed, position < bytes.count {
            if bytes[position] == 0x0A { position += 1 }
            skipsLineFeed = false
        }
        searched = max(searched, position)
        while searched < bytes.count, bytes[searched] != 0x0A, bytes[searched] != 0x0D {
            searched += 1
        }
        guard searched - position <= Self.eventBytesMax else { throw TooLarge() }
        guard searched < bytes.count else { return nil }
        var line = bytes[position..<searched]
        skipsLineFeed = bytes[searched] == 0x0D
        position = searched + 1
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        return line
    }

    /// Takes a field of the event being read.
    private mutating func read(_ line: ArraySlice<UInt8>) throws(TooLarge) {
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        if field.elementsEqual("data".utf8) {
            guard (data?.count ?? 0) + value.count < Self.eventBytesMax else { throw TooLarge() }
            if data == nil { data = [] } else { data?.append(0x0A) }
            data?.append(contentsOf: value)
        } else if field.elementsEqual("event".utf8) {
            name = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("id".utf8) {
            guard !value.contains(0) else { return }
            lastEventID = String(decoding: value, as: UTF8.self)
            hasID = true
        } else if field.elementsEqual("retry".utf8) {
            guard let wait = HTTPSyntax.decimal(String(decoding: value, as: UTF8.self)) else {
                return
            }
            retryMilliseconds = wait
        }
    }

    /// The event that an empty line ends; nothing when it has no data.
    private mutating func finishEvent() -> ServerSentEvent? {
        defer {
            name = nil
            data = nil
            hasID = false
        }
        guard let data else { return nil }
        return ServerSentEvent(
            String(decoding: data, as: UTF8.self), name: name, id: hasID ? lastEventID : nil)
    }
}
