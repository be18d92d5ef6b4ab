// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The market: orders with escrow, bids, leases, results, settlement (README.md is its law).
public struct MarketModule: LedgerModule {
    let bank: any EscrowBank
    let providers: any ProviderDirectory
    let evidence: any EvidenceBook

    /// Wires the market to what it needs of others.
    public init(
        bank: any EscrowBank, providers: any ProviderDirectory, evidence: any EvidenceBook
    ) {
        self.bank = bank
        self.providers = providers
        self.evidence = evidence
    }

    /// 3.
    public var id: ModuleID { .market }
    /// `market`.
    public var name: String { "market" }

    /// Decides one ``MarketMessage``.
    ///
    /// - Throws: A ``Refusal`` with the number and name of a ``MarketRefusal``, or the bank's.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let desk = desk(in: context)
        switch try Self.message(payload) {
        case .openOrder(let message): try desk.openOrder(message, from: sender)
        case .placeBid(let message): try desk.placeBid(message, from: sender)
        case .commitResult(let message): try desk.commitResult(message, from: sender)
        case .revealResult(let message): try desk.revealResult(message, from: sender)
        case .giveUp(let message): try desk.giveUp(message, from: sender)
        case .cancelOrder(let message): try desk.cancelOrder(message, from: sender)
        }
    }

    /// Handles what is due, then matches what changed (MARKET-5, MARKET-15, MARKET-18).
    public func endBlock(in context: ExecutionContext) {
        let desk = desk(in: context)
        desk.handleDueOrders()
        desk.matchTouchedOrders()
    }

    /// Writes the parameters.
    public func initialise(from genesis: JSON, in context: ExecutionContext) throws(GenesisFailure)
    {
        let parameters = try MarketParameters(genesis: genesis)
        context.set(.market, MarketKeys.parameters, parameters.canonicalBytes)
    }

    private func desk(in context: ExecutionContext) -> MarketDesk {
        MarketDesk(bank: bank, providers: providers, evidence: evidence, context: context)
    }

    private static func message(_ payload: [UInt8]) throws(Refusal) -> MarketMessage {
        do {
            return try MarketMessage(canonicalBytes: payload)
        } catch {
            throw MarketRefusal.malformed.refusal("the payload is no message: \(error)")
        }
    }
}
