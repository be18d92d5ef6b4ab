// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Sets money aside for those on a list (TREASURY-8).
    func createAirdrop(
        _ order: CreateAirdrop, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard order.opens < order.expires, context.block.time < order.expires else {
            throw .treasury(.expired, "it would be over before it began")
        }
        guard (1...1 << UInt64(Airdrop.levelsMax)).contains(order.leaves) else {
            throw .treasury(.badProof, "a list has 1 to 2^\(Airdrop.levelsMax) places")
        }
        let number = next(.airdrops, in: context)
        try take(
            order.amount, of: order.asset, from: order.source, by: sender,
            into: Chest(.airdrop(number), order.asset), in: context)
        write(Airdrop(order, owner: sender), number, in: context)
        context.emit(
            .airdropCreated, TreasuryNote(number, sender, order.amount, of: order.asset))
    }

    /// Pays one place of a list to its account, once (TREASURY-9).
    func claimAirdrop(_ claim: AirdropClaim, in context: ExecutionContext) throws(Refusal) {
        var airdrop = try known(airdrop: claim.airdrop, in: context)
        let now = context.block.time
        guard now >= airdrop.opens else {
            throw .treasury(.tooEarly, "it opens at \(airdrop.opens)")
        }
        guard now < airdrop.expires else {
            throw .treasury(.expired, "it ended at \(airdrop.expires)")
        }
        let leaf = Airdrop.leaf(claim.place, claim.account, claim.amount)
        guard claim.amount > .zero, airdrop.contains(leaf, at: claim.place, by: claim.proof)
        else { throw .treasury(.badProof, "place \(claim.place) is not so on the list") }
        try mark(claim, in: context)
        guard let rest = airdrop.held.subtracting(claim.amount) else {
            throw .treasury(.airdropEmpty, "only \(airdrop.held) is left")
        }
        airdrop.held = rest
        write(airdrop, claim.airdrop, in: context)
        give(
            claim.amount, from: Chest(.airdrop(claim.airdrop), airdrop.asset),
            to: .account(claim.account), in: context)
        context.emit(
            .airdropClaimed,
            TreasuryNote(claim.airdrop, claim.account, claim.amount, of: airdrop.asset))
    }

    private func mark(_ claim: AirdropClaim, in context: ExecutionContext) throws(Refusal) {
        let (page, byte, bit) = ClaimPage.place(claim.place)
        let key = TreasuryKeys.claims(claim.airdrop, page)
        var bytes =
            context.value(.treasury, key) ?? [UInt8](repeating: 0, count: ClaimPage.bytes)
        guard bytes[byte] & bit == 0 else {
            throw .treasury(.alreadyClaimed, "place \(claim.place) has been claimed")
        }
        bytes[byte] |= bit
        context.set(.treasury, key, bytes)
    }

    /// Takes back what nobody claimed in time (TREASURY-9).
    func sweepAirdrop(
        _ number: UInt64, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var airdrop = try known(airdrop: number, in: context)
        guard airdrop.owner == sender else {
            throw .treasury(.notAllowed, "airdrop \(number) is not account \(sender)'s")
        }
        guard context.block.time >= airdrop.expires else {
            throw .treasury(.tooEarly, "it ends at \(airdrop.expires)")
        }
        guard airdrop.held > .zero else { throw .treasury(.nothingToClaim, "nothing is left") }
        let left = airdrop.held
        airdrop.held = .zero
        write(airdrop, number, in: context)
        give(left, from: Chest(.airdrop(number), airdrop.asset), to: airdrop.source, in: context)
        context.emit(.airdropSwept, TreasuryNote(number, sender, left, of: airdrop.asset))
    }

    private func known(
        airdrop number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> Airdrop {
        guard let airdrop = TreasuryQueries(context).airdrop(number) else {
            throw .treasury(.unknown, "there is no airdrop \(number)")
        }
        return airdrop
    }

    private func write(_ airdrop: Airdrop, _ number: UInt64, in context: ExecutionContext) {
        context.set(.treasury, TreasuryKeys.airdrop(number), airdrop.canonicalBytes)
    }
}
