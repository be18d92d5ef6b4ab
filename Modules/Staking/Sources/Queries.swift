// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of stakes. It needs the state alone, so readers need no bank.
public struct StakingQueries {
    let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// The module's figures.
    public var parameters: StakingParameters {
        Self.decoded(state.value(.staking, StakingKeys.parameters)) ?? .standard
    }

    /// What a role asks, or nothing when it is closed.
    public func terms(of role: Role) -> RoleTerms? {
        Self.decoded(state.value(.staking, StakingKeys.terms(of: role)))
    }

    /// What a cause costs in a role: the role's own row, or the one for all roles.
    public func slash(_ cause: String, of role: Role) -> SlashTerms? {
        guard SlashTerms.isCause(cause) else { return nil }
        return Self.decoded(state.value(.staking, StakingKeys.slash(cause, of: role)))
            ?? Self.decoded(state.value(.staking, StakingKeys.slash(cause, of: nil)))
    }

    /// Every row of the table of offences: of every role first, then of single roles; at most 512,
    /// those of the genesis among them.
    public func slashes() -> [(role: Role?, cause: String, terms: SlashTerms)] {
        state.scan(.staking, prefix: StakingKeys.slashes, after: nil, limit: 512).compactMap {
            entry in
            guard let terms: SlashTerms = Self.decoded(entry.value) else { return nil }
            let cause = String(decoding: entry.key.dropFirst(2), as: UTF8.self)
            return (Role(rawValue: entry.key[1]), cause, terms)
        }
    }

    /// What of a penalty goes to honest validators (STAKING-7).
    public func honestShare(of penalty: Amount) -> Amount {
        StakingModule.share(penalty, parameters.honestPartsPerMillion)
    }

    /// An account's bond for a role, or nothing when it never had one.
    public func bond(_ role: Role, of account: AccountID) -> RoleBond? {
        Self.decoded(state.value(.staking, StakingKeys.bond(role, account)))
    }

