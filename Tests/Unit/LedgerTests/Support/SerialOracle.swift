// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import StateTree
import Vocabulary

/// The rules of specs/execution.md read aloud: one transaction after another, maps instead of
/// tables, the tree made anew each time.
struct SerialOracle {
    /// What became of a transaction, in the least words.
    struct Result: Equatable {
        var verdict: String
        var fee: Amount
    }

    let genesis: Genesis
    private(set) var state: [[UInt8]: [UInt8]] = [:]
    private var consumed: Set<Digest> = []

    /// Starts from the state of a machine.
    init(_ genesis: Genesis, _ machine: LedgerMachine) {
        self.genesis = genesis
        for module in [ModuleID.ledger, .accounts, NotebookModule.number] {
            for pair in machine.scan(module, prefix: [], after: nil, limit: 10_000) {
                state[[module.value] + pair.key] = pair.value
            }
        }
    }

    var root: Digest {
        var tree = SparseMerkleTree()
        tree.update(
            state.map { pair in
                SparseMerkleTree.Change(
                    key: SparseMerkleTree.path(of: pair.key), valueHash: SHA256.hash(pair.value))
            }.sorted { $0.key < $1.key })
        return tree.root
    }

    /// Executes a cut.
    mutating func execute(
        _ block: BlockContext, _ cut: [CheckedTransaction]
    ) -> (results: [Result], events: [[Event]]) {
        var results = [Result](
            repeating: Result(verdict: "", fee: .zero), count: cut.count)
        var events = [[Event]](repeating: [], count: cut.count)
        // EXECUTION-2: who is in which section.
        var serial: Set<AccountID> = []
        var first: [Int] = []
        var second: [Int] = []
        for (index, one) in cut.enumerated() {
            if let refusal = one.refusal {
                results[index].verdict = "skipped \(refusal.name)"
            } else if Self.transfers(of: one) != nil, !serial.contains(one.account) {
                first.append(index)
            } else {
                serial.insert(one.account)
                second.append(index)
            }
        }
        // EXECUTION-5: what came in is put aside until the end of the section.
        var aside: [(account: AccountID, asset: AssetID, amount: UInt128)] = []
        var fees: UInt128 = 0
        for index in first {
            let one = cut[index]
            guard let fee = payFee(one, block, &results[index]) else { continue }
            fees += fee.units
            events[index].append(Self.feePaid(one, block, fee))
            let before = state
            let asideBefore = aside
            var moved: [Event] = []
            for part in Self.transfers(of: one) ?? [] where results[index].verdict == "applied" {
                if let refusal = debit(part, one.account) {
                    results[index].verdict = "refused \(refusal)"
                } else {
                    aside.append((part.account, part.asset, part.amount.units))
                    moved.append(Self.transferred(one, part))
                }
            }
            if results[index].verdict == "applied" {
                events[index] += moved
            } else {
                (state, aside) = (before, asideBefore)
            }
        }
        for credit in aside { add(credit.amount, to: credit.account, credit.asset) }
        // EXECUTION-6: fees, then section 2 in the order of the cut.
        add(fees, to: block.proposer, .native)
        for index in second { runSecond(cut[index], block, &results[index], &events[index]) }
        return (results, events)
    }

    private mutating func runSecond(
        _ one: CheckedTransaction, _ block: BlockContext, _ result: inout Result,
        _ events: inout [Event]
    ) {
        guard let fee = payFee(one, block, &result) else { return }
        add(fee.units, to: block.proposer, .native)
        events.append(Self.feePaid(one, block, fee))
        let before = state
        var happened: [Event] = []
        for message in one.transaction.messages where result.verdict == "applied" {
            if let refusal = run(message, one, &happened) {
                result.verdict = "refused \(refusal)"
            }
        }
        if result.verdict == "applied" { events += happened } else { state = before }
    }

