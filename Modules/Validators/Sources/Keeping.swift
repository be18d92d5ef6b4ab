// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import Vocabulary

/// How rules read and write what the module keeps.
extension ValidatorsModule {
    /// A member, who must be known.
    func known(_ account: AccountID, in context: ExecutionContext) throws(Refusal)
        -> ValidatorMember
    {
        guard let member = member(of: account, in: context) else {
            throw .validators(.unknownMember, "account \(account) is no member")
        }
        return member
    }

    /// The newest epoch whose set is known.
    func newestEpoch(in context: ExecutionContext) -> Epoch {
        nextSet(in: context)?.epoch ?? Epoch(0)
    }

    /// Whether a member has a seat in the newest set.
    func isSeated(_ account: AccountID, in context: ExecutionContext) -> Bool {
        ValidatorsQueries(context).seats(of: newestEpoch(in: context))?.has(account) ?? false
    }

    /// Writes a member and its place in the ranking.
    func write(_ member: ValidatorMember, in context: ExecutionContext) {
        Self.write(member, in: context)
    }

    static func write(_ member: ValidatorMember, in context: ExecutionContext) {
        let queries = ValidatorsQueries(context)
        let stakeMin = queries.parameters.stakeMin
        if let before = queries.member(of: member.account), before.isEligible(stakeMin) {
            context.set(.validators, ValidatorsKeys.rank(before.stake, before.account), nil)
        }
        if member.isEligible(stakeMin) {
            context.set(.validators, ValidatorsKeys.rank(member.stake, member.account), [1])
        }
        context.set(
            .validators, ValidatorsKeys.member(member.account), member.canonicalBytes)
    }

    /// Gives a member another status and tells of it.
    func setStatus(_ status: MemberStatus, of member: ValidatorMember, in context: ExecutionContext)
    {
        var changed = member
        changed.status = status
        write(changed, in: context)
        context.emit(.statusChanged, changed)
    }

    /// Takes a key for an account (VALIDATORS-3).
    func claim(
        _ claim: KeyClaim, for account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if let owner = ValidatorsQueries(context).account(of: claim.key), owner != account {
            throw .validators(.keyTaken, "consensus key \(claim.key) belongs to account \(owner)")
        }
        guard claim.holds(for: account, on: context.block.chain) else {
            throw .validators(.badProof, "key \(claim.key) did not sign for account \(account)")
        }
        keep(claim.key, of: account, in: context)
    }

    /// Notes whose key it is, for ever.
    func keep(_ key: PublicKey, of account: AccountID, in context: ExecutionContext) {
        context.set(.validators, ValidatorsKeys.keyOwner(key), account.canonicalBytes)
    }

    /// Writes the set of an epoch, in both of its forms.
    @discardableResult
    func write(
        _ seats: EpochSeats, of epoch: Epoch, in context: ExecutionContext
    ) -> ValidatorSet {
        guard let validators = try? seats.validators else {
            preconditionFailure("seats have keys of their own and weights above zero")
        }
        let next = NextSet(epoch: epoch, validators: validators)
        context.set(.validators, ValidatorsKeys.nextSet, next.canonicalBytes)
        context.set(.validators, ValidatorsKeys.seats(of: epoch), seats.canonicalBytes)
        return validators
    }
}

/// Checks a name: 1 to 64 bytes without control characters.
func checkName(_ name: String) throws(Refusal) {
    let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    guard (1...ValidatorMember.nameBytesMax).contains(name.utf8.count), !hasControls else {
        throw .validators(
            .badName,
            "a name has 1 to \(ValidatorMember.nameBytesMax) bytes and no control characters")
    }
}
