// SPDX-License-Identifier: Apache-2.0

/// Finds what a mistyped word was probably meant to be.
enum Similarity {
    /// The candidate at the smallest edit distance, when that is at most a third of its length.
    static func closest(to word: String, among candidates: [String]) -> String? {
        candidates.map { ($0, distance(word, $0)) }
            .filter { $0.1 * 3 <= max(3, $0.0.count) }
            .min { $0.1 < $1.1 }?.0
    }

    /// The number of single-character edits between two words (Levenshtein).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        var row = Array(0...right.count)
        for i in 0..<left.count {
            var diagonal = row[0]
            row[0] = i + 1
            for j in 0..<right.count {
                let substituted = diagonal + (left[i] == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
