// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of law about law: proposals, votes, and what comes of them.
public struct GovernanceModule: AdjustableModule {
    /// The module's number.
    public let id = ModuleID.governance
    /// The module's name.
    public let name = "governance"

    let bank: any GovernanceBank
    let stakes: any StakeBook
    let desk: any LawDesk

    /// Creates the module over whoever keeps money, knows stakes, and executes the law.
    public init(bank: any GovernanceBank, stakes: any StakeBook, desk: any LawDesk) {
        self.bank = bank
        self.stakes = stakes
        self.desk = desk
    }

    /// Decides one message.
    ///
    /// - Throws: A ``GovernanceRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try GovernanceMessage.read(payload) {
        case .lock(let amount): try lock(amount, of: sender, in: context)
        case .unlock(let amount): try unlock(amount, of: sender, in: context)
        case .delegate(let account): try delegate(sender, to: account, in: context)
        case .refresh(let account): refresh(account, in: context)
        case .propose(let draft, let deposit):
            try propose(draft, deposit, from: sender, in: context)
        case .withdraw(let number): try withdraw(number, by: sender, in: context)
        case .vote(let number, let choice):
            try vote(choice, on: number, by: sender, in: context)
        case .signalReady(let version, let plan):
            try signal(version, plan: plan, by: sender, in: context)
        case .setSeats(let electorate, let seats):
            try setSeats(seats, of: electorate, by: sender, in: context)
        case .setRules(let kind, let rules):
            try setRules(rules, of: kind, by: sender, in: context)
        }
    }

    /// Ends the stages that are due, at most eight, and enters an upgrade at its epoch.
    public func endBlock(in context: ExecutionContext) {
        advance(in: context)
        enterUpgrade(in: context)
    }

    /// Writes figures, rules, seats and clauses of `/modules/governance`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try GovernanceGenesis(genesis).write(in: context)
    }

    /// The figures that hold.
    public func figures(in state: any StateReader) -> JSON {
        GovernanceQueries(state).parameters.json
    }

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range.
    public func adjust(
        to figures: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let object = try GenesisObject(figures, at: "", known: GovernanceParameters.names)
        let parameters = try GovernanceParameters(object)
        context.set(.governance, GovernanceKeys.parameters, parameters.canonicalBytes)
    }

    /// Checks the proposals and locks that the block changed (GOVERNANCE-20).
    public func breaches(after block: ExecutionContext) -> [String] {
        GovernanceInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every proposal and lock (GOVERNANCE-20).
    public func breaches(in state: any StateReader) -> [String] {
        GovernanceInvariants(bank: bank).breaches(in: state)
    }
}
