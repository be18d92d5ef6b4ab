// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Testing
import Vocabulary

@Suite("Execution")
struct ExecutionTests {
    let town: Town
    let machine: LedgerMachine

    init() throws {
        town = try Town()
        machine = try town.open(options: .init(checksWholeState: true))
    }

    private func run(_ transactions: SignedTransaction...) throws -> BlockResult {
        try machine.execute(town.block(machine.height.value + 1), transactions)
    }

    private func note(_ key: UInt8) -> [UInt8]? {
        machine.value(NotebookModule.number, NotebookModule.noteKey(key))
    }

    private func balance(_ account: AccountID) -> Amount {
        NotebookModule().spendable(by: account, in: machine)
    }

    @Test("an applied transaction takes effect, uses its nonce and pays the proposer")
    func applied() throws {
        let transaction = town.note(0)
        let fee = try town.fee(of: transaction)
        let before = machine.stateRoot
        let result = try run(transaction)
        let outcome = try #require(result.outcomes.first)
        #expect(outcome.verdict == .applied)
        #expect(outcome.feeCharged == fee)
        #expect(note(1) == [7])
        #expect(balance(town.proposer) == fee)
        #expect(balance(town.account) == Amount(whole: 1_000).subtracting(fee))
        #expect(result.stateRoot == machine.stateRoot && result.stateRoot != before)
        #expect(result.changedState)
    }

    @Test("a refused transaction pays its fee and leaves nothing else")
    func refused() throws {
        let transaction = town.unsigned(
            nonce: 0,
            [
                NotebookModule.message(.write, key: 1, value: 5),
                NotebookModule.message(.emit, key: 2, value: 5),
                NotebookModule.message(.writeThenRefuse, key: 3, value: 5),
            ]
        ).signed(by: town.alice)
        let result = try run(transaction)
        let outcome = try #require(result.outcomes.first)
        #expect(outcome.refusal?.name == "refused")
        #expect(outcome.isConsumed)
        #expect(outcome.feeCharged == (try town.fee(of: transaction)))
        #expect(balance(town.proposer) == outcome.feeCharged)
        #expect(note(1) == nil && note(2) == nil && note(3) == nil)
        #expect(result.events.isEmpty)
        #expect(NotebookModule().nextNonce(of: town.account, in: machine) == 1)
    }

    @Test("what cannot be charged is skipped, with its reason and no trace")
    func skipped() throws {
        let message = NotebookModule.message(.write, key: 1, value: 5)
        let poor = town.bob
        let otherChain = ChainID(.zero)
        let cases: [(SignedTransaction, LedgerRefusal)] = [
            (
                town.unsigned(nonce: 0, [message], chain: otherChain).signed(by: town.alice),
                .wrongChain
            ),
            (town.unsigned(nonce: 0, []).signed(by: town.alice), .noMessages),
            (town.unsigned(nonce: 0, [message]).signed(by: town.bob), .badSignature),
            (town.unsigned(nonce: 0, [message], validUntil: 0).signed(by: town.alice), .expired),
            (
                town.unsigned(nonce: 0, [message], validUntil: 52).signed(by: town.alice),
                .validTooFar
            ),
            (town.unsigned(nonce: 1, [message]).signed(by: town.alice), .nonceTooHigh),
            (
                town.unsigned(nonce: 0, [message], feeMax: Amount(1)).signed(by: town.alice),
                .feeMaxTooLow
            ),
            (
                town.unsigned(nonce: 0, [message], sender: poor.publicKey).signed(by: poor),
                .feeNotCovered
            ),
        ]
        let before = machine.stateRoot
        let result = try machine.execute(town.block(1), cases.map(\.0))
        for (outcome, expected) in zip(result.outcomes, cases) {
            #expect(outcome.refusal?.name == expected.1.name)
            #expect(!outcome.isConsumed && outcome.feeCharged == .zero)
        }
        #expect(machine.stateRoot == before && !result.changedState)
    }

