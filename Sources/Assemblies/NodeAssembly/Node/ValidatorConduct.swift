// SPDX-License-Identifier: Apache-2.0
public import Consensus

/// How a validator departs from the rules: what simulations put in its place to show that the
/// others are safe from it. A node without one keeps the rules and pays nothing for this door.
public protocol ValidatorConduct: Sendable {
    /// Rewrites what one turn of the machine asks for, before any of it is done.
    ///
    /// Records among the effects are still made durable first, in one write.
    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect]

    /// The same for what the lanes ask for.
    func rewrite(_ effects: [LaneEffect]) -> [LaneEffect]
}

extension ValidatorConduct {
    /// Keeps the rules of lanes.
    public func rewrite(_ effects: [LaneEffect]) -> [LaneEffect] { effects }
}
