// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Lets each question pass once, and only while it is young (TALK-2).
public struct ReplayGuard: Sendable {
    private var seen: Set<Bytes32> = []
    /// In the order in which they came, each with the moment after which it is stale by itself.
    private var order: [(until: Timestamp, name: Bytes32)] = []
    private var first = 0

    private let rememberedMax: Int

    /// A guard that has seen nothing.
    public init() { self.init(rememberedMax: LeaseTalkLimits.rememberedMax) }

    init(rememberedMax: Int) { self.rememberedMax = rememberedMax }

    /// - Throws: ``LeaseTalkFailure/stale`` or ``LeaseTalkFailure/repeated``; a guard that cannot
    ///   remember more calls everything stale. Cost: constant on average.
    public mutating func admit(
        _ question: SignedQuestion, at now: Timestamp
    ) throws(LeaseTalkFailure) {
        forget(before: now)
        let reach = LeaseTalkLimits.clockMilliseconds
        guard question.askedAt <= now.advanced(by: reach),
            now <= question.askedAt.advanced(by: reach),
            seen.count < rememberedMax
        else { throw .stale }
        guard seen.insert(question.name).inserted else { throw .repeated }
        // Asked at the latest a minute from now, it is stale two minutes from now.
        order.append((now.advanced(by: 2 * reach), question.name))
    }

    private mutating func forget(before now: Timestamp) {
        while first < order.count, order[first].until < now {
            seen.remove(order[first].name)
            first += 1
        }
        if first > 1_024, first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
    }
}
