// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of validators: who may vote, with how much stake, and who votes in the next epoch.
public struct ValidatorsModule: AdjustableModule {
    /// The module's number.
    public let id = ModuleID.validators
    /// The module's name.
    public let name = "validators"

    let bank: any StakeBank
    let backers: any Backers

    /// Creates the module over whoever holds its stakes, and what others put behind its members.
    public init(bank: any StakeBank, backers: any Backers = NoBackers()) {
        self.bank = bank
        self.backers = backers
    }

    /// Decides one message.
    ///
    /// - Throws: A ``ValidatorsRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try ValidatorsMessage.read(payload) {
        case .join(let message): try join(message, from: sender, in: context)
        case .addStake(let amount): try addStake(amount, from: sender, in: context)
        case .leave: try leave(sender, in: context)
        case .rotateKey(let message): try rotateKey(message, from: sender, in: context)
        case .update(let message): try update(message, from: sender, in: context)
        case .resume: try resume(sender, in: context)
        case .submitEvidence(let evidence): try punish(evidence, in: context)
        case .submitLaneEvidence(let evidence): try punish(evidence, in: context)
        }
    }

    /// Chooses the next set at an epoch's cut height (VALIDATORS-7) and pays back stakes that are
    /// due (VALIDATORS-6).
    public func endBlock(in context: ExecutionContext) {
        watch(in: context)
        chooseSet(in: context)
        payBack(in: context)
    }

    /// Writes the parameters of `/modules/validators`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let parameters = try ValidatorsParameters(genesis: genesis)
        context.set(.validators, ValidatorsKeys.parameters, parameters.canonicalBytes)
        try writeDowntime(genesis, in: context)
    }

    private func writeDowntime(
        _ json: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let terms = try DowntimeTerms(
            GenesisObject(json, at: "", known: ValidatorsParameters.names))
        context.set(.validators, ValidatorsKeys.downtime, terms?.canonicalBytes)
    }

    /// The figures that hold.
    public func figures(in state: any StateReader) -> JSON { ValidatorsQueries(state).figures }

    /// Sets all figures but `stakeMin`, by which members are ranked (VALIDATORS-16).
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range.
    public func adjust(
        to figures: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let parameters = try ValidatorsParameters(genesis: figures)
        guard parameters.stakeMin == self.parameters(in: context).stakeMin else {
            throw GenesisFailure(pointer: "/stakeMin", reason: "stays as the genesis said")
        }
        try writeDowntime(figures, in: context)
        context.set(.validators, ValidatorsKeys.parameters, parameters.canonicalBytes)
    }

    /// Makes the validators of the genesis the first members and the set of epoch 0
    /// (VALIDATORS-2).
    public func found(
        _ validators: [GenesisValidator], in context: ExecutionContext
    ) throws(GenesisFailure) {
        try ValidatorsGenesis.write(validators, of: self, in: context)
    }

    /// Checks the members that the block changed, and a set that it chose (VALIDATORS-13).
    public func breaches(after block: ExecutionContext) -> [String] {
        ValidatorsInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every member, the ranking and the sets (VALIDATORS-13).
    public func breaches(in state: any StateReader) -> [String] {
        ValidatorsInvariants(bank: bank).breaches(in: state)
    }
}
