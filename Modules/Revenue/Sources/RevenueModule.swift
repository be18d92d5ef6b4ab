// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of revenue: how fees and payments are divided, and what work earns besides.
public struct RevenueModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.revenue
    /// The module's name.
    public let name = "revenue"

    let bank: any RevenueBank
    let people: any RevenuePeople

    /// Creates the module over whoever keeps money and whoever knows people.
    public init(bank: any RevenueBank, people: any RevenuePeople) {
        self.bank = bank
        self.people = people
    }

    /// Decides one message.
    ///
    /// - Throws: A ``RevenueRefusal`` as a ``Refusal``.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try RevenueMessage.read(payload) {
        case .nameOrchestrator(let account):
            try nameOrchestrator(account, for: sender, in: context)
        }
    }

    /// The account that a message names.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        guard case .nameOrchestrator(let account) = try? RevenueMessage(canonicalBytes: payload)
        else { return nil }
        return account.map { [$0.raw] } ?? []
    }

    /// The other account of a note.
    public func parties(to event: Event) -> [Bytes32] {
        guard let note = try? RevenueNote(canonicalBytes: event.payload) else { return [] }
        return [note.other.raw]
    }

    /// Divides the fees of the block (REVENUE-1).
    public func endBlock(in context: ExecutionContext) { divideFees(in: context) }

    /// Writes the figures and tables of `/modules/revenue`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try RevenueGenesis(genesis).write(by: self, in: context)
    }

    /// Checks that what came in went out, and that nothing rests between (REVENUE-20).
    public func breaches(after block: ExecutionContext) -> [String] {
        breaches(in: block)
    }

    /// The same: the module keeps one record.
    public func breaches(in state: any StateReader) -> [String] {
        RevenueInvariants(bank: bank).breaches(in: state)
    }
}

extension RevenueModule: AdjustableModule {
    /// The figures that hold.
    public func figures(in state: any StateReader) -> JSON {
        RevenueQueries(state).parameters.json
    }

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range, or divides less or
    ///   more than the whole; nothing has changed.
    public func adjust(to figures: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        let object = try GenesisObject(figures, at: "", known: RevenueParameters.names)
        let parameters = try RevenueParameters(object)
        try checkPools(of: parameters, object, in: context)
        context.set(.revenue, RevenueKeys.parameters, parameters.canonicalBytes)
    }

    /// Pools that a figure names must be there.
    func checkPools(
        of parameters: RevenueParameters, _ object: GenesisObject, in context: ExecutionContext
    ) throws(GenesisFailure) {
        for (name, pool) in [
            ("treasuryPool", parameters.treasuryPool), ("workPool", parameters.workPool),
        ] {
            if let pool, !bank.hasPool(pool, in: context) {
                throw object.failure(name, "is no pool of the treasury")
            }
        }
    }
}
