// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Why the kernel's networks could not be changed or read.
public enum WiringFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel refused: what was being done, errno, and its own words where it had some.
    case kernel(String, Int32, words: String)
    /// The rules were refused, in the library's words.
    case rules(String)
    /// The kernel's answer cannot be read.
    case malformed
    /// A value that no message can carry: what it was for.
    case unfit(String)

    /// The kernel's number of the error; 0 where it gave none.
    public var number: Int32 {
        guard case .kernel(_, let number, _) = self else { return 0 }
        return number
    }

    /// What went wrong, in one line.
    public var description: String {
        switch self {
        case .kernel(let doing, let number, let words):
            "\(doing): \(strerror(number).map { String(cString: $0) } ?? "error \(number)")"
                + (words.isEmpty ? "" : " (\(words))")
        case .rules(let words): "the firewall rules are refused: \(words)"
        case .malformed: "the kernel's answer cannot be read"
        case .unfit(let what): "\(what) cannot be said to the kernel"
        }
    }

    /// The failure that `errno` tells of.
    static func fromSystem(_ doing: String) -> WiringFailure { .kernel(doing, errno, words: "") }
}
