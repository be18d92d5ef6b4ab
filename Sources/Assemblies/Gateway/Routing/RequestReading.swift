// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Vocabulary

/// Which part of a list is asked for (GATEWAY-2).
struct PageRequest: Sendable {
    static let limitUsual = 20
    static let limitMax = 100
    /// The most bytes a cursor stands for: a state key.
    static let cursorBytesMax = 256

    let limit: Int
    /// Where the page before ended, as its bytes.
    let cursor: [UInt8]?

    /// Where the page before ended, as what its items are told apart by; nothing on the first.
    ///
    /// - Throws: ``GatewayProblem/malformedParameter`` when the bytes are none of that kind.
    func after<Place>(_ read: ([UInt8]) -> Place?) throws(Problem) -> Place? {
        guard let cursor else { return nil }
        guard let place = read(cursor) else { throw Self.malformed }
        return place
    }

    /// The same for items with an identifier.
    func after<Name: Identifier32>(_ type: Name.Type = Name.self) throws(Problem) -> Name? {
        try after { Bytes32($0).map(Name.init) }
    }

    /// The same for items with a number, in eight bytes, the highest first.
    func afterNumber() throws(Problem) -> UInt64? {
        try after { bytes in
            bytes.count == 8 ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : nil
        }
    }

    static var malformed: Problem {
        HTTPRequest.malformed("cursor", "must be the `next` of an earlier page")
    }

    /// The `next` of a page that ends with a number.
    static func cursor(_ number: UInt64) -> String {
        Hexadecimal.encode(withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }
}

extension HTTPRequest {
    /// The identifier in the path.
    ///
    /// - Throws: ``GatewayProblem/malformedParameter``.
    func identifier<Name: Identifier32>(
        _ name: String, as type: Name.Type = Name.self
    ) throws(Problem) -> Name {
        guard let value = Name(hexadecimal: parameters[name] ?? "") else {
            throw Self.malformed(name, "must be 64 hexadecimal digits")
        }
        return value
    }

    /// An identifier in the query, or nothing when it is missing.
    func queryIdentifier<Name: Identifier32>(
        _ name: String, as type: Name.Type = Name.self
    ) throws(Problem) -> Name? {
        guard let text = query(name) else { return nil }
        guard let value = Name(hexadecimal: text) else {
            throw Self.malformed(name, "must be 64 hexadecimal digits")
        }
        return value
    }

    /// A whole number in the query, or nothing when it is missing.
    func queryNumber(
        _ name: String, in range: ClosedRange<UInt64> = 0...UInt64.max
    ) throws(Problem) -> UInt64? {
        guard let text = query(name) else { return nil }
        guard let value = UInt64(text), range.contains(value) else {
            throw Self.malformed(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of some words in the query, or nothing when it is missing.
    func queryWord(_ name: String, of words: [String]) throws(Problem) -> String? {
        guard let text = query(name) else { return nil }
        guard words.contains(text) else {
            throw Self.malformed(name, "must be \(words.joined(separator: " or "))")
        }
        return text
    }

    /// The part of the list that is asked for.
    var page: PageRequest {
        get throws(Problem) {
            let limit = try queryNumber("limit", in: 1...UInt64(PageRequest.limitMax))
            return PageRequest(
                limit: Int(limit ?? UInt64(PageRequest.limitUsual)), cursor: try cursor)
        }
    }

    private var cursor: [UInt8]? {
        get throws(Problem) {
            guard let text = query("cursor") else { return nil }
            guard text.utf8.count <= 2 * PageRequest.cursorBytesMax,
                let bytes = Hexadecimal.decode(text), !bytes.isEmpty
            else { throw PageRequest.malformed }
            return bytes
        }
    }

    /// A problem with one parameter.
    static func malformed(_ name: String, _ reason: String) -> Problem {
        GatewayProblem.malformedParameter.problem(
            "\(name) \(reason)", members: [("parameter", .text(name))])
    }
}
