// SPDX-License-Identifier: Apache-2.0

/// What modules ask of whoever knows which version of the rules holds (UPGRADES-1).
public protocol RulesClock: Sendable {
    /// The version that holds in a state, from 1.
    func version(in state: any StateReader) -> UInt32
}

/// The rules of a room that stands alone: every version it knows holds.
public struct NewestRules: RulesClock {
    /// Creates it.
    public init() {}
    /// The largest number.
    public func version(in state: any StateReader) -> UInt32 { .max }
}
