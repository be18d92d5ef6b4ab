// SPDX-License-Identifier: Apache-2.0
import Accounts
import Dispatch
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Sections of a cut")
struct SectionTests {
    /// Carries pieces out at once, on as many threads as there are.
    private static func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }

    /// Carries pieces out one by one, the last first.
    private static func backwards(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        for index in (0..<count).reversed() { body(index) }
    }

    @Test(
        "random cuts give what the rules say, on any number of workers (EXECUTION-8)",
        arguments: 0..<40)
    func oracle(seed: Int) throws {
        var crowd = try Crowd(seed: UInt64(seed))
        let options = LedgerMachine.Options(checksWholeState: seed == 0)
        let one = try crowd.open(options: options)
        let two = try crowd.open()
        let eight = try crowd.open()
        var oracle = SerialOracle(crowd.genesis, one)
        for height in UInt64(1)...25 {
            let block = crowd.block(height)
            let cut = CheckedTransaction.check(all: crowd.cut(one), chain: crowd.genesis.chain)
            let result = try one.execute(block, checked: cut)
            #expect(
                try two.execute(block, checked: cut, workers: 2, by: Self.backwards) == result)
            #expect(try eight.execute(block, checked: cut, workers: 8, by: Self.atOnce) == result)
            let expected = oracle.execute(block, cut)
            #expect(result.outcomes.map(Self.words) == expected.results, "seed \(seed)")
            #expect(Array(result.events) == expected.events.flatMap { $0 }, "seed \(seed)")
            #expect(result.eventRanges.map(\.count) == expected.events.map(\.count))
            try #require(result.stateRoot == oracle.root, "seed \(seed), height \(height)")
        }
    }

    private static func words(_ outcome: TransactionOutcome) -> SerialOracle.Result {
        let verdict =
            switch outcome.verdict {
            case .applied: "applied"
            case .refused(let refusal): "refused \(refusal.name)"
            case .skipped(let refusal): "skipped \(refusal.name)"
            }
        return SerialOracle.Result(verdict: verdict, fee: outcome.feeCharged)
    }

    @Test("nobody spends in section 1 what came in within the cut (EXECUTION-5)")
    func dependent() throws {
        var crowd = try Crowd(seed: 1)
        let machine = try crowd.open()
        let (rich, poor) = (crowd.accounts[0], 5)
        let gift = crowd.signed(
            0, nonce: 0, [Crowd.pay(.init(to: crowd.accounts[poor], Amount(500)))])
        let spend = crowd.signed(poor, nonce: 0, [Crowd.pay(.init(to: rich, Amount(100)))])
        let first = try machine.execute(crowd.block(1), [gift, spend])
        #expect(first.outcomes.map { $0.refusal?.name } == [nil, "feeNotCovered"])
        let second = try machine.execute(crowd.block(2), [spend])
        #expect(second.outcomes.map(\.refusal) == [nil])
    }

    @Test("section 2 sees what section 1 gave, whatever the order of the cut (EXECUTION-6)")
    func order() throws {
        var crowd = try Crowd(seed: 2)
        let machine = try crowd.open()
        let poor = crowd.accounts[5]
        let note = NotebookModule.message(.write, key: 1, value: 9)
        let spend = crowd.signed(
            5, nonce: 0, [note, Crowd.pay(.init(to: crowd.accounts[1], Amount(100)))])
        let gift = crowd.signed(0, nonce: 0, [Crowd.pay(.init(to: poor, Amount(500)))])
        let result = try machine.execute(crowd.block(1), [spend, gift])
        #expect(result.outcomes.map(\.verdict) == [.applied, .applied])
        #expect(result.outcomes.map(\.index) == [0, 1])
    }

    @Test("once a sender is in section 2, all of its later transactions are (EXECUTION-2)")
    func followers() throws {
        var crowd = try Crowd(seed: 3)
        let machine = try crowd.open()
        let poor = crowd.accounts[5]
        let note = NotebookModule.message(.emit, key: 1, value: 9)
        let cut = [
            crowd.signed(0, nonce: 0, [note]),
            crowd.signed(0, nonce: 1, [Crowd.pay(.init(to: poor, Amount(400)))]),
            crowd.signed(5, nonce: 0, [Crowd.pay(.init(to: crowd.accounts[1], Amount(1)))]),
        ]
        let result = try machine.execute(crowd.block(1), cut)
        #expect(result.outcomes.map { $0.refusal?.name } == [nil, nil, "feeNotCovered"])
    }

    @Test(
        "the accounts of the module and those of section 1 are kept in the same way (EXECUTION-9)")
    func layout() throws {
        let account = AccountID(Bytes32 { $0[5] = 3 })
        let layout = Crowd.fees.layout
        #expect(AccountsKeys.nonce(of: account) == [layout.nonceKind] + account.raw.bytes)
        #expect(
            AccountsKeys.balance(of: account, AssetID(258))
                == [layout.balanceKind] + account.raw.bytes + [0, 0, 0, 0, 0, 0, 1, 2])
    }

    @Test("what is native is exactly what reads as a transfer with parts")
    func native() throws {
        var random = SeededGenerator(seed: 11)
        let parts = (0..<3).map { Transfer.Part(to: AccountID(.zero), Amount(UInt128($0))) }
        let whole = AccountsMessage.transfer(Transfer(parts)).canonicalBytes
        for _ in 0..<4_000 {
            var bytes = whole
            switch random.next(upperBound: 4 as UInt64) {
            case 0: bytes.removeLast(Int(random.next(upperBound: UInt64(bytes.count))))
            case 1: bytes.append(0)
            case 2:
                bytes[Int(random.next(upperBound: 4 as UInt64))] ^= UInt8(1 + random.next() % 255)
            default:
                bytes = (0..<random.next(upperBound: 6 as UInt64)).map { _ in
                    UInt8(random.next() % 130)
                }
            }
            var effects = NativeEffects()
            let isNative = Crowd.fees.readNative(bytes, into: &effects)
            let read = try? AccountsMessage(canonicalBytes: bytes)
            guard case .transfer(let transfer)? = read, !transfer.parts.isEmpty else {
                #expect(!isNative)
                continue
            }
            #expect(isNative)
            #expect(
                effects.transfers
                    == transfer.parts.map {
                        NativeTransfer(to: $0.account, asset: $0.asset, amount: $0.amount)
                    })
        }
    }
}
