// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Governance

/// Balances and purses, and stakes and figures that a test sets, in the same state.
struct Citizens: GovernanceBank, StakeBook, LawDesk, CellBank {
    static let module = ModuleID(99)

    private func key(_ purse: BallotPurse) -> [UInt8] {
        switch purse {
        case .deposit(let number): [2] + Timestamp(number).canonicalBytes
        case .lock(let account): [3] + account.raw.bytes
        }
    }

    func give(_ amount: Amount, to account: AccountID, in context: ExecutionContext) {
        add(amount, to: [1] + account.raw.bytes, in: context)
    }

    func send(
        _ amount: Amount, from account: AccountID, to other: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: [1] + account.raw.bytes, in: context)
        give(amount, to: other, in: context)
    }

    func balance(of account: AccountID, in state: any StateReader) -> Amount {
        amount([1] + account.raw.bytes, in: state)
    }

    func hold(
        _ amount: Amount, from account: AccountID, in purse: BallotPurse,
        _ context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: [1] + account.raw.bytes, in: context)
        add(amount, to: key(purse), in: context)
    }

    func release(
        _ amount: Amount, from purse: BallotPurse, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: key(purse), in: context)
        give(amount, to: account, in: context)
    }

    func burn(
        _ amount: Amount, from purse: BallotPurse, in context: ExecutionContext
    ) throws(Refusal) { try take(amount, from: key(purse), in: context) }

    func balance(of purse: BallotPurse, in state: any StateReader) -> Amount {
        amount(key(purse), in: state)
    }

    // MARK: Stakes

    func setStake(_ amount: Amount, of account: AccountID, in context: ExecutionContext) {
        context.set(Self.module, [4] + account.raw.bytes, amount.canonicalBytes)
    }

    func stake(of account: AccountID, in state: any StateReader) -> Amount {
        amount([4] + account.raw.bytes, in: state)
    }

    /// The root of what is at stake, doubled.
    func rootWeight(of account: AccountID, in state: any StateReader) -> UInt128 {
        stake(of: account, in: state).units.squareRoot / 1_000 * 2
    }

    /// Accounts below 10 are persons.
    func person(of account: AccountID, in state: any StateReader) -> Bytes32? {
        account.raw.bytes[0] < 10 ? account.raw : nil
    }

    /// Accounts 1 to 4 are validators of equal weight.
    func validators(in state: any StateReader) -> [(account: AccountID, weight: UInt64)] {
        (1...4).map { (Forum.account($0), 10) }
    }

    func newestEpoch(in state: any StateReader) -> Epoch {
        state.value(Self.module, [5]).flatMap { try? Epoch(canonicalBytes: $0) } ?? Epoch(0)
    }

    // MARK: Law

    /// A message pays its payload's first byte of whole units out of the common purse.
    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if message.module == .governance {
            try Forum.module.execute(message.payload, from: account, in: context)
            return
        }
        guard account == GovernanceKeys.account else { return }
        try take(
            Amount(whole: UInt64(message.payload.first ?? 0)), from: Self.common, in: context)
        give(
            Amount(whole: UInt64(message.payload.first ?? 0)), to: Forum.account(30), in: context)
    }

    static let common: [UInt8] = [1] + GovernanceKeys.account.raw.bytes

    /// One figure from 1 to 100, and those of governance itself.
    func figures(of module: ModuleID, in state: any StateReader) -> JSON? {
        if module == .governance { return Forum.module.figures(in: state) }
        guard module == Self.module else { return nil }
        let value = amount([6], in: state).units
        return ["height": JSON(UInt64(value)), "width": 1]
    }

    func adjust(
        _ module: ModuleID, to figures: JSON, in context: ExecutionContext
    ) throws(Refusal) {
        if module == .governance {
            do { try Forum.module.adjust(to: figures, in: context) } catch {
                throw Refusal(module: nil, code: 2, name: "badFigure", detail: "\(error)")
            }
            return
        }
        guard let height = figures["height"]?.unsigned, (1...100).contains(height) else {
            throw Refusal(module: nil, code: 2, name: "badFigure", detail: "height: 1 to 100")
        }
        context.set(Self.module, [6], Amount(UInt128(height)).canonicalBytes)
    }
}

/// A chain on which accounts 0 to 29 have ten thousand units each; a figure stands at 50.
final class Forum {
    static let citizens = Citizens()
    static let module = GovernanceModule(bank: citizens, stakes: citizens, desk: citizens)
    static let day: UInt64 = 86_400_000

    private let book = FinishedState()
    private(set) var context: ExecutionContext
    private(set) var lastEvents: [Event] = []

    init(_ genesis: JSON = [:]) throws {
        context = .block(
            0, at: 0, over: book)
        for number in 0..<30 {
            Self.citizens.give(Amount(whole: 10_000), to: Self.account(number), in: context)
        }
        Self.citizens.give(Amount(whole: 500), to: GovernanceKeys.account, in: context)
        context.set(Citizens.module, [6], Amount(50).canonicalBytes)
        try Self.module.initialise(from: genesis, in: context)
        wait(1)
    }

    static func account(_ number: Int) -> AccountID {
        AccountID(Bytes32 { $0[0] = UInt8(number) })
    }

    /// Ends the block and starts the next, so much later.
    func wait(_ milliseconds: UInt64) {
        Self.module.endBlock(in: context)
        expectSound()
        lastEvents = context.events
        book.apply(context)
        context = .block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds, over: book)
    }

    func send(_ message: GovernanceMessage, from number: Int) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try Self.module.execute(
                message.message.payload, from: Self.account(number), in: context)
        }
    }

    func lock(_ whole: UInt64, _ number: Int) throws(Refusal) {
        try send(.lock(Amount(whole: whole)), from: number)
    }

    /// Submits and waits until people vote.
    func submit(_ draft: Draft, from number: Int = 1) throws -> UInt64 {
        let next = queries.counts.next
        let deposit = queries.parameters.deposit(open: queries.counts.open)
        try send(.propose(draft, deposit: deposit), from: number)
        wait(queries.rules(of: draft.kind).discussion)
        wait(0)
        return next
    }

    /// Waits until nobody votes any more, and until a time lock has ended.
    func pass(_ kind: ProposalKind) {
        wait(queries.rules(of: kind).voting)
        wait(queries.rules(of: kind).timeLock)
        wait(0)
    }

    func stage(_ number: UInt64) -> ProposalStage? { queries.proposal(number)?.stage }

    var queries: GovernanceQueries { GovernanceQueries(context) }
    var height: UInt128 {
        context.value(Citizens.module, [6]).flatMap { try? Amount(canonicalBytes: $0) }?.units ?? 0
    }

    func balance(_ number: Int) -> Amount {
        Self.citizens.balance(of: Self.account(number), in: context)
    }

    /// A draft that sets the figure.
    static func raise(_ value: String, kind: ProposalKind = .parameter) -> Draft {
        Draft(
            kind: kind, title: "height",
            changes: [FigureChange(module: Citizens.module, name: "height", value: value)])
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(Self.module.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
