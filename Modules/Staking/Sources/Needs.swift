// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps money: purses by name, and shares as assets.
public protocol StakingBank: Sendable {
    /// Moves an amount above zero from an account's balance into a purse.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into purse: Purse,
        in context: ExecutionContext) throws(Refusal)

    /// Moves an amount from a purse into an account's balance. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the purse holds less; nothing has moved then.
    func pay(
        _ amount: Amount, from purse: Purse, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Moves an amount between purses. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the first holds less; nothing has moved then.
    func move(
        _ amount: Amount, from purse: Purse, into other: Purse, in context: ExecutionContext
    ) throws(Refusal)

    /// Ends the existence of an amount in a purse. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the purse holds less.
    func burn(
        _ amount: Amount, from purse: Purse, in context: ExecutionContext) throws(Refusal)

    /// What a purse holds.
    func balance(of purse: Purse, in state: any StateReader) -> Amount

    /// Makes shares as an asset of this module in an account.
    ///
    /// - Throws: A ``Refusal`` when more than 128 bits would exist.
    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext) throws(Refusal)

    /// Ends the existence of shares that an account holds.
    ///
    /// - Throws: A ``Refusal`` when it holds less.
    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal)
}

/// What this module asks of whoever keeps validators and their own stakes.
public protocol ValidatorBook: Sendable {
    /// Whether an account is a member, and takes new stake behind it.
    func standing(of account: AccountID, in state: any StateReader) -> ValidatorStanding?
    /// The newest epoch whose set is known.
    func newestEpoch(in state: any StateReader) -> Epoch
    /// The seats of an epoch whose offences can be punished; none when they are forgotten.
    func seats(of epoch: Epoch, in state: any StateReader) -> [ValidatorSeat]
    /// For how many epochs after its last one a stake stays within reach of evidence.
    func unbondingEpochs(in state: any StateReader) -> UInt64
    /// Says what stands behind a member now.
    func setBacking(
        _ amount: Amount, behind account: AccountID, in context: ExecutionContext)
}

/// What this module asks of whoever sees how validators serve.
public protocol ConductBook: Sendable {
    /// How a member served in an epoch that has ended.
    func conduct(of account: AccountID, in epoch: Epoch, _ state: any StateReader) -> SeatConduct
}

/// Nobody looks.
public struct NoConduct: ConductBook {
    /// Creates it.
    public init() {}
    /// Nothing is known.
    public func conduct(
        of account: AccountID, in epoch: Epoch, _ state: any StateReader
    ) -> SeatConduct { .unknown }
}

/// How a member served in one epoch, as far as the ledger sees it.
public struct SeatConduct: Hashable, Sendable {
    /// For which part of the epoch it was there, in millionths; nothing when nobody counted.
    public let uptime: UInt64?
    /// Whether it took part in one of the latest votes that ended.
    public let hasVoted: Bool
    /// Since which height it is a member, for the first time or again.
    public let since: BlockHeight?

    /// Nothing is known.
    public static let unknown = SeatConduct(uptime: nil, hasVoted: false, since: nil)

    /// Describes a conduct.
    public init(uptime: UInt64?, hasVoted: Bool, since: BlockHeight?) {
        self.uptime = uptime
        self.hasVoted = hasVoted
        self.since = since
    }
}

/// Who wants to know whose stake changed: votes follow it.
public protocol StakeWatcher: Sendable {
    /// An account's holder's bond or delegations are others than before.
    func stakeChanged(of account: AccountID, in context: ExecutionContext)
}

/// Nobody wants to know.
public struct NoWatcher: StakeWatcher {
    /// Creates it.
    public init() {}
    /// Nothing.
    public func stakeChanged(of account: AccountID, in context: ExecutionContext) {}
}

/// Where a member of the validators stands, as far as this module cares.
public struct ValidatorStanding: Hashable, Sendable {
    /// Whether new stake may be put behind it: not while it leaves, is jailed, or has left.
    public let isOpen: Bool
    /// Its own bond and grant.
    public let own: Amount

    /// Describes a standing.
    public init(isOpen: Bool, own: Amount) {
        self.isOpen = isOpen
        self.own = own
    }
}

/// One seat of an epoch.
public struct ValidatorSeat: Hashable, Sendable {
    /// The member's account.
    public let account: AccountID
    /// What its votes weigh.
    public let weight: UInt64
    /// Whether an offence of the epoch has been punished.
    public let isPunished: Bool

    /// Describes a seat.
    public init(account: AccountID, weight: UInt64, isPunished: Bool) {
        self.account = account
        self.weight = weight
        self.isPunished = isPunished
    }
}
