// SPDX-License-Identifier: Apache-2.0

/// The ways to break the rules that a scenario can give a node, by the names it uses
/// (docs/guides/simulate.md).
enum Villainy: String, CaseIterable {
    /// Proposes two blocks for one slot, each to one half of the others.
    case equivocatingLeader = "equivocating-leader"
    /// Votes for two blocks, and to skip the slot that it votes to be final.
    case doubleVoter = "double-voter"
    /// Proposes and votes for headers that state a false state root.
    case lyingRoot = "lying-root"
    /// Never votes.
    case voteWithholder = "vote-withholder"
    /// Never proposes.
    case silentLeader = "silent-leader"
    /// Claims to know more than anybody and answers with forged blocks.
    case lyingCatchUp = "lying-catch-up"
    /// Sends junk on every channel, as fast as its connections take it.
    case flooder
    /// Makes batches, says that it holds them, and gives them to as many as may be faulty.
    case withholdingLaneOwner = "withholding-lane-owner"
    /// The same, but gives them to nobody.
    case laneHoarder = "lane-hoarder"
    /// Makes two batches for each height of its lane, one for each half of the others.
    case laneEquivocator = "lane-equivocator"
    /// Forks its lane against what final blocks ordered of it, so that it is closed.
    case laneForker = "lane-forker"
    /// Joins all others of its kind in telling two halves two histories: more of them than a
    /// network survives show that its fork is noticed.
    case forkMaker = "fork-maker"

    /// Whether a node that only follows can do it.
    var needsNoSeat: Bool { self == .flooder }

    /// Whether two signed messages prove it.
    var isProvable: Bool {
        switch self {
        case .equivocatingLeader, .doubleVoter, .forkMaker, .laneEquivocator, .laneForker: true
        case .lyingRoot, .voteWithholder, .silentLeader, .lyingCatchUp, .flooder,
            .withholdingLaneOwner, .laneHoarder:
            false
        }
    }

    /// Whether it does so with its lane.
    var breaksLanes: Bool {
        switch self {
        case .withholdingLaneOwner, .laneHoarder, .laneEquivocator, .laneForker: true
        case .equivocatingLeader, .doubleVoter, .forkMaker, .lyingRoot, .voteWithholder,
            .silentLeader, .lyingCatchUp, .flooder:
            false
        }
    }
}
