// SPDX-License-Identifier: Apache-2.0

/// A question or an answer of multicast DNS.
///
/// Source: RFC 1035 §4, RFC 6762 §18; LIBP-60.
struct DNSMessage: Hashable, Sendable {
    /// The longest message (RFC 6762 §17).
    static let encodedBytesMax = 9_000
    /// The most questions read of one message.
    static let questionsMax = 64
    /// The most records read of one section: the shortest has 11 bytes, so no more than 818 fit.
    static let recordsMax = 256
    private static let headerBytes = 12
    private static let responseFlags: UInt16 = 0x8400

    /// What is asked for.
    struct Question: Hashable, Sendable {
        var name: DNSName
        var kind: UInt16
        /// Whether the answer may come to the asker alone.
        var wantsUnicast = false
    }

    /// Who asks by unicast DNS gets the same number back.
    var id: UInt16 = 0
    var isResponse = false
    var questions: [Question] = []
    var answers: [DNSRecord] = []
    var additional: [DNSRecord] = []

    init() {}

    /// Reads a message.
    ///
    /// - Throws: ``WireFailure``; for other operations than questions and answers as well.
    init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        guard bytes.count >= Self.headerBytes else { throw .truncated }
        func number(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
        // Any other operation, or an error, is not for this node (RFC 6762 §18.3, §18.11).
        guard bytes[2] & 0x78 == 0, bytes[3] & 0x0f == 0 else { throw .malformed(.message) }
        id = UInt16(number(0))
        isResponse = bytes[2] & 0x80 != 0
        var position = Self.headerBytes
        for _ in 0..<number(4) {
            try questions.append(Self.question(bytes, &position), max: Self.questionsMax)
        }
        for _ in 0..<number(6) {
            try answers.append(DNSRecord(bytes, at: &position), max: Self.recordsMax)
        }
        var authorities: [DNSRecord] = []
        for _ in 0..<number(8) {
            try authorities.append(DNSRecord(bytes, at: &position), max: Self.recordsMax)
        }
        for _ in 0..<number(10) {
            try additional.append(DNSRecord(bytes, at: &position), max: Self.recordsMax)
        }
    }

    private static func question(
        _ bytes: [UInt8], _ position: inout Int
    ) throws(WireFailure) -> Question {
        let name = try DNSName(bytes, at: &position)
        guard position + 4 <= bytes.count else { throw .truncated }
        defer { position += 4 }
        return Question(
            name: name, kind: UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1]),
            wantsUnicast: bytes[position + 2] & 0x80 != 0)
    }

    /// The message's bytes, with every name in full.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        func write(_ number: Int) {
            bytes += [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        }
        write(Int(id))
        write(isResponse ? Int(Self.responseFlags) : 0)
        for count in [questions.count, answers.count, 0, additional.count] { write(count) }
        for question in questions {
            question.name.write(into: &bytes)
            write(Int(question.kind))
            write(question.wantsUnicast ? 0x8001 : 1)
        }
        for record in answers + additional { record.write(into: &bytes) }
        return bytes
    }
}

/// What is known of a name, and for how long.
struct DNSRecord: Hashable, Sendable {
    /// The kinds that are read here (RFC 1035 §3.2.2, RFC 2782, RFC 3596).
    enum Kind {
        static let ip4: UInt16 = 1
        static let pointer: UInt16 = 12
        static let text: UInt16 = 16
        static let ip6: UInt16 = 28
        static let service: UInt16 = 33
        static let any: UInt16 = 255
    }

    /// The longest string of a text.
    static let stringBytesMax = 255
    /// The most strings of one text.
    static let stringsMax = 256

    /// What is known.
    enum Content: Hashable, Sendable {
        case pointer(DNSName)
        case text([[UInt8]])
        case service(port: UInt16, target: DNSName)
        case ip([UInt8])
        case other(UInt16, [UInt8])
    }

    var name: DNSName
    /// Whether what was known before no longer counts (RFC 6762 §10.2).
    var isWhole = false
    var seconds: UInt32
    var content: Content

    init(_ name: DNSName, _ content: Content, seconds: UInt32, isWhole: Bool = false) {
        self.name = name
        self.content = content
        self.seconds = seconds
        self.isWhole = isWhole
    }

    /// Takes a record out of a message.
    init(_ bytes: [UInt8], at position: inout Int) throws(WireFailure) {
        let name = try DNSName(bytes, at: &position)
        guard position + 10 <= bytes.count else { throw .truncated }
        let head = Array(bytes[position..<position + 10])
        let length = Int(head[8]) << 8 | Int(head[9])
        let start = position + 10
        guard start + length <= bytes.count else { throw .truncated }
        position = start + length
        self.init(
            name, try Self.content(UInt16(head[0]) << 8 | UInt16(head[1]), bytes, start, length),
            seconds: head[4..<8].reduce(0) { $0 << 8 | UInt32($1) }, isWhole: head[2] & 0x80 != 0)
    }

    private static func content(
        _ kind: UInt16, _ bytes: [UInt8], _ start: Int, _ length: Int
    ) throws(WireFailure) -> Content {
        let end = start + length
        // A name in a record must end where the record does.
        func name(at place: Int) throws(WireFailure) -> DNSName {
            var position = place
            guard place < end else { throw .truncated }
            let name = try DNSName(bytes, at: &position)
            guard position == end else { throw .malformed(.message) }
            return name
        }
        switch (kind, length) {
        case (Kind.pointer, _): return .pointer(try name(at: start))
        case (Kind.service, 7...):
            let port = UInt16(bytes[start + 4]) << 8 | UInt16(bytes[start + 5])
            return .service(port: port, target: try name(at: start + 6))
        case (Kind.ip4, 4), (Kind.ip6, 16): return .ip(Array(bytes[start..<end]))
        case (Kind.text, _): return .text(try strings(bytes[start..<end]))
        case (Kind.ip4, _), (Kind.ip6, _), (Kind.service, _): throw .malformed(.message)
        default: return .other(kind, Array(bytes[start..<end]))
        }
    }

    // An empty string says nothing.
    private static func strings(_ bytes: ArraySlice<UInt8>) throws(WireFailure) -> [[UInt8]] {
        var rest = bytes
        var strings: [[UInt8]] = []
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) else { throw .truncated }
            if length > 0 { try strings.append(Array(rest.prefix(Int(length))), max: stringsMax) }
            rest = rest.dropFirst(Int(length))
        }
        return strings
    }

    /// Writes it.
    func write(into bytes: inout [UInt8]) {
        let (kind, content) = encodedContent
        name.write(into: &bytes)
        bytes += [UInt8(kind >> 8), UInt8(truncatingIfNeeded: kind), isWhole ? 0x80 : 0, 1]
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: seconds >> (24 - 8 * $0)) }
        bytes += [UInt8(content.count >> 8), UInt8(truncatingIfNeeded: content.count)]
        bytes += content
    }

    private var encodedContent: (UInt16, [UInt8]) {
        var bytes: [UInt8] = []
        switch content {
        case .pointer(let target):
            target.write(into: &bytes)
            return (Kind.pointer, bytes)
        case .service(let port, let target):
            bytes = [0, 0, 0, 0, UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
            target.write(into: &bytes)
            return (Kind.service, bytes)
        case .ip(let ip): return (ip.count == 4 ? Kind.ip4 : Kind.ip6, ip)
        case .text(let strings):
            for string in strings { bytes += [UInt8(string.count)] + string }
            return (Kind.text, bytes.isEmpty ? [0] : bytes)
        case .other(let kind, let bytes): return (kind, bytes)
        }
    }
}
