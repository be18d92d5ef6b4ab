// SPDX-License-Identifier: Apache-2.0

/// How urgent a message is; a lower class never waits in front of a higher one.
///
/// Source: specs/transport.md TRANSPORT-12.
public enum SendPriority: UInt8, CaseIterable, Comparable, Sendable {
    /// Votes, proposals, certificates.
    case consensus = 0
    /// Transactions and their answers.
    case transactions = 1
    /// Blobs, old blocks: whatever may wait.
    case bulk = 2

    /// Whether `left` goes first.
    public static func < (left: SendPriority, right: SendPriority) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A kind of message: a number both ends agree on, and the priority this end sends it with.
public struct Channel: Hashable, Sendable {
    /// Tells the receiver what the bytes are.
    public let number: UInt8
    /// In which queue it waits.
    public let priority: SendPriority

    /// Names a channel.
    public init(_ number: UInt8, priority: SendPriority) {
        self.number = number
        self.priority = priority
    }
}
