// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of bonds: what stands for roles, and what is delegated to validators.
public struct StakingModule: AdjustableModule {
    /// The module's number.
    public let id = ModuleID.staking
    /// The module's name.
    public let name = "staking"

    let bank: any StakingBank
    let validators: any ValidatorBook
    let watcher: any StakeWatcher
    let conduct: any ConductBook

    /// Creates the module over whoever keeps money and validators and sees how these serve, and
    /// tells of changed stakes.
    public init(
        bank: any StakingBank, validators: any ValidatorBook,
        watcher: any StakeWatcher = NoWatcher(), conduct: any ConductBook = NoConduct()
    ) {
        self.bank = bank
        self.validators = validators
        self.watcher = watcher
        self.conduct = conduct
    }

    /// Decides one message.
    ///
    /// - Throws: A ``StakingRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try StakingMessage.read(payload) {
        case .openBond(let order): try openBond(order, from: sender, in: context)
        case .addBond(let amounts): try addBond(amounts, from: sender, in: context)
        case .reduceBond(let amounts): try reduceBond(amounts, from: sender, in: context)
        case .leave(let role): try leave(role, from: sender, in: context)
        case .pause(let role): try pause(role, from: sender, in: context)
        case .resume(let role): try resume(role, from: sender, in: context)
        case .setSigner(let change): try setSigner(change, from: sender, in: context)
        case .extendLock(let role, let lock):
            try extendLock(role, to: lock, from: sender, in: context)
        case .breakLock(let role): try breakLock(role, from: sender, in: context)
        case .submitContradiction(let evidence): try punish(evidence, in: context)
        case .delegate(let order):
            try delegate(order, from: sender, in: context)
            watcher.stakeChanged(of: sender, in: context)
        case .undelegate(let order):
            try undelegate(order, from: sender, in: context)
            watcher.stakeChanged(of: sender, in: context)
        case .redelegate(let order):
            try redelegate(order, from: sender, in: context)
            watcher.stakeChanged(of: sender, in: context)
        case .claim(let account): try claim(from: account, for: sender, in: context)
        case .setCommission(let rate): try setCommission(rate, of: sender, in: context)
        case .tokenize(let account, let shares):
            try tokenize(shares, of: account, for: sender, in: context)
        case .redeem(let account, let shares):
            try redeem(shares, of: account, for: sender, in: context)
        case .insure(let isWanted): try insure(isWanted, sender, in: context)
        case .settle(let owner, let account):
            try settle(owner: owner, behind: account, in: context)
            watcher.stakeChanged(of: owner, in: context)
        case .fund(let amount): try fund(amount, from: sender, in: context)
        }
    }

    /// Whom an event concerns besides its subject: both sides of a delegation.
    public func parties(to event: Event) -> [Bytes32] {
        guard let note = try? StakeNote(canonicalBytes: event.payload) else { return [] }
        return [note.owner.raw, note.operator.raw]
    }

    /// Shares an epoch's rewards at its cut and pays back what is due; bounded (STAKING-16,
    /// STAKING-6).
    public func endBlock(in context: ExecutionContext) {
        shareRewards(in: context)
        payBonds(in: context)
        payWithdrawals(in: context)
    }

    /// The figures that hold; the tables of roles and offences are not among them.
    public func figures(in state: any StateReader) -> JSON { parameters(in: state).json }

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range.
    public func adjust(
        to figures: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let names = ["delegationMin"] + StakingParameters.figures().map(\.name)
        let parameters = try StakingParameters(GenesisObject(figures, at: "", known: names))
        context.set(.staking, StakingKeys.parameters, parameters.canonicalBytes)
    }

    /// Writes figures, tables and the budget of `/modules/staking`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try StakingGenesis(genesis).write(by: self, in: context)
    }

    /// Checks the bonds and pools that the block changed (STAKING-30).
    public func breaches(after block: ExecutionContext) -> [String] {
        StakingInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every bond, pool and delegation (STAKING-30).
    public func breaches(in state: any StateReader) -> [String] {
        StakingInvariants(bank: bank).breaches(in: state)
    }
}