    @Test("a transaction is valid in its last block and expired in the next")
    func expiry() throws {
        let last = town.unsigned(
            nonce: 0, [NotebookModule.message(.write, key: 1, value: 1)], validUntil: 1
        ).signed(by: town.alice)
        let late = town.unsigned(
            nonce: 1, [NotebookModule.message(.write, key: 1, value: 2)], validUntil: 1
        ).signed(by: town.alice)
        #expect(try run(last).outcomes.first?.verdict == .applied)
        #expect(try run(late).outcomes.first?.refusal?.name == "expired")
    }

    @Test("a repeated transaction is recognised, in the same block and later")
    func duplicate() throws {
        let transaction = town.note(0)
        let first = try run(transaction, transaction)
        #expect(first.outcomes.map { $0.refusal?.name } == [nil, "duplicate"])
        #expect(try run(transaction).outcomes.first?.refusal?.name == "duplicate")
        #expect(try machine.outcome(of: transaction.hash)?.verdict == .applied)
    }

    @Test("a message for a module the chain has not is refused and charged")
    func unknownModule() throws {
        let transaction = town.unsigned(
            nonce: 0, [Message(module: ModuleID(200), payload: [])]
        ).signed(by: town.alice)
        let outcome = try #require(run(transaction).outcomes.first)
        #expect(outcome.refusal?.name == "unknownModule")
        #expect(outcome.isConsumed)
    }

    @Test("events belong to their transactions in order, the end of the block comes last")
    func events() throws {
        let town = try Town(heartbeat: true)
        let machine = try town.open()
        let emitting = town.unsigned(
            nonce: 1, [NotebookModule.message(.emit), NotebookModule.message(.emit)]
        ).signed(by: town.alice)
        let result = try machine.execute(town.block(1), [town.note(0), emitting])
        #expect(result.eventRanges == [0..<0, 0..<2])
        #expect(result.events.map(\.kind) == [1, 1, 2])
        #expect(result.transaction(ofEvent: 0) == emitting.hash)
        #expect(result.transaction(ofEvent: 2) == nil)
        #expect(result.events.first?.subject == emitting.hash.raw)
    }

    @Test("blocks come one after another, of one chain, never back in time")
    func blockOrder() throws {
        #expect(
            throws: LedgerFailure.wrongHeight(expected: BlockHeight(1), given: BlockHeight(2))
        ) { try machine.execute(town.block(2), []) }
        let early = BlockContext(
            chain: town.genesis.chain, height: BlockHeight(1), time: Timestamp(999),
            proposer: town.proposer)
        #expect(throws: LedgerFailure.self) { try machine.execute(early, []) }
        #expect(machine.height == BlockHeight(0))
    }

    @Test("a block that breaks an invariant is not executed")
    func broken() throws {
        let transaction = town.unsigned(nonce: 0, [NotebookModule.message(.breakLaw)])
            .signed(by: town.alice)
        let before = machine.stateRoot
        #expect(throws: LedgerFailure.broken(["the law was broken"])) { try run(transaction) }
        #expect(machine.stateRoot == before && machine.height == BlockHeight(0))
        #expect(try run(town.note(0)).outcomes.first?.verdict == .applied)
    }

    @Test("the pool admits what the next blocks may hold")
    func admission() throws {
        #expect(machine.admit(town.note(0)) == nil)
        #expect(machine.admit(town.note(64)) == nil)
        #expect(machine.admit(town.note(65))?.name == "nonceTooHigh")
        _ = try run(town.note(0))
        #expect(machine.admit(town.note(0))?.name == "duplicate")
        #expect(machine.admit(town.note(0, key: 2))?.name == "nonceTooLow")
        let message = NotebookModule.message(.write)
        let rich = town.unsigned(nonce: 1, [message], feeMax: Amount(whole: 1_000))
        #expect(machine.admit(rich.signed(by: town.alice))?.name == "feeNotCovered")
        let expired = town.unsigned(nonce: 1, [message], validUntil: 1)
        #expect(machine.admit(expired.signed(by: town.alice))?.name == "expired")
        #expect(machine.admit(expired.signed(by: town.bob))?.name == "badSignature")
    }
}
