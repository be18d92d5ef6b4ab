// SPDX-License-Identifier: Apache-2.0

/// Why variables in a text cannot be put in.
struct InterpolationFailure: Error {
    let message: String
}

/// Variables in texts: `$NAME`, `${NAME}`, `${NAME:-word}` and its kin, `$$` for a dollar
/// (DEPLOY-7).
enum Interpolation {
    /// The most words within words: 8.
    static let depthMax = 8
    /// The most bytes that come of one text: 1 MiB, the size of a manifest.
    static let bytesMax = DeploymentLimits.manifestBytesMax

    /// What came of a text.
    struct Outcome {
        var text: String
        /// Names that stand for nothing and have no default.
        var unset: [String]
    }

    /// Puts in what names stand for.
    static func expand(
        _ text: String, lookup: (String) -> String?
    ) throws(InterpolationFailure) -> Outcome {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return Outcome(text: text, unset: []) }
        var expansion = Expansion(Array(text.utf8))
        try expansion.run(depth: 0, lookup)
        return Outcome(
            text: String(decoding: expansion.output, as: UTF8.self), unset: expansion.unset)
    }

    /// Whether bytes name a variable: a letter or `_`, then letters, digits and `_`.
    static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, isNameByte(first), !(0x30...0x39).contains(first) else {
            return false
        }
        return bytes.allSatisfy(isNameByte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        DeploymentName.isLetterOrDigit(byte) || byte == UInt8(ascii: "_")
    }
}

private struct Expansion {
    private let input: [UInt8]
    private var position = 0
    private(set) var output: [UInt8] = []
    private(set) var unset: [String] = []

    init(_ input: [UInt8]) { self.input = input }

    mutating func run(
        depth: Int, _ lookup: (String) -> String?
    ) throws(InterpolationFailure) {
        while position < input.count {
            let byte = input[position]
            position += 1
            guard byte == UInt8(ascii: "$") else {
                output.append(byte)
                continue
            }
            try dollar(depth, lookup)
            guard output.count <= Interpolation.bytesMax else {
                throw InterpolationFailure(message: "variables make this text too long")
            }
        }
    }

    private mutating func dollar(
        _ depth: Int, _ lookup: (String) -> String?
    ) throws(InterpolationFailure) {
        switch position < input.count ? input[position] : 0 {
        case UInt8(ascii: "$"):
            output.append(UInt8(ascii: "$"))
            position += 1
        case UInt8(ascii: "{"):
            position += 1
            try braces(depth, lookup)
        default:
            let name = takeName()
            guard Interpolation.isName(name.utf8) else {
                throw InterpolationFailure(
                    message: "a '$' stands before no variable; a dollar is written '$$'")
            }
            put(lookup(name), name)
        }
    }

    private mutating func takeName() -> String {
        let start = position
        while position < input.count, Interpolation.isNameByte(input[position]) { position += 1 }
        return String(decoding: input[start..<position], as: UTF8.self)
    }

    private mutating func put(_ value: String?, _ name: String) {
        if let value { output += value.utf8 } else { unset.append(name) }
    }

    private mutating func braces(
        _ depth: Int, _ lookup: (String) -> String?
    ) throws(InterpolationFailure) {
        let name = takeName()
        guard Interpolation.isName(name.utf8), position < input.count else { throw Self.malformed }
        let value = lookup(name)
        if input[position] == UInt8(ascii: "}") {
            position += 1
            return put(value, name)
        }
        let countsEmpty = input[position] == UInt8(ascii: ":")
        if countsEmpty { position += 1 }
        guard position < input.count else { throw Self.malformed }
        let sign = input[position]
        position += 1
        let word = try takeWord(depth)
        let isThere = countsEmpty ? value?.isEmpty == false : value != nil
        switch sign {
        case UInt8(ascii: "-"):
            try isThere ? put(value, name) : insert(word, depth, lookup)
        case UInt8(ascii: "+"):
            if isThere { try insert(word, depth, lookup) }
        case UInt8(ascii: "?"):
            guard isThere else {
                let words = String(decoding: word, as: UTF8.self)
                throw InterpolationFailure(
                    message: "the variable \(name) must be set"
                        + (words.isEmpty ? "" : ": \(words)"))
            }
            put(value, name)
        default: throw Self.malformed
        }
    }

    /// The bytes up to the brace that closes this variable.
    private mutating func takeWord(_ depth: Int) throws(InterpolationFailure) -> [UInt8] {
        let start = position
        var open = 1
        while position < input.count {
            if input[position] == UInt8(ascii: "{"), input[position - 1] == UInt8(ascii: "$") {
                open += 1
            } else if input[position] == UInt8(ascii: "}") {
                open -= 1
                if open == 0 {
                    position += 1
                    return Array(input[start..<position - 1])
                }
            }
            position += 1
        }
        throw Self.malformed
    }

    private mutating func insert(
        _ word: [UInt8], _ depth: Int, _ lookup: (String) -> String?
    ) throws(InterpolationFailure) {
        guard depth < Interpolation.depthMax else {
            throw InterpolationFailure(message: "variables within variables within variables")
        }
        var inner = Expansion(word)
        try inner.run(depth: depth + 1, lookup)
        output += inner.output
        unset += inner.unset
    }

    private static let malformed = InterpolationFailure(
        message: "a variable is not written as ${NAME}, ${NAME:-word}, ${NAME:?word} or "
            + "${NAME:+word}; a dollar is written '$$'")
}
