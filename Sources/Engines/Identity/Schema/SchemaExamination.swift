// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Holds a value against nodes, and counts what that costs.
struct SchemaExamination {
    private let nodes: [SchemaNode]
    private var steps = 0
    private var path: [String] = []
    private var depth = 0

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    /// Checks a value.
    ///
    /// - Throws: A ``SchemaViolation`` for the first keyword that does not hold.
    mutating func check(_ value: JSON, against index: Int) throws(SchemaViolation) {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard steps <= JSONSchema.stepsMax, depth <= JSONSchema.depthMax else {
            throw violation("steps")
        }
        let node = nodes[index]
        guard !node.isNever else { throw violation("false") }
        if let kinds = node.kinds, !Self.isOneOf(kinds, value) { throw violation("type") }
        if let constants = node.constants {
            guard constants.contains(try canonical(value)) else { throw violation("enum") }
            try spend(constants.count)
        }
        switch value {
        case .null, .bool: break
        case .number: try checkNumber(value, node.bounds)
        case .string(let text):
            try spend(text.utf8.count / 64)
            try checkText(text, node)
        case .array(let elements): try checkArray(elements, node)
        case .object(let members): try checkObject(members, node)
        }
        try checkJunctions(value, node)
    }

    /// Work beside the steps themselves.
    private mutating func spend(_ count: Int) throws(SchemaViolation) {
        steps += count
        guard steps <= JSONSchema.stepsMax else { throw violation("steps") }
    }

    /// Canonical bytes, which cost a step, and one more for every 64.
    private mutating func canonical(_ value: JSON) throws(SchemaViolation) -> [UInt8] {
        guard let bytes = try? CanonicalJSON.bytes(of: value) else { throw violation("type") }
        try spend(1 + bytes.count / 64)
        return bytes
    }

    private func violation(_ keyword: String) -> SchemaViolation {
        SchemaViolation(path: path.map { "/" + $0 }.joined(), keyword: keyword)
    }

    /// The value of a number, as binary64 (IDENTITY-2).
    static func number(_ value: JSON) -> Double? {
        guard case .number(let text) = value, text.utf8.count <= CanonicalNumber.textBytesMax,
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    private static func isOneOf(_ kinds: Set<SchemaNode.Kind>, _ value: JSON) -> Bool {
        switch value {
        case .null: kinds.contains(.null)
        case .bool: kinds.contains(.boolean)
        case .string: kinds.contains(.string)
        case .array: kinds.contains(.array)
        case .object: kinds.contains(.object)
        case .number:
            kinds.contains(.number)
                || kinds.contains(.integer)
                    && number(value).map { $0.rounded(.towardZero) == $0 } ?? false
        }
    }
}

// MARK: - Kinds of values

extension SchemaExamination {
    private func checkNumber(
        _ value: JSON, _ bounds: SchemaNode.Bounds
    ) throws(SchemaViolation) {
        guard let number = Self.number(value) else { throw violation("type") }
        if let minimum = bounds.minimum, number < minimum { throw violation("minimum") }
        if let maximum = bounds.maximum, number > maximum { throw violation("maximum") }
        if let minimum = bounds.exclusiveMinimum, number <= minimum {
            throw violation("exclusiveMinimum")
        }
        if let maximum = bounds.exclusiveMaximum, number >= maximum {
            throw violation("exclusiveMaximum")
        }
    }

    /// Length counts code points (RFC 8259), as the specification has it.
    private func checkText(_ text: String, _ node: SchemaNode) throws(SchemaViolation) {
        if node.length != SchemaNode.Count() {
            let count = text.unicodeScalars.count
            if count < node.length.min { throw violation("minLength") }
            if count > node.length.max { throw violation("maxLength") }
        }
        switch node.format {
        case .dateTime: if Moment(text) == nil { throw violation("format") }
        case .uri: if !Self.isAbsoluteAddress(text) { throw violation("format") }
        case nil: break
        }
    }

    /// A scheme, a colon, and no white space or control: what tells addresses from other texts.
    private static func isAbsoluteAddress(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = scheme.first, letters.contains(first | 0x20) else { return false }
        return text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private mutating func checkArray(
        _ elements: [JSON], _ node: SchemaNode
    ) throws(SchemaViolation) {
        if elements.count < node.elementCount.min { throw violation("minItems") }
        if elements.count > node.elementCount.max { throw violation("maxItems") }
        let isBounded = node.otherElements == nil
        let checked = isBounded ? elements.prefix(node.firstElements.count) : elements[...]
        for (index, element) in checked.enumerated() {
            let place =
                index < node.firstElements.count ? node.firstElements[index] : node.otherElements
            guard let place else { continue }
            path.append(String(index))
            try check(element, against: place)
            path.removeLast()
        }
        if let wanted = node.someElement {
            var isFound = false
            for element in elements where try holds(element, against: wanted) {
                isFound = true
                break
            }
            guard isFound else { throw violation("contains") }
        }
        if node.hasUniqueElements {
            var seen: Set<[UInt8]> = []
            for element in elements {
                guard seen.insert(try canonical(element)).inserted else {
                    throw violation("uniqueItems")
                }
            }
        }
    }

    private mutating func checkObject(
        _ members: [JSON.Member], _ node: SchemaNode
    ) throws(SchemaViolation) {
        if members.count < node.memberCount.min { throw violation("minProperties") }
        if members.count > node.memberCount.max { throw violation("maxProperties") }
        try spend((members.count + node.required.count + node.members.count) / 16)
        let names = Set(members.map(\.name))
        for name in node.required where !names.contains(name) { throw violation("required") }
        let places = Dictionary(node.members.map { ($0.name, $0.node) }) { first, _ in first }
        for member in members {
            path.append(SelectiveCredential.pathPart(member.name))
            if let place = node.memberNames { try check(.string(member.name), against: place) }
            if let place = places[member.name] ?? node.otherMembers {
                try check(member.value, against: place)
            }
            path.removeLast()
        }
    }
}

// MARK: - Schemas joined

extension SchemaExamination {
    /// Whether a value fulfils a schema; only work without end is passed on as a failure.
    private mutating func holds(_ value: JSON, against index: Int) throws(SchemaViolation) -> Bool {
        let place = path
        do {
            try check(value, against: index)
            return true
        } catch {
            path = place
            guard error.keyword != "steps" else { throw error }
            return false
        }
    }

    private mutating func count(
        _ value: JSON, of places: [Int]
    ) throws(SchemaViolation) -> Int {
        var count = 0
        for place in places where try holds(value, against: place) { count += 1 }
        return count
    }

    private mutating func checkJunctions(
        _ value: JSON, _ node: SchemaNode
    ) throws(SchemaViolation) {
        if let reference = node.reference { try check(value, against: reference) }
        for place in node.all { try check(value, against: place) }
        if let places = node.any, try count(value, of: places) == 0 { throw violation("anyOf") }
        if let places = node.one, try count(value, of: places) != 1 { throw violation("oneOf") }
        if let place = node.none, try holds(value, against: place) { throw violation("not") }
        guard let condition = node.condition else { return }
        let branch =
            try holds(value, against: condition) ? node.consequence : node.alternative
        if let branch { try check(value, against: branch) }
    }
}
