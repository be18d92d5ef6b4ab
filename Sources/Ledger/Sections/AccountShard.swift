// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The accounts of one shard in section 1: their senders' transactions, and what comes in.
///
/// One worker at a time touches a shard; shards share nothing that changes (EXECUTION-8).
final class AccountShard: @unchecked Sendable {
    /// What became of a transaction here.
    enum Fate {
        /// It has an outcome.
        case decided(TransactionOutcome)
        /// It belongs to section 2.
        case serial
    }

    /// One transaction of a sender of this shard.
    struct Decision {
        let index: UInt32
        let fate: Fate
        /// Its events in ``AccountShard/events``.
        let events: Range<Int>
    }

    /// An amount on its way to a shard.
    struct Credit {
        let account: AccountID
        let asset: AssetID
        let amount: UInt128
        let hash: UInt64
    }

    let input: SectionInput
    let number: Int
    let shards: Int
    let layout: AccountLayout
    var table = CellTable()
    private(set) var decisions: [Decision] = []
    private(set) var events = EventList()
    private(set) var outgoing: [[Credit]]
    private(set) var fees: UInt128 = 0
    private var keys: AccountKeys
    private var effects = NativeEffects()
    private var effectsAhead = NativeEffects()
    private var consumed: Set<Digest>?
    private var assets: [(asset: AssetID, exists: Bool)] = []

    init(_ input: SectionInput, number: Int, of shards: Int) {
        self.input = input
        self.number = number
        self.shards = shards
        layout = input.book.layout
        keys = AccountKeys(layout)
        outgoing = [[Credit]](repeating: [], count: shards)
    }

