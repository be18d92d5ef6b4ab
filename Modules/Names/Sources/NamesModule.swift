// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of names that people read: claimed by auction, held for terms, renewed, passed on.
public struct NamesModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.names
    /// The module's name.
    public let name = "names"

    let bank: any NameBank
    let speakers: any SpeakerDirectory

    /// Creates the module over whoever holds bids and knows who speaks for whom.
    public init(bank: any NameBank, speakers: any SpeakerDirectory) {
        self.bank = bank
        self.speakers = speakers
    }

    /// Decides one message.
    ///
    /// - Throws: A ``NamesRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try NamesMessage.read(payload) {
        case .claim(let message): try claim(message, from: sender, in: context)
        case .bid(let message): try bid(message, from: sender, in: context)
        case .renew(let message): try renew(message, from: sender, in: context)
        case .point(let message): try point(message, from: sender, in: context)
        case .transfer(let message): try transfer(message, from: sender, in: context)
        case .release(let message): try release(message, from: sender, in: context)
        }
    }

    /// The name.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        (try? NamesMessage(canonicalBytes: payload)).map { [$0.name.id] }
    }

    /// Whoever has, had, leads or led.
    public func parties(to event: Event) -> [Bytes32] {
        (try? NameEvent(canonicalBytes: event.payload)).map { $0.people.map(\.raw) } ?? []
    }

    /// Settles the auctions that have ended (NAMES-5).
    public func endBlock(in context: ExecutionContext) { settleAuctions(in: context) }

    /// Writes the parameters of `/modules/names`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let parameters = try NamesParameters(genesis: genesis)
        context.set(.names, NamesKeys.parameters, parameters.canonicalBytes)
    }

    /// Checks the auctions that the block changed (NAMES-11).
    public func breaches(after block: ExecutionContext) -> [String] {
        NamesInvariants.breaches(after: block, bank: bank)
    }

    /// Checks every auction and every name (NAMES-11).
    public func breaches(in state: any StateReader) -> [String] {
        NamesInvariants.breaches(in: state, bank: bank)
    }
}
