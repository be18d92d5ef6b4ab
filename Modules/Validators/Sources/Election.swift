// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Who gets a seat at one cut: a pure function of the old seats and the ranking (VALIDATORS-7,
/// VALIDATORS-10).
struct Election {
    /// Who gets a seat.
    let elected: [AccountID]
    /// Who lost one.
    let released: [ValidatorMember]
    /// How many of the elected had none before.
    let newcomers: Int
    /// How many keep a seat only until a later cut lets them go.
    let waiting: Int
    /// Whether the old members stay because too few would be left.
    let isKept: Bool

    /// - Parameters:
    ///   - members: The members of `old`, in its order.
    ///   - ranking: The first `seatsMax` that stand for election, the largest stake first.
    init(
        old: EpochSeats, members: [ValidatorMember], ranking: [AccountID], seatsMax: Int,
        seatsMin: Int
    ) {
        let wanted = Set(ranking)
        let departures = Self.departures(old, members, wanted)
        let released = Self.released(departures, of: old.totalWeight)
        let gone = Set(released.map(\.account))
        let staying = old.seats.map(\.account).filter { !gone.contains($0) }
        let seated = Set(staying)
        let free = max(0, seatsMax - staying.count)
        let newcomers = ranking.filter { !seated.contains($0) }.prefix(free)
        if staying.count + newcomers.count < seatsMin || staying.isEmpty && newcomers.isEmpty {
            elected = old.seats.map(\.account)
            self.released = []
            self.newcomers = 0
            waiting = departures.count
            isKept = true
        } else {
            elected = staying + newcomers
            self.released = released
            self.newcomers = newcomers.count
            waiting = departures.count - released.count
            isKept = false
        }
    }

    /// One who should lose the seat.
    private struct Departure {
        let member: ValidatorMember
        let weight: UInt64
        /// First the jailed, then those who leave by the height they asked at, then those who are
        /// outranked; of equals, the smaller stake.
        let turn: UInt8
        let since: BlockHeight

        init(_ member: ValidatorMember, weight: UInt64) {
            self.member = member
            self.weight = weight
            switch member.status {
            case .jailed: (turn, since) = (0, BlockHeight(0))
            case .leaving(let height): (turn, since) = (1, height)
            case .active, .unbonding, .withdrawn: (turn, since) = (2, BlockHeight(0))
            }
        }

        func precedes(_ other: Departure) -> Bool {
            guard turn == other.turn else { return turn < other.turn }
            guard since == other.since else { return since < other.since }
            guard member.stake == other.member.stake else {
                return member.stake < other.member.stake
            }
            return member.account < other.member.account
        }
    }

    private static func departures(
        _ old: EpochSeats, _ members: [ValidatorMember], _ wanted: Set<AccountID>
    ) -> [Departure] {
        zip(old.seats, members).filter { !wanted.contains($0.0.account) }
            .map { Departure($0.1, weight: $0.0.weight) }
            .sorted { $0.precedes($1) }
    }

    /// The first in turn whose weight together is at most a third of the old set's; one may always
    /// go (VALIDATORS-10).
    private static func released(_ departures: [Departure], of total: UInt64) -> [ValidatorMember] {
        var left = total / 3
        var released: [ValidatorMember] = []
        for departure in departures {
            guard released.isEmpty || departure.weight <= left else { break }
            left -= min(left, departure.weight)
            released.append(departure.member)
        }
        return released
    }
}
