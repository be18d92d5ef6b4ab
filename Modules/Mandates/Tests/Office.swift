// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Mandates
import Testing
import Vocabulary

/// A module that moves money out of its sender's balance, and knows what it is about.
///
/// Its payload is a tag, an asset, an amount, and a resource.
struct Shop: Sendable {
    static let module = ModuleID(99)

    static func balanceKey(_ account: AccountID, _ asset: AssetID) -> [UInt8] {
        [1] + account.raw.bytes + asset.canonicalBytes
    }

    /// Buys something: tag 0 spends, tag 1 gives nothing away, tag 2 refuses after it has spent.
    static func message(
        _ tag: UInt32 = 0, _ amount: UInt64 = 0, of asset: AssetID = .native,
        about resource: Bytes32 = .zero
    ) -> Message {
        var encoder = CanonicalEncoder()
        encoder.writeTag(tag)
        encoder.write(asset)
        encoder.write(Amount(UInt128(amount)))
        encoder.write(resource)
        return Message(module: module, payload: encoder.bytes)
    }

    static func balance(
        _ account: AccountID, _ asset: AssetID = .native, in state: any StateReader
    ) -> UInt128 {
        let stored = state.value(module, balanceKey(account, asset))
        return stored.flatMap { try? Amount(canonicalBytes: $0) }?.units ?? 0
    }

    static func give(
        _ units: UInt128, _ asset: AssetID = .native, to account: AccountID,
        in context: ExecutionContext
    ) {
        context.set(module, balanceKey(account, asset), Amount(units).canonicalBytes)
    }
}

/// The shop as the desk that mandates need.
struct ShopDesk: PrincipalDesk {
    func carryOut(
        _ message: Message, for principal: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> [Spending] {
        guard message.module == Shop.module, let read = read(message) else {
            throw Refusal(module: nil, code: 11, name: "unknownModule", detail: "no such module")
        }
        let balance = Shop.balance(principal, read.asset, in: context)
        guard balance >= read.amount.units else {
            throw Refusal(module: Shop.module, code: 1, name: "poor", detail: "too little")
        }
        Shop.give(balance - read.amount.units, read.asset, to: principal, in: context)
        guard read.tag != 2 else {
            throw Refusal(module: Shop.module, code: 2, name: "soldOut", detail: "too late")
        }
        return read.amount > .zero ? [Spending(asset: read.asset, amount: read.amount)] : []
    }

    func resources(of message: Message) -> [Bytes32]? {
        guard let read = read(message), read.tag != 1 else { return nil }
        return [read.resource]
    }

    private struct Order {
        let tag: UInt32
        let asset: AssetID
        let amount: Amount
        let resource: Bytes32
    }

    private func read(_ message: Message) -> Order? {
        var decoder = CanonicalDecoder(message.payload)
        return try? Order(
            tag: decoder.readTag(), asset: decoder.read(), amount: decoder.read(),
            resource: decoder.read())
    }
}

/// Everybody speaks for themselves; account 8 for account 7 too, and 7 no more for itself.
struct OfficeDirectory: IdentityDirectory {
    func speaks(
        _ sender: AccountID, for identity: AccountID, in context: ExecutionContext
    ) -> Bool {
        sender == (identity == Office.account(7) ? Office.account(8) : identity)
    }
}

/// A state with a rich principal, account 1, and the module over it; time moves by new blocks.
final class Office {
    let mandates = MandatesModule(desk: ShopDesk(), identities: OfficeDirectory())
    private(set) var context: ExecutionContext

    init() {
        context = .block(1_000, at: 1_000, over: EmptyState())
        Shop.give(1_000, to: Self.account(1), in: context)
        Shop.give(1_000, AssetID(5), to: Self.account(1), in: context)
    }

    static func account(_ number: UInt8) -> AccountID {
        AccountID(SHA256.hash([number]).raw)
    }

    /// Starts a block at a later time.
    func pass(to time: UInt64) { context = .block(time, at: time, over: StateAfter(context)) }

    func send(_ message: MandatesMessage, from sender: UInt8) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try mandates.execute(
                message.message.payload, from: Self.account(sender), in: context)
        }
    }

    /// A scope that covers the shop's tag 0, 100 of the native asset, and all time.
    static func scope(
        _ kinds: [UInt32] = [0], resources: [Bytes32]? = nil, total: UInt64 = 100,
        perPeriod: UInt64? = nil, period: UInt64 = 0, from: UInt64 = 0, until: UInt64 = 100_000,
        paysFees: Bool = false
    ) -> MandateScope {
        MandateScope(
            kinds: kinds.map { MessageKind(Shop.module, tag: $0) }, resources: resources,
            budgets: [
                Budget(
                    total: Amount(UInt128(total)), perPeriod: perPeriod.map { Amount(UInt128($0)) })
            ],
            periodMilliseconds: period, from: Timestamp(from), until: Timestamp(until),
            paysFees: paysFees)
    }

    /// Grants a mandate of account 1 to a delegate.
    func grant(to delegate: UInt8 = 2, _ scope: MandateScope = scope()) throws -> MandateID {
        let message = GrantMandate(delegate: Self.account(delegate), scope: scope)
        try send(.grant(message), from: 1)
        return message.id(sender: Self.account(1), transaction: context.transaction)
    }

    /// Passes a part of a mandate on.
    func narrow(
        _ parent: MandateID, by sender: UInt8, to delegate: UInt8, _ scope: MandateScope = scope()
    ) throws -> MandateID {
        let message = NarrowMandate(
            parent: parent, delegate: Self.account(delegate), scope: scope)
        try send(.narrow(message), from: sender)
        return message.id(sender: Self.account(sender), transaction: context.transaction)
    }

    func act(_ mandate: MandateID, _ message: Message, by sender: UInt8 = 2) throws {
        try send(.act(ActForPrincipal(mandate, message)), from: sender)
    }

    var spent: UInt128 { 1_000 - Shop.balance(Self.account(1), in: context) }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(mandates.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(mandates.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
