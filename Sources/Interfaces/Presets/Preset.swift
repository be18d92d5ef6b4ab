// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// The figures of one of the five systems as the parts `ledger` and `modules` of a genesis file.
///
/// A preset is text that people read: JSON with whole lines of `//` comments that name the
/// requirement each figure comes from. `@allocation` stands for the account that holds everything
/// before it is divided, `@governance` for the governance's own.
public struct Preset: Sendable {
    /// Its name: lower case.
    public let name: String
    /// What it is, in a sentence.
    public let summary: String
    /// The voting weight of each founder of a new network, in whole units.
    public let founderStake: UInt64
    /// From which of its pools the people of a local network get their first money; nothing where
    /// the preset divides no supply.
    public let purse: Purse?
    /// The text.
    public let text: String

    /// Where the first money comes from.
    public struct Purse: Sendable {
        /// The place of the pool that gives native units.
        public let pool: Int
        /// The place of the pool that gives what roles earned, if there is one.
        public let earnings: Int?
    }

    init(
        name: String, summary: String, founderStake: UInt64, purse: Purse? = nil, text: String
    ) {
        self.name = name
        self.summary = summary
        self.founderStake = founderStake
        self.purse = purse
        self.text = text
    }

    /// Every preset; the first is the default.
    public static let all: [Preset] = [.atoll, .optimus, .octo, .pocket, .ocos]

    /// The preset of a name.
    public static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

    /// The parts as JSON, with accounts in the place of their names.
    ///
    /// - Throws: ``JSONFailure`` when the text is not JSON; those of ``all`` never throw.
    public func parts(
        allocation: AccountID, governance: AccountID
    ) throws(JSONFailure) -> JSON {
        try document(allocation: allocation, governance: governance).value
    }

    /// The same with the comments of the text.
    ///
    /// - Throws: ``JSONFailure`` when the text is not JSON; those of ``all`` never throw.
    public func document(
        allocation: AccountID, governance: AccountID
    ) throws(JSONFailure) -> CommentedJSON {
        var document = try CommentedJSON(parsing: text)
        document.value = Self.naming(
            document.value, ["@allocation": "\(allocation)", "@governance": "\(governance)"])
        return document
    }

    private static func naming(_ json: JSON, _ names: [String: String]) -> JSON {
        switch json {
        case .string(let text): .string(names[text] ?? text)
        case .array(let elements): .array(elements.map { naming($0, names) })
        case .object(let members):
            .object(members.map { JSON.Member($0.name, naming($0.value, names)) })
        case .null, .bool, .number: json
        }
    }

    /// Where two presets differ: the place, and both values as JSON text, nothing where one has
    /// none.
    public static func differences(
        _ first: JSON, _ second: JSON, at pointer: String = ""
    ) -> [(pointer: String, first: String?, second: String?)] {
        guard first != second else { return [] }
        guard let left = first.members, let right = second.members else {
            return [(pointer, first.compact, second.compact)]
        }
        let names =
            left.map(\.name)
            + right.map(\.name).filter { name in
                !left.contains { $0.name == name }
            }
        return names.flatMap { name -> [(pointer: String, first: String?, second: String?)] in
            let place = "\(pointer)/\(name)"
            switch (first[name], second[name]) {
            case (let one?, let other?): return differences(one, other, at: place)
            case (let one, let other): return [(place, one?.compact, other?.compact)]
            }
        }
    }
}
