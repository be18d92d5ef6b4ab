// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Vocabulary

/// Balances, escrows and what was burnt, in the state under the accounts' number.
struct LedgerBackedBank: EscrowBank {
    /// An account that cannot be paid, for the rules about money that cannot move.
    var unpayable: AccountID?

    func hold(
        from account: AccountID, asset: AssetID, amount: Amount, escrow: Bytes32,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard let left = balance(of: account, asset, in: context).subtracting(amount) else {
            throw refusal("insufficientBalance")
        }
        put(left, at: Self.account(account, asset), in: context)
        deposit(amount, of: asset, into: escrow, in: context)
    }

    func release(
        escrow: Bytes32, to account: AccountID, amount: Amount, in context: ExecutionContext
    ) throws(Refusal) {
        guard account != unpayable else { throw refusal("accountClosed") }
        let asset = try take(amount, from: escrow, in: context)
        let sum = balance(of: account, asset, in: context).adding(amount) ?? .zero
        put(sum, at: Self.account(account, asset), in: context)
    }

    func burn(escrow: Bytes32, amount: Amount, in context: ExecutionContext) throws(Refusal) {
        _ = try take(amount, from: escrow, in: context)
        let sum = self.amount(at: Self.burnt, in: context).adding(amount) ?? .zero
        put(sum, at: Self.burnt, in: context)
    }

    func balance(of escrow: Bytes32, in state: any StateReader) -> Amount {
        amount(at: Self.escrow(escrow), in: state)
    }
}

// MARK: - What tests ask and prepare

extension LedgerBackedBank {
    func balance(of account: AccountID, _ asset: AssetID, in state: any StateReader) -> Amount {
        amount(at: Self.account(account, asset), in: state)
    }

    func burnt(in state: any StateReader) -> Amount { amount(at: Self.burnt, in: state) }

    func credit(
        _ account: AccountID, _ asset: AssetID, _ amount: Amount, in context: ExecutionContext
    ) {
        put(amount, at: Self.account(account, asset), in: context)
    }

    func deposit(
        _ amount: Amount, of asset: AssetID, into escrow: Bytes32, in context: ExecutionContext
    ) {
        let sum = balance(of: escrow, in: context).adding(amount) ?? .zero
        put(sum, at: Self.escrow(escrow), in: context)
        context.set(.accounts, Self.asset(ofEscrow: escrow), asset.canonicalBytes)
    }

    /// Every base unit of every asset there is, bonds aside.
    func total(in state: any StateReader) -> UInt128 {
        [Self.accounts, Self.escrows, Self.burnt].reduce(0) { sum, prefix in
            state.scan(.accounts, prefix: prefix, after: nil, limit: .max)
                .reduce(sum) { $0 + amount(at: $1.key, in: state).units }
        }
    }

    private func take(
        _ amount: Amount, from escrow: Bytes32, in context: ExecutionContext
    ) throws(Refusal) -> AssetID {
        guard let left = balance(of: escrow, in: context).subtracting(amount),
            let bytes = context.value(.accounts, Self.asset(ofEscrow: escrow)),
            let asset = try? AssetID(canonicalBytes: bytes)
        else { throw refusal("escrowTooSmall") }
        put(left, at: Self.escrow(escrow), in: context)
        return asset
    }

    private func amount(at key: [UInt8], in state: any StateReader) -> Amount {
        state.value(.accounts, key).flatMap { try? Amount(canonicalBytes: $0) } ?? .zero
    }

    private func put(_ amount: Amount, at key: [UInt8], in context: ExecutionContext) {
        context.set(.accounts, key, amount == .zero ? nil : amount.canonicalBytes)
    }

    private func refusal(_ name: String) -> Refusal {
        Refusal(module: .accounts, code: 1, name: name, detail: name)
    }

    private static let accounts: [UInt8] = [0]
    private static let escrows: [UInt8] = [1]
    private static let burnt: [UInt8] = [2]
    private static func account(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        accounts + account.raw.bytes + asset.canonicalBytes
    }
    private static func escrow(_ escrow: Bytes32) -> [UInt8] { escrows + escrow.bytes }
    private static func asset(ofEscrow escrow: Bytes32) -> [UInt8] { [3] + escrow.bytes }
}

/// Providers with a bond, in the state under the registry's number.
struct StateBackedDirectory: ProviderDirectory {
    let bank: LedgerBackedBank

    func offer(of account: AccountID, in state: any StateReader) -> ProviderOffer? {
        guard let bytes = state.value(.registry, [0] + account.raw.bytes) else { return nil }
        var decoder = CanonicalDecoder(bytes)
        guard let isActive = try? decoder.readFlag(), let slots = try? decoder.read(UInt32.self)
        else { return nil }
        let price = Price(base: Amount(1), perMillionFuel: Amount(1))
        return ProviderOffer(isActive: isActive, price: price, slots: slots)
    }

    func slash(
        _ provider: AccountID, partsPerMillion: UInt32, into escrow: Bytes32,
        in context: ExecutionContext
    ) -> Amount {
        let bond = bond(of: provider, in: context)
        guard let taken = bond.scaled(by: UInt128(partsPerMillion), over: 1_000_000),
            let left = bond.subtracting(taken)
        else { return .zero }
        setBond(of: provider, left, in: context)
        bank.deposit(taken, of: .native, into: escrow, in: context)
        return taken
    }

    func enrol(
        _ provider: AccountID, isActive: Bool = true, slots: UInt32, in context: ExecutionContext
    ) {
        var encoder = CanonicalEncoder()
        encoder.write(isActive)
        encoder.write(slots)
        context.set(.registry, [0] + provider.raw.bytes, encoder.bytes)
    }

    func setBond(of provider: AccountID, _ bond: Amount, in context: ExecutionContext) {
        context.set(.registry, [1] + provider.raw.bytes, bond.canonicalBytes)
    }

    func bond(of provider: AccountID, in state: any StateReader) -> Amount {
        state.value(.registry, [1] + provider.raw.bytes)
            .flatMap { try? Amount(canonicalBytes: $0) } ?? .zero
    }

    func bonds(in state: any StateReader) -> UInt128 {
        state.scan(.registry, prefix: [1], after: nil, limit: .max)
            .reduce(0) { $0 + ((try? Amount(canonicalBytes: $1.value).units) ?? 0) }
    }
}

/// Evidence as a list of bytes per provider and job, under the reputation's number.
struct StateBackedEvidence: EvidenceBook {
    func record(
        _ evidence: ProviderEvidence, provider: AccountID, job: JobID, in context: ExecutionContext
    ) {
        let key = provider.raw.bytes + job.raw.bytes
        context.set(.reputation, key, (context.value(.reputation, key) ?? []) + [evidence.rawValue])
    }

    func evidence(
        on provider: AccountID, in job: JobID, _ state: any StateReader
    ) -> [ProviderEvidence] {
        (state.value(.reputation, provider.raw.bytes + job.raw.bytes) ?? [])
            .compactMap(ProviderEvidence.init(rawValue:))
    }
}
