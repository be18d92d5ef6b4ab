// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of trades: pools of two assets, and windows where roles' assets become native units.
public struct ExchangeModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.exchange
    /// The module's name.
    public let name = "exchange"

    let bank: any ExchangeBank
    let law: AccountID

    /// Creates the module over whoever keeps money.
    ///
    /// - Parameter law: The account that does what was decided.
    public init(bank: any ExchangeBank, law: AccountID) {
        self.bank = bank
        self.law = law
    }

    /// Decides one message.
    ///
    /// - Throws: An ``ExchangeRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try ExchangeMessage.read(payload) {
        case .createPool(let order): try createPool(order, from: sender, in: context)
        case .addLiquidity(let order): try addLiquidity(order, from: sender, in: context)
        case .removeLiquidity(let order): try removeLiquidity(order, from: sender, in: context)
        case .swap(let order): try swap(order, from: sender, in: context)
        case .lock(let pool, let shares, let until):
            try lock(shares, of: pool, until: until, from: sender, in: context)
        case .unlock(let pool): try unlock(pool, from: sender, in: context)
        case .fund(let amount): try fund(amount, from: sender, in: context)
        case .convert(let asset, let amount, let least):
            try convert(amount, of: asset, least: least, from: sender, in: context)
        case .setWindow(let asset, let terms):
            try setWindow(asset, terms, by: sender, in: context)
        }
    }

    /// Writes figures, windows, the fund and pools of `/modules/exchange`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try ExchangeGenesis(genesis, at: context.block.time).write(by: self, in: context)
    }

    /// Checks the pools that the block changed (EXCHANGE-20).
    public func breaches(after block: ExecutionContext) -> [String] {
        ExchangeInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every pool and lock (EXCHANGE-20).
    public func breaches(in state: any StateReader) -> [String] {
        ExchangeInvariants(bank: bank).breaches(in: state)
    }
}

extension ExchangeModule: AdjustableModule {
    /// The figures that hold.
    public func figures(in state: any StateReader) -> JSON {
        ExchangeQueries(state).parameters.json
    }

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range; nothing has changed.
    public func adjust(to figures: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        let parameters = try ExchangeParameters(
            GenesisObject(figures, at: "", known: ExchangeParameters.names))
        context.set(.exchange, ExchangeKeys.parameters, parameters.canonicalBytes)
    }
}