    /// Bonds of a role by ascending account, after `after`; at most `limit`.
    public func bonds(
        _ role: Role, after: AccountID? = nil, limit: Int = 100
    ) -> [RoleBond] {
        state.scan(
            .staking, prefix: [StakingKeys.bondPrefix, role.rawValue],
            after: after.map { StakingKeys.bond(role, $0) }, limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// What all bonds of a role come to.
    public func totals(of role: Role) -> RoleTotals {
        Self.decoded(state.value(.staking, StakingKeys.totals(of: role))) ?? .none
    }

    /// What is bonded in a failure domain.
    public func bonded(_ kind: DomainKind, _ name: String, of role: Role) -> Amount {
        Self.decoded(state.value(.staking, StakingKeys.domain(kind, name, of: role))) ?? .zero
    }

    /// An operator's pool, or nothing before the first delegation.
    public func pool(of account: AccountID) -> Pool? {
        Self.decoded(state.value(.staking, StakingKeys.pool(account)))
    }

    /// Pools by ascending operator, after `after`; at most `limit`.
    public func pools(after: AccountID? = nil, limit: Int = 100) -> [Pool] {
        state.scan(
            .staking, prefix: [StakingKeys.poolPrefix], after: after.map(StakingKeys.pool),
            limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// What an account has behind an operator.
    public func delegation(of owner: AccountID, behind account: AccountID) -> Delegation? {
        Self.decoded(state.value(.staking, StakingKeys.delegation(owner, account)))
    }

    /// An account's delegations by ascending operator, after `after`; at most `limit`.
    public func delegations(
        of owner: AccountID, after: AccountID? = nil, limit: Int = 100
    ) -> [(operator: AccountID, delegation: Delegation)] {
        state.scan(
            .staking, prefix: StakingKeys.delegations(of: owner),
            after: after.map { StakingKeys.delegation(owner, $0) }, limit: limit
        ).compactMap { pair in
            Self.decoded(pair.value).map { (StakingKeys.account(in: pair.key, at: 33), $0) }
        }
    }

    /// What an account has behind an operator, in tokens, offences of former operators aside.
    public func worth(of owner: AccountID, behind account: AccountID) -> Amount {
        guard let pool = pool(of: account),
            let delegation = delegation(of: owner, behind: account)
        else { return .zero }
        return pool.steady.worth(of: delegation.steady)
            .adding(pool.compounding.worth(of: delegation.compounding)) ?? Amount(.max)
    }

    /// What an account could claim behind an operator now.
    public func reward(of owner: AccountID, behind account: AccountID, at height: BlockHeight)
        -> Amount
    {
        guard var pool = pool(of: account),
            let delegation = delegation(of: owner, behind: account)
        else { return .zero }
        _ = pool.flow(to: height)
        return delegation.reward(at: pool.accumulated)
    }

    /// Redelegated shares that still answer for their former operator.
    public func redelegation(of owner: AccountID, to account: AccountID) -> Redelegation? {
        Self.decoded(state.value(.staking, StakingKeys.redelegation(owner, account)))
    }

    /// What comes back, by when it does; at most `limit` after a place.
    public func withdrawals(
        after: (epoch: Epoch, number: UInt64)? = nil, limit: Int = 100
    ) -> [(epoch: Epoch, number: UInt64, withdrawal: Withdrawal)] {
        state.scan(
            .staking, prefix: [StakingKeys.withdrawalPrefix],
            after: after.map { StakingKeys.withdrawal($0.epoch, $0.number) }, limit: limit
        ).compactMap { pair in
            Self.decoded(pair.value).map {
                (
                    Epoch(StakingKeys.number(in: pair.key, at: 1)),
                    StakingKeys.number(in: pair.key, at: 9), $0
                )
            }
        }
    }

    /// What is left of a withdrawal's amount after the offences that are known now.
    public func worth(of withdrawal: Withdrawal) -> Amount {
        kept(withdrawal.amount, by: withdrawal.exposure)
    }

    /// What is left of an amount that answers for an operator.
    func kept(_ amount: Amount, by exposure: Exposure) -> Amount {
        let now = keptShare(of: exposure.operator, upTo: exposure.epoch, ends: exposure.ends)
        guard exposure.kept > 0, now < exposure.kept else { return amount }
        return amount.scaled(by: now, over: exposure.kept) ?? .zero
    }

    /// What offences of an operator left of a whole: those of the epochs that can be shown while an
    /// exposure lasts. Cost: one read for each offence of that time.
    func keptShare(of account: AccountID, upTo last: Epoch, ends: Epoch) -> UInt128 {
        let reach = ends.value - last.value
        let first = last.value - min(last.value, reach)
        var after: [UInt8]? = first == 0 ? nil : StakingKeys.loss(of: account, in: Epoch(first - 1))
        var kept = Exposure.whole
        while true {
            let page = state.scan(
                .staking, prefix: StakingKeys.losses(of: account), after: after, limit: 64)
            for pair in page {
                guard StakingKeys.number(in: pair.key, at: 33) <= last.value else { return kept }
                guard let taken: UInt64 = Self.number(pair.value) else { continue }
                kept = kept * UInt128(1_000_000 - taken) / 1_000_000
            }
            guard let end = page.last, page.count == 64 else { return kept }
            after = end.key
        }
    }

    /// How many millionths a pool lost for an offence of an epoch.
    public func loss(of account: AccountID, in epoch: Epoch) -> UInt64? {
        Self.number(state.value(.staking, StakingKeys.loss(of: account, in: epoch)))
    }

    func stakes(of epoch: Epoch) -> EpochStakes? {
        Self.decoded(state.value(.staking, StakingKeys.stakes(of: epoch)))
    }

    var clock: StakingClock? { Self.decoded(state.value(.staking, StakingKeys.clock)) }

    private static func number(_ bytes: [UInt8]?) -> UInt64? {
        guard let bytes else { return nil }
        var decoder = CanonicalDecoder(bytes)
        return try? decoder.read(UInt64.self)
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of staking do not read as \(Value.self)")
        }
        return value
    }
}
