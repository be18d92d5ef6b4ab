// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

/// Reads a JSON answer member by member and names the place of whatever is wrong.
///
/// Answers come from strangers: each member is checked once, here.
struct AnswerReader {
    let json: JSON
    /// Where it stands in the answer (RFC 6901).
    let pointer: String

    /// The most elements of one list: ten pages of the largest size.
    static let elementsMax = 1_000

    init(_ json: JSON, pointer: String = "") {
        self.json = json
        self.pointer = pointer
    }

    /// Reads the bytes of an answer.
    init(body: [UInt8]) throws(ClientFailure) {
        do {
            self.init(try JSON(parsing: body))
        } catch {
            throw .badAnswer("it is not JSON: \(error)")
        }
    }

    /// A member that must be there.
    func member(_ name: String) throws(ClientFailure) -> AnswerReader {
        guard let value = json[name] else { throw wrong(name, "is missing") }
        return AnswerReader(value, pointer: "\(pointer)/\(name)")
    }

    /// A member that may be missing or null.
    func optional(_ name: String) -> AnswerReader? {
        guard let value = json[name], value != .null else { return nil }
        return AnswerReader(value, pointer: "\(pointer)/\(name)")
    }

    func text(_ name: String) throws(ClientFailure) -> String {
        guard let text = try member(name).json.text else { throw wrong(name, "must be a text") }
        return text
    }

    func unsigned(_ name: String) throws(ClientFailure) -> UInt64 {
        guard let number = try member(name).json.unsigned else {
            throw wrong(name, "must be a whole number")
        }
        return number
    }

    func flag(_ name: String) throws(ClientFailure) -> Bool {
        guard let flag = try member(name).json.flag else {
            throw wrong(name, "must be true or false")
        }
        return flag
    }

    /// Base units in decimal, as a text.
    func amount(_ name: String) throws(ClientFailure) -> Amount {
        let text = try text(name)
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let units = UInt128(text)
        else { throw wrong(name, "must be base units in decimal") }
        return Amount(units)
    }

    func identifier<Name: Identifier32>(
        _ name: String, as type: Name.Type = Name.self
    ) throws(ClientFailure) -> Name {
        guard let identifier = Name(hexadecimal: try text(name)) else {
            throw wrong(name, "must be 64 hexadecimal digits")
        }
        return identifier
    }

    /// The elements of a list, each with its place.
    func list(_ name: String) throws(ClientFailure) -> [AnswerReader] {
        let member = try member(name)
        guard let elements = member.json.elements, elements.count <= Self.elementsMax else {
            throw wrong(name, "must be a list of at most \(Self.elementsMax)")
        }
        return elements.enumerated().map { index, element in
            AnswerReader(element, pointer: "\(member.pointer)/\(index)")
        }
    }

    /// The elements of a list of texts.
    func texts(_ name: String) throws(ClientFailure) -> [String] {
        var texts: [String] = []
        for element in try list(name) {
            guard let text = element.json.text else {
                throw .badAnswer("\(element.pointer) must be a text")
            }
            texts.append(text)
        }
        return texts
    }

    /// Each element of a list as a value.
    func values<Value>(
        _ name: String, _ read: (AnswerReader) throws(ClientFailure) -> Value
    ) throws(ClientFailure) -> [Value] {
        var values: [Value] = []
        for element in try list(name) { values.append(try read(element)) }
        return values
    }

    func wrong(_ name: String, _ reason: String) -> ClientFailure {
        .badAnswer("\(pointer)/\(name) \(reason)")
    }
}
