// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of mandates: who may act for whom, how far, and what an owner lets a machine agree to.
public struct MandatesModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.mandates
    /// The module's name.
    public let name = "mandates"

    let desk: any PrincipalDesk
    let identities: any IdentityDirectory

    /// Creates the module over whoever carries messages out and knows who speaks for whom.
    public init(desk: any PrincipalDesk, identities: any IdentityDirectory) {
        self.desk = desk
        self.identities = identities
    }

    /// Decides one message.
    ///
    /// - Throws: A ``MandatesRefusal`` as a ``Refusal``, or what the principal's message meets.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try MandatesMessage.read(payload) {
        case .grant(let message): try grant(message, from: sender, in: context)
        case .narrow(let message): try narrow(message, from: sender, in: context)
        case .revoke(let message): try revoke(message, from: sender, in: context)
        case .act(let message): try act(message, from: sender, in: context)
        // Its work was done when the fee was paid (MANDATES-9).
        case .payFees: return
        case .setOwner(let message): try setOwner(message, from: sender, in: context)
        case .authorise(let message): try authorise(message, from: sender, in: context)
        case .releaseMachine(let message): try releaseMachine(message, from: sender, in: context)
        }
    }

    /// The principal and the delegate, beside the mandate itself.
    public func parties(to event: Event) -> [Bytes32] {
        switch MandatesEventKind(rawValue: event.kind) {
        case .mandateGranted, .mandateEnded:
            guard let mandate = try? Mandate(canonicalBytes: event.payload) else { return [] }
            return [mandate.principal.raw, mandate.delegate.raw]
        case .acted:
            guard let acted = try? ActedForPrincipal(canonicalBytes: event.payload) else {
                return []
            }
            return [acted.principal.raw, acted.delegate.raw]
        case .feesPaid, nil: return []
        case .machineChanged:
            guard let machine = try? OwnedMachine(canonicalBytes: event.payload) else { return [] }
            return [machine.owner.raw]
        }
    }

    /// Takes no figures: the part must be empty.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        _ = try GenesisObject(genesis, at: "", known: [])
    }

    /// Checks the mandates that the block changed (MANDATES-12).
    public func breaches(after block: ExecutionContext) -> [String] {
        MandatesInvariants.breaches(after: block)
    }

    /// Checks every mandate (MANDATES-12).
    public func breaches(in state: any StateReader) -> [String] {
        MandatesInvariants.breaches(in: state)
    }
}
