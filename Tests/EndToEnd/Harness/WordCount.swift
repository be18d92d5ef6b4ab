// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the example program must print, worked out in another way.
enum WordCount {
    static func report(on text: [UInt8]) -> String {
        let spaces: Set<UInt8> = [9, 10, 11, 12, 13, 32]
        let words = text.split { spaces.contains($0) }
        var times: [String: Int] = [:]
        for word in words {
            let lowered = word.map { (65...90).contains($0) ? $0 + 32 : $0 }
            let kept = String(decoding: lowered, as: Unicode.ASCII.self)
                .trimmingCharacters(in: CharacterSet.alphanumerics.inverted)
            if !kept.isEmpty { times[kept, default: 0] += 1 }
        }
        let ranked = times.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
        var lines = [
            row(text.count { $0 == 10 }, "lines"), row(words.count, "words"),
            row(text.count, "bytes"), row(times.count, "different words"), "most frequent:",
        ]
        lines += ranked.map { row($0.value, $0.key) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ number: Int, _ label: String) -> String {
        let digits = "\(number)"
        return String(repeating: " ", count: max(0, 10 - digits.count)) + digits + " " + label
    }
}
