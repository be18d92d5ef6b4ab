// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// Reads one object of a genesis file strictly: a member nobody knows is an error with its place.
public struct GenesisObject: Sendable {
    /// Where the object is, as a JSON pointer (RFC 6901).
    public let pointer: String

    private let json: JSON

    /// Takes an object whose members are all among `known`.
    ///
    /// - Throws: ``GenesisFailure`` for another value or an unknown member.
    public init(
        _ json: JSON, at pointer: String, known: [String]
    ) throws(GenesisFailure) {
        guard let members = json.members else {
            throw GenesisFailure(pointer: pointer, reason: "must be an object")
        }
        for member in members where !known.contains(member.name) {
            throw GenesisFailure(
                pointer: pointer + Self.token(member.name),
                reason: "is unknown; known here: \(known.joined(separator: ", "))")
        }
        self.json = json
        self.pointer = pointer
    }

    /// Whether a member is there.
    public func has(_ name: String) -> Bool { json[name] != nil }

    /// The pointer of a member.
    public func pointer(to name: String) -> String { pointer + Self.token(name) }

    /// A member of any kind, which must be there.
    public func value(_ name: String) throws(GenesisFailure) -> JSON {
        guard let value = json[name] else {
            throw GenesisFailure(pointer: pointer(to: name), reason: "is missing")
        }
        return value
    }

    /// A string of 1 to `bytesMax` UTF-8 bytes.
    public func text(_ name: String, bytesMax: Int) throws(GenesisFailure) -> String {
        guard let text = try value(name).text, (1...bytesMax).contains(text.utf8.count) else {
            throw failure(name, "must be text of 1 to \(bytesMax) bytes")
        }
        return text
    }

    /// A whole number in a range, or `standard` when the member is missing.
    public func unsigned(
        _ name: String, in range: ClosedRange<UInt64> = 0...UInt64.max, standard: UInt64? = nil
    ) throws(GenesisFailure) -> UInt64 {
        if let standard, !has(name) { return standard }
        guard let number = try value(name).unsigned, range.contains(number) else {
            throw failure(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// An amount, as text of whole units with up to 18 decimals; `standard` when it is missing.
    public func amount(
        _ name: String, standard: Amount? = nil
    ) throws(GenesisFailure) -> Amount {
        if let standard, !has(name) { return standard }
        guard let text = try value(name).text, let amount = Amount(text) else {
            throw failure(name, "must be text such as \"12.5\" with at most 18 decimals")
        }
        return amount
    }

    /// An identifier as 64 hexadecimal digits.
    public func identifier<Name: Identifier32>(
        _ name: String, as type: Name.Type = Name.self
    ) throws(GenesisFailure) -> Name {
        guard let text = try value(name).text, let identifier = Name(hexadecimal: text) else {
            throw failure(name, "must be 64 hexadecimal digits")
        }
        return identifier
    }

    /// The elements of an array with their pointers, or none when the member is missing.
    public func list(
        _ name: String, countMax: Int
    ) throws(GenesisFailure) -> [(pointer: String, json: JSON)] {
        guard has(name) else { return [] }
        guard let elements = try value(name).elements, elements.count <= countMax else {
            throw failure(name, "must be an array of at most \(countMax) elements")
        }
        return elements.enumerated().map { ("\(pointer(to: name))/\($0.offset)", $0.element) }
    }

    /// A failure at a member.
    public func failure(_ name: String, _ reason: String) -> GenesisFailure {
        GenesisFailure(pointer: pointer(to: name), reason: reason)
    }

    /// One reference token of a JSON pointer, with its slash.
    private static func token(_ name: String) -> String {
        var escaped = "/"
        for character in name {
            switch character {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
