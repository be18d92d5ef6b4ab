// SPDX-License-Identifier: Apache-2.0

/// How long messages are on their way, in microseconds.
struct Delays {
    /// Regions of the world.
    static let regionCount = 5
    /// Round trips between regions in milliseconds, as clouds publish them: Virginia, Ireland,
    /// Singapore, São Paulo, Oregon. Within one region: 10 ms, which is generous.
    private static let roundTrips: [[UInt64]] = [
        [10, 70, 220, 115, 65],
        [70, 10, 175, 180, 130],
        [220, 175, 10, 325, 165],
        [115, 180, 325, 10, 175],
        [65, 130, 165, 175, 10],
    ]
    /// Of a million messages so many are sent again by TCP after its least wait (RFC 6298).
    private static let lossesPerMillion: UInt64 = 1_000
    private static let resendMicroseconds: UInt64 = 200_000
    private static let nearMicroseconds: UInt64 = 20_000

    let distance: GossipScenario.Distance

    /// How long a message is on its way from one region to another.
    func microseconds(from: Int, to: Int, _ dice: inout Dice) -> UInt64 {
        guard distance == .wide else { return Self.nearMicroseconds }
        let way = Self.roundTrips[from][to] * 500
        let jitter = dice.below(way / 10 + 1)
        let isLost = dice.below(1_000_000) < Self.lossesPerMillion
        return way + jitter + (isLost ? Self.resendMicroseconds + 2 * way : 0)
    }

    /// The mean round trip between two nodes of any regions, in microseconds.
    var meanRoundTrip: UInt64 {
        guard distance == .wide else { return 2 * Self.nearMicroseconds }
        let all = Self.roundTrips.flatMap(\.self)
        return all.reduce(0, +) * 1_000 / UInt64(all.count)
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct Dice: Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    /// The next word.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A number below a bound of at least 1.
    mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    /// A place of a list of so many.
    mutating func place(_ count: Int) -> Int { Int(below(UInt64(max(count, 1)))) }

    /// So many bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Up to so many of a list, each set as likely as any other.
    mutating func pick<Element>(_ count: Int, of list: [Element]) -> [Element] {
        var rest = list
        let wanted = min(count, rest.count)
        for index in 0..<wanted { rest.swapAt(index, index + place(rest.count - index)) }
        return Array(rest.prefix(wanted))
    }
}
