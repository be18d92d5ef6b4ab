// SPDX-License-Identifier: Apache-2.0

/// The words of a command line, by the options that a verb knows: `--name value`, `--name=value`,
/// `-n value`, flags without a value, then the rest.
struct RuntimeArguments {
    /// An option: its names, and whether a value follows.
    struct Option {
        let name: String
        var short: String?
        var hasValue = true

        static func value(_ name: String, _ short: String? = nil) -> Option {
            Option(name: name, short: short)
        }

        static func flag(_ name: String, _ short: String? = nil) -> Option {
            Option(name: name, short: short, hasValue: false)
        }
    }

    private var values: [(name: String, value: String)] = []
    /// What is no option: from the first such word on everything.
    private(set) var rest: [String] = []

    /// - Throws: ``RuntimeFailure/usage(_:)`` for an option that is not known or lacks its value.
    init(_ words: [String], _ options: [Option]) throws(RuntimeFailure) {
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.hasPrefix("-"), word != "-" else {
                rest = Array(words[(index - 1)...])
                return
            }
            if word == "--" {
                rest = Array(words[index...])
                return
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0].drop { $0 == "-" })
            guard let option = options.first(where: { $0.name == name || $0.short == name }) else {
                throw .usage("unknown option \(word)")
            }
            if parts.count == 2 {
                values.append((option.name, String(parts[1])))
            } else if !option.hasValue {
                values.append((option.name, "true"))
            } else if index < words.count {
                values.append((option.name, words[index]))
                index += 1
            } else {
                throw .usage("option \(word) needs a value")
            }
        }
    }

    /// The last value given.
    subscript(_ name: String) -> String? { values.last { $0.name == name }?.value }

    /// Every value given, in order.
    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    func has(_ name: String) -> Bool { self[name].map { $0 != "false" } ?? false }

    /// A whole number.
    func number<Number: FixedWidthInteger>(_ name: String) throws(RuntimeFailure) -> Number? {
        guard let text = self[name] else { return nil }
        guard let number = Number(text) else { throw .usage("--\(name) is not a whole number") }
        return number
    }

    /// The one name that a verb is about.
    func name(_ verb: String) throws(RuntimeFailure) -> String {
        guard rest.count == 1 else { throw .usage("\(verb) takes the id of one container") }
        return rest[0]
    }
}
