// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// Reads one JSON text (RFC 8259), strictly.
    ///
    /// Beyond the grammar, a name may appear once in an object (names that differ only in their
    /// Unicode normal form count as one), strings must be UTF-8, and an escaped surrogate needs its
    /// other half. A byte order mark is refused. Time is linear in the text.
    ///
    /// - Throws: ``JSONFailure`` with the first thing wrong and its place.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONFailure) {
        var parser = JSONParser(bytes, limits)
        self = try parser.document()
    }

    /// Reads one JSON text, strictly.
    ///
    /// - Throws: ``JSONFailure`` with the first thing wrong and its place.
    public init(
        parsing text: String, limits: JSONLimits = JSONLimits()
    ) throws(JSONFailure) {
        try self.init(parsing: [UInt8](text.utf8), limits: limits)
    }
}

/// A reader of one JSON text by recursive descent.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    /// The index of the next byte to read.
    var position = 0

    init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The one value of the text, with nothing but white space round it.
    mutating func document() throws(JSONFailure) -> JSON {
        guard bytes.count <= limits.bytes else {
            throw failure(.tooLong(limit: limits.bytes), at: 0)
        }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure(.trailingBytes) }
        return value
    }

    /// A failure at the next byte, or at `offset`.
    func failure(_ reason: JSONFailure.Reason, at offset: Int? = nil) -> JSONFailure {
        JSONFailure(reason, at: offset ?? position, in: bytes)
    }

    /// What is wrong when the next byte does not fit.
    func unexpected() -> JSONFailure {
        position < bytes.count
            ? failure(.unexpectedByte(bytes[position])) : failure(.unexpectedEnd)
    }

    /// Passes over white space (RFC 8259 section 2).
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Passes over `byte` if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Any value; `depth` is how many arrays and objects it lies in.
    private mutating func value(depth: Int) throws(JSONFailure) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected()
        }
    }

    /// One of the three names of values.
    private mutating func word(
        _ text: StaticString, _ value: JSON
    ) throws(JSONFailure) -> JSON {
        for byte in "\(text)".utf8 {
            guard take(byte) else { throw unexpected() }
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONFailure) -> JSON {
        guard depth < limits.depth else { throw failure(.tooDeep(limit: limits.depth)) }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var elements: [JSON] = []
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw unexpected() }
            return .array(elements)
        }
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> JSON {
        guard depth < limits.depth else { throw failure(.tooDeep(limit: limits.depth)) }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        var members: [JSON.Member] = []
        var names = SeenNames()
        while true {
            skipSpace()
            let start = position
            let name = try name()
            guard names.insert(name, among: members) else {
                throw failure(.duplicateName(name), at: start)
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected() }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw unexpected() }
            return .object(members)
        }
    }

    /// The name of a member.
    private mutating func name() throws(JSONFailure) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw unexpected()
        }
        return try string()
    }

    /// A number (RFC 8259 section 6), kept as written.
    private mutating func number() throws(JSONFailure) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        if position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
            throw failure(.badNumber)
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// One digit or more.
    private mutating func digits() throws(JSONFailure) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw failure(.badNumber) }
    }
}

/// The names an object has shown so far: few are compared one by one, many through a set.
private struct SeenNames {
    /// Up to so many names a walk over the members is quicker than hashing.
    private static let walkMax = 8
    private var names: Set<String> = []

    /// Adds a name; false when it was there.
    mutating func insert(_ name: String, among members: [JSON.Member]) -> Bool {
        if members.count < Self.walkMax {
            return !members.contains { $0.name == name }
        }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return names.insert(name).inserted
    }
}
