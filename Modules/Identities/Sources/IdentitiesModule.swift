// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of identities: their logs, who attests with which bond, and what lists of status say.
public struct IdentitiesModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.identities
    /// The module's name.
    public let name = "identities"

    let bank: any IssuerBank
    let law: AccountID?
    let rules: any RulesClock
    let watcher: any PersonWatcher

    /// Creates the module over whoever holds the bonds of issuers.
    ///
    /// - Parameters:
    ///   - law: The account that does what was decided; nothing where nothing is.
    ///   - rules: Who knows which version of the rules holds.
    ///   - watcher: Who wants to know of persons.
    public init(
        bank: any IssuerBank, law: AccountID? = nil, rules: any RulesClock = NewestRules(),
        watcher: any PersonWatcher = NoPersonWatcher()
    ) {
        self.bank = bank
        self.law = law
        self.rules = rules
        self.watcher = watcher
    }

    /// Decides one message.
    ///
    /// - Throws: An ``IdentitiesRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try IdentitiesMessage.read(payload) {
        case .create(let message): try create(message, in: context)
        case .submit(let message): try submit(message, in: context)
        case .registerIssuer(let message): try registerIssuer(message, from: sender, in: context)
        case .updateIssuer(let message): try updateIssuer(message, from: sender, in: context)
        case .retireIssuer(let message): try retireIssuer(message, from: sender, in: context)
        case .withdrawIssuerBond(let message):
            try withdrawIssuerBond(message, from: sender, in: context)
        case .anchorStatus(let message): try anchorStatus(message, from: sender, in: context)
        case .reportIssuance(let message): try reportIssuance(message, from: sender, in: context)
        case .reportToken(let message): try reportToken(message, from: sender, in: context)
        case .vouchForPerson(let message): try vouch(message, from: sender, in: context)
        case .endVouch(let message): try endVouch(message, from: sender, in: context)
        case .setPersonIssuers(let message):
            try setPersonIssuers(message, from: sender, in: context)
        }
    }

    /// The identity that a message about an issuer is for; none for what is signed by itself.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        switch try? IdentitiesMessage(canonicalBytes: payload) {
        case nil: nil
        case .create, .submit, .setPersonIssuers: []
        case .vouchForPerson(let message): [message.issuer.raw, message.account.raw]
        case .endVouch(let message): [message.issuer.raw, message.account.raw]
        case .registerIssuer(let message): [message.issuer.raw]
        case .updateIssuer(let message): [message.issuer.raw]
        case .retireIssuer(let message): [message.issuer.raw]
        case .withdrawIssuerBond(let message): [message.issuer.raw]
        case .anchorStatus(let message): [message.issuer.raw]
        case .reportIssuance(let message): [message.issuer.raw]
        case .reportToken(let message): [message.issuer.raw]
        }
    }

    /// Who reported an issuer, beside the issuer.
    public func parties(to event: Event) -> [Bytes32] {
        guard event.kind == IdentitiesEventKind.issuerSlashed.rawValue,
            let slashed = try? IssuerSlashed(canonicalBytes: event.payload)
        else { return [] }
        return [slashed.reporter.raw]
    }

    /// Writes the parameters of `/modules/identities`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let parameters = try IdentitiesParameters(genesis: genesis)
        context.set(.identities, IdentitiesKeys.parameters, parameters.canonicalBytes)
        try writePersons(genesis, in: context)
    }

    /// Forgets persons for whom nobody vouches any longer (IDENTITIES-14).
    public func endBlock(in context: ExecutionContext) { endPersons(in: context) }

    /// Checks the records that the block changed (IDENTITIES-4, IDENTITIES-12).
    public func breaches(after block: ExecutionContext) -> [String] {
        IdentitiesInvariants.breaches(after: block, bank: bank)
    }

    /// Checks every record (IDENTITIES-4, IDENTITIES-12).
    public func breaches(in state: any StateReader) -> [String] {
        IdentitiesInvariants.breaches(in: state, bank: bank)
    }
}
