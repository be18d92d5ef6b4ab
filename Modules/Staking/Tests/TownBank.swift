// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Staking
import Vocabulary

/// Balances, purses and issued shares, kept in the same state as everything else.
struct TownBank: StakingBank, CellBank {
    static let module = ModuleID(99)

    private static func balanceKey(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + account.raw.bytes + asset.canonicalBytes
    }
    private static func purseKey(_ purse: Purse) -> [UInt8] {
        // Those of other assets lie apart, so that the native asset can be added up.
        if case .second = purse { return [4] + purse.id.bytes }
        return [2] + purse.id.bytes
    }
    private static let burntKey: [UInt8] = [3]

    func give(
        _ amount: Amount, _ asset: AssetID = .native, to account: AccountID,
        in context: ExecutionContext
    ) { add(amount, to: Self.balanceKey(account, asset), in: context) }

    func balance(
        of account: AccountID, _ asset: AssetID = .native, in state: any StateReader
    ) -> Amount { amount(Self.balanceKey(account, asset), in: state) }

    func burnt(in state: any StateReader) -> Amount { amount(Self.burntKey, in: state) }

    /// Everything of the native asset: balances, purses and what was burnt.
    func everything(in state: any StateReader) -> UInt128 {
        let balances = state.scan(Self.module, prefix: [1], after: nil, limit: 10_000)
            .filter { $0.key.suffix(8).allSatisfy { $0 == 0 } }
        let rest = state.scan(Self.module, prefix: [2], after: nil, limit: 10_000)
        return (balances + rest).reduce(burnt(in: state).units) { sum, pair in
            sum + ((try? Amount(canonicalBytes: pair.value))?.units ?? 0)
        }
    }

    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into purse: Purse,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(account, asset), in: context)
        add(amount, to: Self.purseKey(purse), in: context)
    }

    func pay(
        _ amount: Amount, from purse: Purse, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.purseKey(purse), in: context)
        var asset = AssetID.native
        if case .second = purse { asset = Town.coral }
        add(amount, to: Self.balanceKey(account, asset), in: context)
    }

    func move(
        _ amount: Amount, from purse: Purse, into other: Purse, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.purseKey(purse), in: context)
        add(amount, to: Self.purseKey(other), in: context)
    }

    func burn(
        _ amount: Amount, from purse: Purse, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.purseKey(purse), in: context)
        if case .second = purse { return }
        add(amount, to: Self.burntKey, in: context)
    }

    func balance(of purse: Purse, in state: any StateReader) -> Amount {
        amount(Self.purseKey(purse), in: state)
    }

    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) { give(shares, asset, to: account, in: context) }

    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal) { try take(shares, from: Self.balanceKey(account, asset), in: context) }
}

/// Validators whose standing a test says; at each cut all that are open get a seat.
struct TownValidators: ValidatorBook {
    static let module = ModuleID(98)

    private func amount(_ key: [UInt8], in state: any StateReader) -> Amount? {
        state.value(Self.module, key).flatMap { try? Amount(canonicalBytes: $0) }
    }

    private func key(_ kind: UInt8, _ account: AccountID) -> [UInt8] {
        [kind] + account.raw.bytes
    }

    func set(
        _ account: AccountID, own: Amount, isOpen: Bool = true, in context: ExecutionContext
    ) {
        context.set(Self.module, key(1, account), own.canonicalBytes)
        context.set(Self.module, key(2, account), isOpen ? [1] : nil)
    }

    func standing(of account: AccountID, in state: any StateReader) -> ValidatorStanding? {
        amount(key(1, account), in: state).map {
            ValidatorStanding(
                isOpen: state.value(Self.module, key(2, account)) != nil, own: $0)
        }
    }

    func newestEpoch(in state: any StateReader) -> Epoch {
        state.value(Self.module, [3]).flatMap { try? Epoch(canonicalBytes: $0) } ?? Epoch(0)
    }

    func unbondingEpochs(in state: any StateReader) -> UInt64 { 3 }

    func setBacking(
        _ amount: Amount, behind account: AccountID, in context: ExecutionContext
    ) {
        context.set(Self.module, key(4, account), amount.canonicalBytes)
    }

    func backing(of account: AccountID, in state: any StateReader) -> Amount {
        amount(key(4, account), in: state) ?? .zero
    }

    /// Writes down an offence that has been punished.
    func convict(_ account: AccountID, of epoch: Epoch, in context: ExecutionContext) {
        context.set(Self.module, [6] + epoch.canonicalBytes + account.raw.bytes, [1])
    }

    /// Chooses the set of an epoch.
    func choose(_ epoch: Epoch, in context: ExecutionContext) {
        context.set(Self.module, [3], epoch.canonicalBytes)
        let open = context.scan(Self.module, prefix: [2], after: nil, limit: 100)
        for pair in open {
            guard let raw = Bytes32(pair.key.suffix(32)) else { continue }
            let account = AccountID(raw)
            let own = amount(key(1, account), in: context) ?? .zero
            let stake = own.adding(backing(of: account, in: context)) ?? .zero
            context.set(
                Self.module, [5] + epoch.canonicalBytes + account.raw.bytes,
                Amount(stake.units / Amount.unitsPerWhole).canonicalBytes)
        }
    }

    func seats(of epoch: Epoch, in state: any StateReader) -> [ValidatorSeat] {
        state.scan(Self.module, prefix: [5] + epoch.canonicalBytes, after: nil, limit: 100)
            .compactMap { pair in
                guard let raw = Bytes32(pair.key.suffix(32)),
                    let weight = try? Amount(canonicalBytes: pair.value)
                else { return nil }
                let offence = [6] + epoch.canonicalBytes + raw.bytes
                return ValidatorSeat(
                    account: AccountID(raw), weight: UInt64(weight.units),
                    isPunished: state.value(Self.module, offence) != nil)
            }
    }
}

/// Conducts that a test says; nothing is known of others.
struct TownConduct: ConductBook {
    static let module = ModuleID(97)

    func set(
        _ account: AccountID, uptime: UInt64? = nil, hasVoted: Bool = false,
        since: UInt64? = nil, in context: ExecutionContext
    ) {
        var encoder = CanonicalEncoder()
        for number in [uptime, since] {
            encoder.write(number != nil)
            encoder.write(number ?? 0)
        }
        encoder.write(hasVoted)
        context.set(Self.module, account.raw.bytes, encoder.bytes)
    }

    func conduct(of account: AccountID, in epoch: Epoch, _ state: any StateReader) -> SeatConduct {
        guard let bytes = state.value(Self.module, account.raw.bytes) else { return .unknown }
        var decoder = CanonicalDecoder(bytes)
        func number() -> UInt64? {
            let isThere = (try? decoder.readFlag()) ?? false
            let number = try? decoder.read(UInt64.self)
            return isThere ? number : nil
        }
        let (uptime, since) = (number(), number())
        return SeatConduct(
            uptime: uptime, hasVoted: (try? decoder.readFlag()) ?? false,
            since: since.map { BlockHeight($0) })
    }
}
