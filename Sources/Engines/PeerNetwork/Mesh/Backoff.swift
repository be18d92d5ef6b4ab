// SPDX-License-Identifier: Apache-2.0
import Effects

/// How long to wait before the next dial: doubling from the least to the most, with jitter.
///
/// Source: specs/transport.md TRANSPORT-14.
struct Backoff: Sendable {
    private let least: UInt64
    private let most: UInt64
    private var next: UInt64

    /// Starts at the least wait.
    init(least: UInt64, most: UInt64) {
        self.least = max(1, least)
        self.most = max(self.least, most)
        next = self.least
    }

    /// The next wait in milliseconds: between half of the step and the whole.
    mutating func take(chance: any Chance) -> UInt64 {
        let step = next
        next = min(most, step * 2)
        return step - chance.below(step / 2 + 1)
    }

    /// Begins again at the least wait.
    mutating func reset() { next = least }
}
