// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of accounts: balances of many assets, transfers, escrows, nonces and fees.
public struct AccountsModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.accounts
    /// The module's name.
    public let name = "accounts"

    /// Creates the module; all it knows is in the state.
    public init() {}

    /// Decides one message.
    ///
    /// - Throws: An ``AccountsRefusal`` as a ``Refusal``.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try AccountsMessage.read(payload) {
        case .transfer(let transfer): try transfer.apply(from: sender, in: context)
        }
    }

    /// Reads a transfer that has parts (ACCOUNTS-10).
    public func readNative(_ payload: [UInt8], into effects: inout NativeEffects) -> Bool {
        Transfer.readNative(payload, into: &effects)
    }

    /// Who receives.
    public func resources(of payload: [UInt8]) -> [Bytes32]? {
        guard case .transfer(let transfer) = try? AccountsMessage(canonicalBytes: payload) else {
            return nil
        }
        return transfer.parts.map(\.account.raw)
    }

    /// Who gave and who received; a fee concerns its payer alone.
    public func parties(to event: Event) -> [Bytes32] {
        guard event.kind != AccountsEventKind.feePaid.rawValue,
            let movement = try? Movement(canonicalBytes: event.payload)
        else { return [] }
        return [movement.from.raw, movement.to.raw]
    }

    /// Writes assets and balances of `/modules/accounts`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try AccountsGenesis(genesis).write(in: context)
    }

    /// Checks that balances and escrows moved together with the supply (ACCOUNTS-9).
    public func breaches(after block: ExecutionContext) -> [String] {
        AccountsInvariants.breaches(after: block)
    }

    /// Adds up every balance and escrow and compares with the supply (ACCOUNTS-9).
    public func breaches(in state: any StateReader) -> [String] {
        AccountsInvariants.breaches(in: state)
    }
}
