// SPDX-License-Identifier: Apache-2.0

/// The words of one line, taken from the left.
struct LineWords {
    let line: Int
    private var rest: ArraySlice<Substring>

    /// The longest time a scenario may name: an hour.
    static let microsecondsMax: UInt64 = 3_600_000_000

    /// Splits a line at its blanks; what follows `#` is for people.
    init(line: Int, _ text: Substring) {
        self.line = line
        let told = text.prefix { $0 != "#" }
        rest = told.split { $0 == " " || $0 == "\t" }[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    func fault(_ reason: String) -> ScenarioFault { ScenarioFault(line: line, reason: reason) }

    /// The next word.
    mutating func next(_ what: String) throws(ScenarioFault) -> Substring {
        guard let word = rest.popFirst() else { throw fault("\(what) is missing") }
        return word
    }

    /// What is left, as it is written.
    var text: String { rest.joined(separator: " ") }

    /// Takes a word that must be there.
    mutating func expect(_ word: String) throws(ScenarioFault) {
        let found = try next("'\(word)'")
        guard found == word else { throw fault("'\(word)' is expected, not '\(found)'") }
    }

    /// Takes a word if it is the next one.
    mutating func take(_ word: String) -> Bool {
        guard rest.first == word[...] else { return false }
        rest.removeFirst()
        return true
    }

    /// All that is left.
    mutating func remainder() -> [Substring] {
        defer { rest = [] }
        return Array(rest)
    }

    /// Nothing may be left.
    func end() throws(ScenarioFault) {
        if let word = rest.first { throw fault("'\(word)' is one word too many") }
    }

    /// A whole number.
    mutating func number(
        _ what: String, in range: ClosedRange<UInt64>
    ) throws(ScenarioFault) -> UInt64 {
        let word = try next(what)
        guard isDigits(word), let number = UInt64(word), range.contains(number) else {
            throw fault(
                "\(what) is a number from \(range.lowerBound) to \(range.upperBound), not '\(word)'"
            )
        }
        return number
    }

    /// A time in microseconds: `500us`, `2.5ms`, `3s`.
    mutating func microseconds(_ what: String) throws(ScenarioFault) -> UInt64 {
        try microseconds(what, try next(what))
    }

    /// A time in whole milliseconds.
    mutating func milliseconds(_ what: String) throws(ScenarioFault) -> UInt64 {
        try microseconds(what) / 1_000
    }

    /// A time in milliseconds with a sign: `-500ms`.
    mutating func signedMilliseconds(_ what: String) throws(ScenarioFault) -> Int64 {
        let word = try next(what)
        let magnitude = try microseconds(what, word.first == "-" ? word.dropFirst() : word) / 1_000
        return word.first == "-" ? -Int64(magnitude) : Int64(magnitude)
    }

    /// A moment, or a stretch the seed chooses from: `3s` or `3s..5s`; in milliseconds.
    mutating func moment() throws(ScenarioFault) -> ClosedRange<UInt64> {
        let word = try next("a moment")
        guard let dots = word.indices.first(where: { word[$0...].hasPrefix("..") }) else {
            let moment = try microseconds("a moment", word) / 1_000
            return moment...moment
        }
        let first = try microseconds("a moment", word[..<dots]) / 1_000
        let last = try microseconds("a moment", word[dots...].dropFirst(2)) / 1_000
        guard first <= last else { throw fault("'\(word)' ends before it begins") }
        return first...last
    }

    /// `from 1s to 5s`, in milliseconds.
    mutating func stretch() throws(ScenarioFault) -> Range<UInt64> {
        try expect("from")
        let first = try milliseconds("the beginning")
        try expect("to")
        let last = try milliseconds("the end")
        guard first < last else { throw fault("the end is not after the beginning") }
        return first..<last
    }

    private func microseconds(
        _ what: String, _ word: Substring
    ) throws(ScenarioFault) -> UInt64 {
        let units: [(String, UInt64)] = [("us", 1), ("ms", 1_000), ("s", 1_000_000)]
        guard let (name, unit) = units.first(where: { word.hasSuffix($0.0) }) else {
            throw fault("\(what) is a time such as 500us, 2.5ms or 3s, not '\(word)'")
        }
        let parts = word.dropLast(name.count).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let tenths = parts.count == 2 ? parts[1] : "0"
        // One digit after the point is all a unit needs that has smaller ones beside it.
        guard isDigits(parts[0]), let whole = UInt64(parts[0]), tenths.count == 1,
            isDigits(tenths), let tenth = UInt64(tenths),
            whole <= Self.microsecondsMax / unit, parts.count == 1 || unit > 1
        else { throw fault("\(what) is a time of at most an hour, not '\(word)'") }
        return whole * unit + tenth * unit / 10
    }

    private func isDigits(_ word: Substring) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { (48...57).contains($0) }
    }
}