    /// The shard of an account.
    static func number(of hash: UInt64, among shards: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 56) & (shards - 1)
    }

    // MARK: Cells

    /// The cell of an account and asset, read from the state when it is new.
    func cell(_ account: AccountID, _ asset: AssetID, hash: UInt64) -> Int {
        if let index = table.find(account, asset, hash: hash) { return index }
        keys.setBalance(account, asset)
        let start = input.layers.peek(keys.balance) { bytes in
            bytes.map { UInt128(littleEndian: $0.loadUnaligned(as: UInt128.self)) } ?? 0
        }
        return table.insert(
            AccountCell(account: account, asset: asset, start: start), hash: hash)
    }

    private func loadNonce(at index: Int) -> UInt64 {
        let cell = table.cells[index]
        if cell.nonceStart != nil { return cell.nonce }
        keys.setNonce(cell.account)
        let nonce = input.layers.peek(keys.nonce) { bytes in
            bytes.map { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) } ?? 0
        }
        table.change(at: index) { ($0.nonceStart, $0.nonce) = (nonce, nonce) }
        return nonce
    }

    // MARK: Senders

    /// Carries out this shard's transactions, in the order of the cut.
    func send(_ indices: ArraySlice<UInt32>) {
        decisions.reserveCapacity(indices.count)
        events.reserve(indices.count * 2, bytes: indices.count * 248)
        var ahead = indices.startIndex
        for (place, index) in zip(indices.indices, indices) {
            if place == ahead { ahead = fetch(from: place, of: indices) }
            let first = events.count
            let fate = decide(input.transactions[Int(index)], index)
            decisions.append(
                Decision(index: index, fate: fate, events: first..<events.count))
        }
    }

    /// Asks the memory for the balances that the next transactions read, so that they do not wait
    /// for one after another; returns the place of the first transaction beyond.
    private func fetch(from start: Int, of indices: ArraySlice<UInt32>) -> Int {
        var place = start
        var count = 0
        while place < indices.endIndex, count < Self.balancesAhead {
            let checked = input.transactions[Int(indices[place])]
            place += 1
            effectsAhead.removeAll()
            guard checked.refusal == nil, readEffects(of: checked, into: &effectsAhead) else {
                continue
            }
            fetch(checked.account, .native)
            for transfer in effectsAhead.transfers { fetch(transfer.to, transfer.asset) }
            count += 1 + effectsAhead.transfers.count
        }
        return place
    }

    private func fetch(_ account: AccountID, _ asset: AssetID) {
        keys.setBalance(account, asset)
        input.layers.fetch(keys.balance)
    }

    /// Balances asked for at a time: more than the processor waits for at once.
    private static let balancesAhead = 48

    private func decide(_ checked: CheckedTransaction, _ index: UInt32) -> Fate {
        // Who did not sign is no sender.
        if let refusal = checked.refusal {
            return .decided(outcome(checked, index, .skipped(refusal), fee: .zero))
        }
        let hash = CellTable.hash(checked.account)
        let sender = cell(checked.account, .native, hash: hash)
        guard !table.cells[sender].isSerial, isNative(checked) else {
            table.change(at: sender) { $0.isSerial = true }
            return .serial
        }
        let fee: Amount
        do {
            fee = try payFee(checked, sender)
        } catch {
            return .decided(outcome(checked, index, .skipped(error), fee: .zero))
        }
        consumed?.insert(checked.hash)
        do {
            try debit(sender, hash)
        } catch {
            return .decided(outcome(checked, index, .refused(error), fee: fee))
        }
        for transfer in effects.transfers { credit(transfer, from: checked.account) }
        return .decided(outcome(checked, index, .applied, fee: fee))
    }

    /// Reads what all messages ask for; false when one of them is not native.
    private func isNative(_ checked: CheckedTransaction) -> Bool {
        effects.removeAll()
        return readEffects(of: checked, into: &effects)
    }

    private func readEffects(
        of checked: CheckedTransaction, into effects: inout NativeEffects
    ) -> Bool {
        for message in checked.transaction.messages {
            guard let module = input.modules.first(where: { $0.id == message.module }),
                module.readNative(message.payload, into: &effects)
            else { return false }
        }
        return true
    }

    /// Checks the transaction, uses up its nonce and takes its fee (LEDGER-7, EXECUTION-4).
    private func payFee(
        _ checked: CheckedTransaction, _ sender: Int
    ) throws(Refusal) -> Amount {
        let next = loadNonce(at: sender)
        if checked.transaction.nonce < next { try checkNotRun(checked) }
        try input.rules.checkValidity(of: checked, at: input.block.height)
        try input.rules.checkNonce(of: checked, next: next, ahead: 0)
        let fee = try input.rules.fee(of: checked)
        guard table.cells[sender].left >= fee.units else { throw .feeNotCovered(fee) }
        table.change(at: sender) { cell in
            cell.left -= fee.units
            cell.nonce += 1
        }
        guard fee > .zero else { return fee }
        fees += fee.units
        events.append(
            module: layout.module, kind: layout.feePaid, subject: checked.account,
            from: checked.account,
            NativeTransfer(to: input.receiver, asset: .native, amount: fee))
        return fee
    }

    /// What has run has used up its nonce, so that only a used one asks for this look.
    private func checkNotRun(_ checked: CheckedTransaction) throws(Refusal) {
        let here = consumed ?? Set(decisions.compactMap(Self.consumedHash))
        consumed = here
        if here.contains(checked.hash) { throw .duplicate(at: input.block.height) }
        if let known = input.knownOutcome(of: checked.hash), known.isConsumed {
            throw .duplicate(at: known.height)
        }
    }

    private static func consumedHash(_ decision: Decision) -> Digest? {
        guard case .decided(let outcome) = decision.fate, outcome.isConsumed else { return nil }
        return outcome.hash
    }

    private func outcome(
        _ checked: CheckedTransaction, _ index: UInt32, _ verdict: TransactionOutcome.Verdict,
        fee: Amount
    ) -> TransactionOutcome {
        TransactionOutcome(
            hash: checked.hash, verdict: verdict, feeCharged: fee, height: input.block.height,
            index: index)
    }

    // MARK: Effects

    /// Takes every part out of what the sender had, or nothing (EXECUTION-5).
    private func debit(_ sender: Int, _ hash: UInt64) throws(Refusal) {
        for (number, transfer) in effects.transfers.enumerated() {
            do {
                try debit(transfer, sender, hash)
            } catch {
                for done in effects.transfers[..<number] {
                    let index = source(of: done, sender, hash)
                    table.change(at: index) { $0.left += done.amount.units }
                }
                throw error
            }
        }
    }

    private func debit(
        _ transfer: NativeTransfer, _ sender: Int, _ hash: UInt64
    ) throws(Refusal) {
        guard transfer.amount > .zero else {
            throw input.book.refusal(of: .zeroAmount(to: transfer.to))
        }
        guard exists(transfer.asset) else {
            throw input.book.refusal(of: .unknownAsset(transfer.asset))
        }
        let index = source(of: transfer, sender, hash)
        let left = table.cells[index].left
        guard left >= transfer.amount.units else {
            throw input.book.refusal(
                of: .insufficientBalance(
                    account: table.cells[sender].account, balance: Amount(left),
                    asset: transfer.asset, amount: transfer.amount))
        }
        table.change(at: index) { $0.left -= transfer.amount.units }
    }

    private func source(of transfer: NativeTransfer, _ sender: Int, _ hash: UInt64) -> Int {
        transfer.asset == .native
            ? sender : cell(table.cells[sender].account, transfer.asset, hash: hash)
    }

    private func exists(_ asset: AssetID) -> Bool {
        if let known = assets.first(where: { $0.asset == asset }) { return known.exists }
        let exists = input.book.hasAsset(asset, in: CutStart(layers: input.layers))
        // Beyond a few assets each look is a read: a cut that names thousands costs no more.
        if assets.count < Self.assetsMax { assets.append((asset, exists)) }
        return exists
    }

    /// The most assets a shard remembers: a list that is looked through for each part.
    private static let assetsMax = 8

    private func credit(_ transfer: NativeTransfer, from sender: AccountID) {
        let hash = CellTable.hash(transfer.to)
        let target = Self.number(of: hash, among: shards)
        let credit = Credit(
            account: transfer.to, asset: transfer.asset, amount: transfer.amount.units, hash: hash)
        if target == number { receive(credit) } else { outgoing[target].append(credit) }
        events.append(
            module: layout.module, kind: layout.transferred, subject: transfer.to, from: sender,
            transfer)
    }

    // MARK: Receivers

    /// Takes what other shards send here.
    func receive(from others: [AccountShard]) {
        for other in others where other.number != number {
            for credit in other.outgoing[number] { receive(credit) }
        }
    }

    /// Adds an amount to what came in. All of it exists, so the sum stays within 128 bits.
    func receive(_ credit: Credit) {
        let index = cell(credit.account, credit.asset, hash: credit.hash)
        table.change(at: index) { $0.credited += credit.amount }
    }

    // MARK: Results

    /// The changes of this shard's accounts.
    func delta() -> StateDelta {
        var delta = StateDelta()
        for cell in table.cells {
            let balance = cell.balance
            if balance != cell.start {
                keys.setBalance(cell.account, cell.asset)
                delta.append(keys.balance, before: cell.start, after: balance)
            }
            if let start = cell.nonceStart, start != cell.nonce {
                keys.setNonce(cell.account)
                delta.append(keys.nonce, before: start, after: cell.nonce)
            }
        }
        return delta
    }
}

extension StateDelta {
    /// Adds a number that is stored little-endian, and not at all when it is zero.
    fileprivate mutating func append<Number: FixedWidthInteger>(
        _ key: [UInt8], before: Number, after: Number
    ) {
        key.withUnsafeBytes { key in
            withUnsafeBytes(of: before.littleEndian) { beforeBytes in
                withUnsafeBytes(of: after.littleEndian) { afterBytes in
                    append(
                        key, before: before == 0 ? nil : beforeBytes,
                        after: after == 0 ? nil : afterBytes)
                }
            }
        }
    }
}
