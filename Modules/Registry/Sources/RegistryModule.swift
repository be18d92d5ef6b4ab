// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of providers: who offers work, under which terms, backed by which bond.
public struct RegistryModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.registry
    /// The module's name.
    public let name = "registry"

    let bank: any BondBank

    /// Creates the module over whoever holds its bonds.
    public init(bank: any BondBank) { self.bank = bank }

    /// Decides one message.
    ///
    /// - Throws: A ``RegistryRefusal`` as a ``Refusal``, or what the bank refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try RegistryMessage.read(payload) {
        case .register(let message): try register(message, from: sender, in: context)
        case .update(let message): try update(message, from: sender, in: context)
        case .pause: try pause(sender, in: context)
        case .resume: try resume(sender, in: context)
        case .unbond: try unbond(sender, in: context)
        case .withdraw: try withdraw(sender, in: context)
        }
    }

    /// Writes the parameters of `/modules/registry`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let parameters = try RegistryParameters(genesis: genesis)
        context.set(.registry, RegistryKeys.parameters, parameters.canonicalBytes)
    }

    /// Checks the bonds of the providers that the block changed (REGISTRY-9).
    public func breaches(after block: ExecutionContext) -> [String] {
        RegistryInvariants.breaches(after: block, bank: bank)
    }

    /// Checks every provider's bond (REGISTRY-9).
    public func breaches(in state: any StateReader) -> [String] {
        RegistryInvariants.breaches(in: state, bank: bank)
    }
}
