// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The market: orders with escrow, bids, leases, results, settlement (README.md is its law).
public struct MarketModule: LedgerModule {
    let bank: any EscrowBank
    let providers: any ProviderDirectory
    let evidence: any EvidenceBook
    let authority: any ContractAuthority
    let payments: any PaymentDesk

    /// Wires the market to what it needs of others.
    ///
    /// - Parameter payments: Who divides payments; nobody leaves them whole.
    public init(
        bank: any EscrowBank, providers: any ProviderDirectory, evidence: any EvidenceBook,
        authority: any ContractAuthority = FreeContracts(),
        payments: (any PaymentDesk)? = nil
    ) {
        self.bank = bank
        self.providers = providers
        self.evidence = evidence
        self.authority = authority
        self.payments = payments ?? WholePayments(bank: bank)
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

    /// The program of an order that is opened, the job of any other message.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        switch try? MarketMessage(canonicalBytes: payload) {
        case nil: nil
        case .openOrder(let message): [message.terms.moduleDigest.raw]
        case .placeBid(let message): [message.job.raw]
        case .commitResult(let message): [message.job.raw]
        case .revealResult(let message): [message.job.raw]
        case .giveUp(let message): [message.job.raw]
        case .cancelOrder(let message): [message.job.raw]
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
        MarketDesk(
            bank: bank, providers: providers, evidence: evidence, authority: authority,
            payments: payments, context: context)
    }

    private static func message(_ payload: [UInt8]) throws(Refusal) -> MarketMessage {
        do {
            return try MarketMessage(canonicalBytes: payload)
        } catch {
            throw MarketRefusal.malformed.refusal("the payload is no message: \(error)")
        }
    }
}
