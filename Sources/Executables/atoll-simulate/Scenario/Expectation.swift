// SPDX-License-Identifier: Apache-2.0

/// What a scenario is written to bring about: a run in which it never comes to that shows nothing,
/// and fails (docs/guides/simulate.md).
enum Expectation: String, CaseIterable {
    /// A lane forks against its order and is closed.
    case closedLane = "closed-lane"
    /// The same owner's lane is open again in a later epoch: its batches are executed.
    case reopenedLane = "reopened-lane"
    /// A node finds out that its own state is not the network's, or not that of its root.
    case ownAlarm = "own-alarm"
    /// Another node says by name whose state is another.
    case peerAlarm = "peer-alarm"
}
