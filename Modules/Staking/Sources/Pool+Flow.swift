// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension Pool {
    /// What moved when rewards flowed.
    struct Flow: Hashable {
        /// Added to compounding stake.
        var compounded = Amount.zero
        /// What nobody was there to receive.
        var unclaimed = Amount.zero
    }

    /// Lets the stream flow up to a height (STAKING-15): each kind of stake gets its part by
    /// tokens; what does not divide into shares stays in the stream.
    ///
    /// - Returns: What the caller must move out of the purse of rewards.
    mutating func flow(to height: BlockHeight) -> Flow {
        var flow = Flow()
        let part = stream.due(at: height)
        if height > stream.at { stream.at = min(height, stream.end) }
        guard part > .zero else { return flow }
        guard backing > .zero else {
            flow.unclaimed = stream.left
            stream.left = .zero
            return flow
        }
        flow.compounded =
            part.scaled(by: compounding.tokens.units, over: backing.units) ?? .zero
        compounding.tokens = compounding.tokens.adding(flow.compounded) ?? compounding.tokens
        let steadyPart = accumulate(part.subtracting(flow.compounded) ?? .zero)
        stream.left = stream.left.subtracting(flow.compounded)?.subtracting(steadyPart) ?? .zero
        return flow
    }

    /// Notes rewards of the steady shares.
    ///
    /// - Returns: How much of it; what does not divide, or would not fit, is left out.
    private mutating func accumulate(_ amount: Amount) -> Amount {
        guard steady.shares > 0, amount > .zero,
            let each = amount.scaled(by: Self.accumulatorUnit, over: steady.shares)
        else { return .zero }
        let (sum, overflow) = accumulated.addingReportingOverflow(each.units)
        guard !overflow,
            let given = each.scaled(by: steady.shares, over: Self.accumulatorUnit)
        else { return .zero }
        accumulated = sum
        // Rounded down, and up by one where something was lost, so that claims never exceed it.
        let whole = given < amount && each.units > 0 ? Amount(given.units + 1) : given
        due = due.adding(whole) ?? due
        return whole
    }
}
