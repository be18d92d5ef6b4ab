// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// What may be read of validators. It needs the state alone, so readers need no bank.
public struct ValidatorsQueries {
    private let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// A member, or nothing when the account never joined.
    public func member(of account: AccountID) -> ValidatorMember? {
        Self.decoded(state.value(.validators, ValidatorsKeys.member(account)))
    }

    /// Members by ascending account, after `after`; at most `limit`.
    public func members(after: AccountID? = nil, limit: Int = 100) -> [ValidatorMember] {
        state.scan(
            .validators, prefix: [ValidatorsKeys.memberPrefix],
            after: after.map(ValidatorsKeys.member), limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// The account that uses a consensus key, or first used it.
    public func account(of key: PublicKey) -> AccountID? {
        Self.decoded(state.value(.validators, ValidatorsKeys.keyOwner(key)))
    }

    /// The set of the newest epoch that is known: the next one after a cut, else the present one.
    ///
    /// Nothing in a state whose genesis named no validators.
    public var nextSet: NextSet? {
        Self.decoded(state.value(.validators, ValidatorsKeys.nextSet))
    }

    /// The seats of an epoch, while its offences can be punished.
    public func seats(of epoch: Epoch) -> EpochSeats? {
        Self.decoded(state.value(.validators, ValidatorsKeys.seats(of: epoch)))
    }

    /// What is remembered of an offence of an epoch, while it can be punished.
    public func offence(of account: AccountID, in epoch: Epoch) -> OffenceRecord? {
        Self.decoded(state.value(.validators, ValidatorsKeys.offence(of: account, in: epoch)))
    }

    /// What is remembered of having been away in an epoch.
    public func absence(of account: AccountID, in epoch: Epoch) -> OffenceRecord? {
        Self.decoded(state.value(.validators, ValidatorsKeys.absence(of: account, in: epoch)))
    }

    /// What being away costs, where the genesis names it.
    public var downtime: DowntimeTerms? {
        Self.decoded(state.value(.validators, ValidatorsKeys.downtime))
    }

    /// The figures that hold, named as in a genesis file.
    public var figures: JSON {
        .object((parameters.json.members ?? []) + (downtime?.members ?? []))
    }

    /// Who was punished for offences of an epoch, while these can be punished, by account.
    func offences(of epoch: Epoch) -> [(account: AccountID, record: OffenceRecord)] {
        state.scan(
            .validators, prefix: ValidatorsKeys.offences(of: epoch), after: nil,
            limit: EpochSeats.seatsMax
        ).compactMap { pair in
            Self.decoded(pair.value).map { (ValidatorsKeys.account(endOf: pair.key), $0) }
        }
    }

    /// The account that receives the fees of blocks that `key` proposes in an epoch.
    public func feeAccount(of key: PublicKey, in epoch: Epoch) -> AccountID? {
        seats(of: epoch)?.seat(of: key)?.fees
    }

    /// The module's figures.
    public var parameters: ValidatorsParameters {
        Self.decoded(state.value(.validators, ValidatorsKeys.parameters)) ?? .standard
    }

    /// Those that stand for election, the largest stake first; at most `limit`.
    func ranking(limit: Int) -> [AccountID] {
        state.scan(
            .validators, prefix: [ValidatorsKeys.rankPrefix], after: nil, limit: limit
        ).map { ValidatorsKeys.account(endOf: $0.key) }
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of the validators do not read as \(Value.self)")
        }
        return value
    }
}

extension ValidatorsModule {
    /// A member, or nothing when the account never joined.
    public func member(of account: AccountID, in state: any StateReader) -> ValidatorMember? {
        ValidatorsQueries(state).member(of: account)
    }

    /// Members by ascending account, after `after`; at most `limit`.
    public func members(
        after: AccountID? = nil, limit: Int = 100, in state: any StateReader
    ) -> [ValidatorMember] {
        ValidatorsQueries(state).members(after: after, limit: limit)
    }

    /// The set of the newest epoch that is known.
    public func nextSet(in state: any StateReader) -> NextSet? { ValidatorsQueries(state).nextSet }

    /// The module's figures.
    public func parameters(in state: any StateReader) -> ValidatorsParameters {
        ValidatorsQueries(state).parameters
    }
}
