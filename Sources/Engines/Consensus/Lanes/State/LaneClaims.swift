// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Who says to hold which batch of one lane beyond its last ordered one (LANES-8).
///
/// A validator counts once for each height, for the first hash it names there. So what liars can
/// fill is one claim each for every height: 42 of 128 validators, 128 heights and 128 lanes at 80
/// bytes are 56 MB, and honest validators fill one claim a height together.
struct LaneClaims {
    /// How far ahead of the last ordered batch claims are kept: twice the window, because others
    /// may know of a later order.
    static let heightsMax = 2 * LaneLimits.windowMax

    struct Claim {
        let hash: Digest
        var holders = ValidatorMask()
        var stake: UInt128 = 0
    }

    struct Height {
        var authors = ValidatorMask()
        var first: Claim?
        var others: [Claim] = []
    }

    private var heights: [Height] = []
    /// The height of the last ordered batch.
    private(set) var base: UInt64
    /// The highest height at which some batch is available; at least the last ordered one.
    private(set) var available: UInt64
    private(set) var availableHash: Digest

    init(base: LaneTip) {
        self.base = base.height
        available = base.height
        availableHash = base.hash
    }

    /// Whether a claim of this author for this height would count.
    func isNews(_ author: Int, at height: UInt64) -> Bool {
        guard height > base, height <= base + Self.heightsMax else { return false }
        let place = Int(height - base - 1)
        return place >= heights.count || !heights[place].authors.contains(author)
    }

    /// Counts one claim; false when it does not count.
    mutating func add(
        _ tip: LaneTip, by author: Int, stake: UInt128, availableAt threshold: UInt128
    ) -> Bool {
        guard isNews(author, at: tip.height) else { return false }
        let place = Int(tip.height - base - 1)
        while heights.count <= place { heights.append(Height()) }
        heights[place].authors.insert(author)
        let sum = Self.count(author, stake, for: tip.hash, at: &heights[place])
        if sum >= threshold, tip.height > available {
            available = tip.height
            availableHash = tip.hash
        }
        return true
    }

    private static func count(
        _ author: Int, _ stake: UInt128, for hash: Digest, at height: inout Height
    ) -> UInt128 {
        if height.first == nil { height.first = Claim(hash: hash) }
        if height.first?.hash == hash {
            height.first?.holders.insert(author)
            height.first?.stake += stake
            return height.first?.stake ?? 0
        }
        let place: Int
        if let known = height.others.firstIndex(where: { $0.hash == hash }) {
            place = known
        } else {
            place = height.others.count
            height.others.append(Claim(hash: hash))
        }
        height.others[place].holders.insert(author)
        height.others[place].stake += stake
        return height.others[place].stake
    }

    private func claim(for tip: LaneTip) -> Claim? {
        guard tip.height > base, Int(tip.height - base) <= heights.count else { return nil }
        let height = heights[Int(tip.height - base - 1)]
        if let first = height.first, first.hash == tip.hash { return first }
        return height.others.first { $0.hash == tip.hash }
    }

    /// The stake of those who hold a batch.
    func stake(for tip: LaneTip) -> UInt128 { claim(for: tip)?.stake ?? 0 }

    /// Those who hold a batch.
    func holders(of tip: LaneTip) -> ValidatorMask { claim(for: tip)?.holders ?? ValidatorMask() }

    /// Forgets what lies at or below the new last ordered batch.
    mutating func advance(to tip: LaneTip) {
        heights.removeFirst(min(heights.count, Int(tip.height - base)))
        base = tip.height
        guard available <= base else { return }
        available = base
        availableHash = tip.hash
    }
}