    /// Executes one message; its refusal's name when it refuses.
    private mutating func run(
        _ message: Message, _ one: CheckedTransaction, _ events: inout [Event]
    ) -> String? {
        if message.module == NotebookModule.number {
            let payload = message.payload
            state[[NotebookModule.number.value] + NotebookModule.noteKey(payload[1])] =
                payload[2] == 0 ? nil : [payload[2]]
            switch NotebookModule.Order(rawValue: payload[0]) {
            case .emit:
                events.append(
                    Event(
                        module: NotebookModule.number, kind: 1, subject: one.hash.raw,
                        payload: payload))
                return nil
            case .writeThenRefuse: return "refused"
            default: return nil
            }
        }
        guard message.module == .accounts else { return "unknownModule" }
        guard case .transfer(let transfer)? = try? AccountsMessage(canonicalBytes: message.payload)
        else { return "malformedMessage" }
        guard !transfer.parts.isEmpty else { return "noParts" }
        for part in transfer.parts {
            if let refusal = debit(part, one.account) { return refusal }
            add(part.amount.units, to: part.account, part.asset)
            events.append(Self.transferred(one, part))
        }
        return nil
    }

    // MARK: Rules that both sections share

    /// LEDGER-7 and LEDGER-10; the fee, or nothing when the transaction is skipped.
    private mutating func payFee(
        _ one: CheckedTransaction, _ block: BlockContext, _ result: inout Result
    ) -> Amount? {
        let parameters = genesis.parameters
        let transaction = one.transaction
        let next = number(AccountsKeys.nonce(of: one.account), as: UInt64.self)
        let fee = parameters.fee(bytes: one.byteCount, messages: transaction.messages.count)
        let reason: String? =
            if consumed.contains(one.hash) {
                "duplicate"
            } else if transaction.validUntil < block.height {
                "expired"
            } else if transaction.nonce != next {
                transaction.nonce < next ? "nonceTooLow" : "nonceTooHigh"
            } else if fee.map({ $0 > transaction.feeMax }) ?? true {
                "feeMaxTooLow"
            } else if balance(one.account, .native) < fee?.units ?? 0 {
                "feeNotCovered"
            } else {
                nil
            }
        guard reason == nil, let fee else {
            result.verdict = "skipped \(reason ?? "")"
            return nil
        }
        consumed.insert(one.hash)
        write(balance(one.account, .native) - fee.units, one.account, .native)
        state[[1] + AccountsKeys.nonce(of: one.account)] = Self.bytes(next + 1)
        result = Result(verdict: "applied", fee: fee)
        return fee
    }

    private mutating func debit(_ part: Transfer.Part, _ sender: AccountID) -> String? {
        guard part.amount > .zero else { return "zeroAmount" }
        guard state[[1] + AccountsKeys.asset(part.asset)] != nil else { return "unknownAsset" }
        let held = balance(sender, part.asset)
        guard held >= part.amount.units else { return "insufficientBalance" }
        write(held - part.amount.units, sender, part.asset)
        return nil
    }

    private mutating func add(_ amount: UInt128, to account: AccountID, _ asset: AssetID) {
        write(balance(account, asset) + amount, account, asset)
    }

    private func balance(_ account: AccountID, _ asset: AssetID) -> UInt128 {
        number(AccountsKeys.balance(of: account, asset), as: UInt128.self)
    }

    private mutating func write(_ units: UInt128, _ account: AccountID, _ asset: AssetID) {
        state[[1] + AccountsKeys.balance(of: account, asset)] =
            units == 0 ? nil : Self.bytes(units)
    }

    private func number<Number: FixedWidthInteger>(_ key: [UInt8], as: Number.Type) -> Number {
        (state[[1] + key] ?? []).reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// The parts of all messages when all are transfers with parts.
    private static func transfers(of one: CheckedTransaction) -> [Transfer.Part]? {
        var parts: [Transfer.Part] = []
        for message in one.transaction.messages {
            guard message.module == .accounts,
                case .transfer(let transfer)? =
                    try? AccountsMessage(canonicalBytes: message.payload),
                !transfer.parts.isEmpty
            else { return nil }
            parts += transfer.parts
        }
        return parts
    }

    private static func feePaid(
        _ one: CheckedTransaction, _ block: BlockContext, _ fee: Amount
    ) -> Event {
        let movement = Movement(
            from: one.account, to: block.proposer, asset: .native, amount: fee)
        return Event(
            module: .accounts, kind: AccountsEventKind.feePaid.rawValue, subject: one.account.raw,
            payload: movement.canonicalBytes)
    }

    private static func transferred(_ one: CheckedTransaction, _ part: Transfer.Part) -> Event {
        let movement = Movement(
            from: one.account, to: part.account, asset: part.asset, amount: part.amount)
        return Event(
            module: .accounts, kind: AccountsEventKind.transferred.rawValue,
            subject: part.account.raw, payload: movement.canonicalBytes)
    }
}
