// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

/// What an index holds of one thing (GATEWAY-51).
struct IndexRecord: Sendable {
    /// The kinds of things.
    enum Kind: String, CaseIterable, Sendable {
        case blocks, transactions, accounts, jobs, events, proposals, validators
    }

    let kind: Kind
    /// Its name among those of its kind.
    let id: String
    /// Where it stands in lists, the newest last: its height and its place there.
    let order: Int64
    /// The account it belongs to first of all.
    var account: String?
    /// The word for how it stands.
    var state: String?
    /// What is shown of it.
    let data: JSON
    /// Other accounts that it concerns.
    var others: [String] = []
    /// What people may look for, beside its id.
    var words: [String] = []

    /// Heights and places in one number that orders as they do: 2^20 places a block.
    static func order(_ height: BlockHeight, _ place: UInt64 = (1 << 20) - 1) -> Int64 {
        Int64(clamping: height.value << 20 | min(place, (1 << 20) - 1))
    }
}

/// The words of a text that an index looks for (GATEWAY-52).
enum IndexWords {
    /// The longest word that is kept: an id has 64 letters.
    static let bytesMax = 64
    /// The most words of one thing.
    static let countMax = 64
    /// The most words of one question.
    static let questionMax = 8

    /// Letters and digits in lower case, split at everything else; each word once.
    static func of(_ text: String, max: Int = countMax) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() + " " {
            if character.isLetter || character.isNumber {
                if word.utf8.count < bytesMax { word.append(character) }
            } else if !word.isEmpty {
                if !words.contains(word) { words.append(word) }
                word = ""
                if words.count == max { break }
            }
        }
        return words
    }

    /// The first text behind all that begin with a word.
    static func end(of word: String) -> String { word + "\u{10FFFF}" }
}
