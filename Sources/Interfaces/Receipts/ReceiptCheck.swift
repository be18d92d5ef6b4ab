// SPDX-License-Identifier: Apache-2.0

/// One thing a receipt claims, and whether it holds.
public struct ReceiptCheck: Hashable, Sendable {
    /// What was found.
    public enum Finding: Hashable, Sendable {
        /// It holds; the words say what was seen.
        case holds(String)
        /// It does not hold; the words say why.
        case fails(String)
        /// It could not be looked at because an earlier check failed.
        case notReached
    }

    /// A short stable name, such as `quorum`.
    public let name: String
    /// What was found.
    public let finding: Finding

    /// States what was found.
    public init(name: String, finding: Finding) {
        self.name = name
        self.finding = finding
    }

    /// Whether it holds.
    public var holds: Bool {
        if case .holds = finding { return true }
        return false
    }
}
