// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// A small room of law for the ledger's own tests: it writes notes, counts nonces, keeps money.
struct NotebookModule: LedgerModule, FeeBook {
    static let number = ModuleID(77)

    /// What may be asked, by the payload's first byte; the rest is key and value.
    enum Order: UInt8 {
        case write, writeThenRefuse, emit, breakLaw
    }

    let id = number
    let name = "notebook"

    static func message(_ order: Order, key: UInt8 = 0, value: UInt8 = 0) -> Message {
        Message(module: number, payload: [order.rawValue, key, value])
    }

    static func noteKey(_ key: UInt8) -> [UInt8] { [1, key] }

    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard payload.count == 3, let order = Order(rawValue: payload[0]) else {
            throw Refusal(module: id, code: 1, name: "malformed", detail: "three bytes")
        }
        context.set(id, Self.noteKey(payload[1]), payload[2] == 0 ? nil : [payload[2]])
        switch order {
        case .write: break
        case .writeThenRefuse:
            throw Refusal(module: id, code: 2, name: "refused", detail: "as asked")
        case .emit:
            context.emit(
                Event(module: id, kind: 1, subject: context.transaction.raw, payload: payload))
        case .breakLaw: context.set(id, [9], [1])
        }
    }

    func endBlock(in context: ExecutionContext) {
        guard context.value(id, [8]) != nil else { return }
        context.emit(Event(module: id, kind: 2, subject: .zero, payload: []))
    }

    func initialise(from genesis: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        let part = try GenesisObject(genesis, at: "", known: ["balances", "heartbeat"])
        for element in try part.list("balances", countMax: 100) {
            let object = try GenesisObject(
                element.json, at: element.pointer, known: ["account", "amount"])
            let account: AccountID = try object.identifier("account")
            try context.set(
                id, Self.balanceKey(account), object.amount("amount").canonicalBytes)
        }
        if part.has("heartbeat") { context.set(id, [8], [1]) }
    }

    func breaches(after block: ExecutionContext) -> [String] {
        block.value(id, [9]) == nil ? [] : ["the law was broken"]
    }

    func nextNonce(of account: AccountID, in state: any StateReader) -> UInt64 {
        number(state.value(id, [2] + account.raw.bytes))
    }

    func spendable(by account: AccountID, in state: any StateReader) -> Amount {
        state.value(id, Self.balanceKey(account)).flatMap { try? Amount(canonicalBytes: $0) }
            ?? .zero
    }

    func advanceNonce(of account: AccountID, in context: ExecutionContext) {
        var encoder = CanonicalEncoder()
        encoder.write(nextNonce(of: account, in: context) + 1)
        context.set(id, [2] + account.raw.bytes, encoder.bytes)
    }

    func charge(
        _ fee: Amount, to payer: AccountID, for proposer: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard let rest = spendable(by: payer, in: context).subtracting(fee) else {
            throw Refusal(module: id, code: 3, name: "poor", detail: "below the fee")
        }
        context.set(id, Self.balanceKey(payer), rest.canonicalBytes)
        let sum = spendable(by: proposer, in: context).adding(fee) ?? .zero
        context.set(id, Self.balanceKey(proposer), sum.canonicalBytes)
    }

    static func balanceKey(_ account: AccountID) -> [UInt8] { [3] + account.raw.bytes }

    private func number(_ bytes: [UInt8]?) -> UInt64 {
        var decoder = CanonicalDecoder(bytes ?? [])
        return (try? decoder.read(UInt64.self)) ?? 0
    }
}
