// SPDX-License-Identifier: Apache-2.0
import Accounts
import Effects
import Ledger
import Market
import Registry
import Reputation
import Validators
import Vocabulary

/// The real modules, introduced to each other.
struct TownHall {
    let accounts = AccountsModule()
    let reputation = ReputationModule()

    var registry: RegistryModule { RegistryModule(bank: Bonds(accounts: accounts)) }

    var market: MarketModule {
        MarketModule(
            bank: Escrows(accounts: accounts), providers: Directory(registry: registry),
            evidence: Evidences(reputation: reputation))
    }

    var validators: ValidatorsModule { ValidatorsModule(bank: Stakes(accounts: accounts)) }

    var modules: [any LedgerModule] { [accounts, registry, market, reputation, validators] }
}

private struct Stakes: StakeBank {
    let accounts: AccountsModule

    private func key(_ owner: AccountID) -> EscrowKey {
        EscrowKey(module: .validators, id: owner.raw)
    }

    func holdStake(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: owner, as: key(owner), in: context)
    }

    func releaseStake(
        _ amount: Amount, of owner: AccountID, to destination: StakeDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        switch destination {
        case .owner: try accounts.release(amount, from: key(owner), to: owner, in: context)
        case .forfeited: try accounts.burn(amount, from: key(owner), in: context)
        }
    }

    func stake(of owner: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(owner), in: state)?.amount ?? .zero
    }
}

private struct Bonds: BondBank {
    let accounts: AccountsModule

    func holdBond(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: owner, as: key(owner), in: context)
    }

    func releaseBond(
        _ amount: Amount, of owner: AccountID, to destination: BondDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        switch destination {
        case .account(let account):
            try accounts.release(amount, from: key(owner), to: account, in: context)
        case .escrow(let module, let id):
            try accounts.move(
                amount, from: key(owner), into: EscrowKey(module: module, id: id), in: context)
        case .burnt: try accounts.burn(amount, from: key(owner), in: context)
        }
    }

    func bond(of owner: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(owner), in: state)?.amount ?? .zero
    }

    private func key(_ owner: AccountID) -> EscrowKey {
        EscrowKey(module: .registry, id: owner.raw)
    }
}

private struct Escrows: EscrowBank {
    let accounts: AccountsModule

    func hold(
        from account: AccountID, asset: AssetID, amount: Amount, escrow: Bytes32,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: asset, from: account, as: key(escrow), in: context)
    }

    func release(
        escrow: Bytes32, to account: AccountID, amount: Amount, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(escrow), to: account, in: context)
    }

    func burn(escrow: Bytes32, amount: Amount, in context: ExecutionContext) throws(Refusal) {
        try accounts.burn(amount, from: key(escrow), in: context)
    }

    func balance(of escrow: Bytes32, in state: any StateReader) -> Amount {
        accounts.escrow(key(escrow), in: state)?.amount ?? .zero
    }

    private func key(_ id: Bytes32) -> EscrowKey { EscrowKey(module: .market, id: id) }
}

private struct Directory: ProviderDirectory {
    let registry: RegistryModule

    func offer(of account: AccountID, in state: any StateReader) -> ProviderOffer? {
        registry.provider(account, in: state).map { provider in
            ProviderOffer(
                isActive: provider.isActive,
                price: Price(
                    base: provider.terms.basePrice,
                    perMillionFuel: provider.terms.pricePerMillionFuel),
                slots: provider.terms.slots)
        }
    }

    func slash(
        _ provider: AccountID, partsPerMillion: UInt32, into escrow: Bytes32,
        in context: ExecutionContext
    ) -> Amount {
        let taken = try? registry.slash(
            provider, by: .partsPerMillion(partsPerMillion), to: .escrow(.market, escrow),
            reason: "market", in: context)
        return taken ?? .zero
    }
}

private struct Evidences: EvidenceBook {
    let reputation: ReputationModule

    func record(
        _ evidence: ProviderEvidence, provider: AccountID, job: JobID, in context: ExecutionContext
    ) {
        guard let kind = EvidenceKind(rawValue: evidence.rawValue) else { return }
        reputation.record(kind, about: provider, job: job, in: context)
    }
}

/// A store that is empty for ever: these chains are never committed.
struct VoidStore: KeyValueStore {
    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? { nil }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] { [] }

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        throw .denied(path: "void")
    }

    func close() async {}
}
