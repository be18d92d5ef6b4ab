// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import Testing
import Vocabulary

@Suite("Committing, opening, remembering")
struct StoreTests {
    let town: Town
    let store = MemoryStore()

    init() throws { town = try Town(outcomeBlocks: 50) }

    @Test("a reopened store stands where it was committed, and replay reaches the same root")
    func replay() async throws {
        let machine = try town.open(store)
        _ = try machine.execute(town.block(1), [town.note(0)])
        _ = try machine.execute(town.block(2), [town.note(1, key: 2)])
        try await machine.commit()
        let third = try machine.execute(town.block(3), [town.note(2, key: 3, value: 9)])

        let reopened = try town.open(store)
        #expect(reopened.height == BlockHeight(2))
        #expect(reopened.stateRoot == machine.stateRoot(at: BlockHeight(2)))
        #expect(try reopened.outcome(of: town.note(1, key: 2).hash)?.height == BlockHeight(2))
        let again = try reopened.execute(town.block(3), [town.note(2, key: 3, value: 9)])
        #expect(again == third)
    }

    @Test("a machine that never committed starts again from genesis")
    func fromGenesis() throws {
        let machine = try town.open(store)
        let root = machine.stateRoot
        _ = try machine.execute(town.block(1), [town.note(0)])
        let reopened = try town.open(store)
        #expect(reopened.height == BlockHeight(0) && reopened.stateRoot == root)
    }

    @Test("blocks executed while a commit waits belong to the next commit")
    func failedCommit() async throws {
        let machine = try town.open(store)
        let full = DiskFailure.full(path: "state")
        _ = try machine.execute(town.block(1), [town.note(0)])
        store.failCommits(full)
        await #expect(throws: LedgerFailure.disk(full)) { try await machine.commit() }
        _ = try machine.execute(town.block(2), [town.note(1, value: 0)])
        store.failCommits(nil)
        try await machine.commit()
        let reopened = try town.open(store)
        #expect(reopened.height == BlockHeight(2) && reopened.stateRoot == machine.stateRoot)
        #expect(
            reopened.value(NotebookModule.number, NotebookModule.noteKey(1)) == nil)
    }

    @Test("a commit is due after so many blocks or so many bytes")
    func due() async throws {
        let byBlocks = try town.open(options: .init(commitBlocks: 2))
        _ = try byBlocks.execute(town.block(1), [])
        // The genesis state counts as one.
        #expect(byBlocks.isCommitDue)
        try await byBlocks.commit()
        #expect(!byBlocks.isCommitDue)
        let byBytes = try town.open(
            options: .init(commitBytes: 100, commitBytesPerKey: 0))
        #expect(byBytes.isCommitDue)
    }

    @Test("a failed read stops the block and changes nothing")
    func failedRead() async throws {
        let machine = try town.open(store)
        try await machine.commit()
        let reopened = try town.open(store)
        let root = reopened.stateRoot
        store.failReads(.busy(path: "state"))
        #expect(throws: LedgerFailure.disk(.busy(path: "state"))) {
            try reopened.execute(town.block(1), [town.note(0)])
        }
        #expect(reopened.height == BlockHeight(0) && reopened.stateRoot == root)
        #expect(reopened.admit(town.note(0))?.name == "unavailable")
        #expect(throws: LedgerFailure.disk(.busy(path: "state"))) {
            try reopened.query { $0.value(NotebookModule.number, NotebookModule.noteKey(1)) }
        }
        _ = reopened.value(NotebookModule.number, NotebookModule.noteKey(1))
        store.failReads(nil)
        let result = try reopened.execute(town.block(1), [town.note(0)])
        #expect(result == (try machine.execute(town.block(1), [town.note(0)])))
    }

    @Test("a damaged store and one of another chain do not open")
    func damage() async throws {
        let machine = try town.open(store)
        try await machine.commit()
        let other = try Town(outcomeBlocks: 60)
        #expect(throws: LedgerFailure.self) { try other.open(store) }
        store.damage([1, 77])
        #expect(throws: LedgerFailure.self) { try town.open(store) }
    }

    @Test("outcomes are kept for their window and then forgotten, in memory and in the store")
    func outcomeWindow() async throws {
        let machine = try town.open(store)
        _ = try machine.execute(town.block(1), [town.note(0)])
        for height in UInt64(2)...50 { _ = try machine.execute(town.block(height), []) }
        try await machine.commit()
        let before = store.count
        #expect(try machine.outcome(of: town.note(0).hash) != nil)
        _ = try machine.execute(town.block(51), [])
        #expect(try machine.outcome(of: town.note(0).hash) == nil)
        try await machine.commit()
        #expect(store.count == before - 1)
    }

    @Test("a skipped transaction's outcome gives way when it is applied later")
    func laterApplied() throws {
        let machine = try town.open(store)
        let second = town.note(1)
        _ = try machine.execute(town.block(1), [second])
        #expect(try machine.outcome(of: second.hash)?.refusal?.name == "nonceTooHigh")
        _ = try machine.execute(town.block(2), [town.note(0), second])
        #expect(try machine.outcome(of: second.hash)?.verdict == .applied)
    }

    @Test("nobody can give a transaction an outcome without its sender's signature")
    func forged() throws {
        let machine = try town.open(store)
        let honest = town.note(0)
        let forged = SignedTransaction(
            transaction: honest.transaction, signature: town.note(1).signature)
        let result = try machine.execute(town.block(1), [forged])
        #expect(result.outcomes.first?.refusal?.name == "badSignature")
        #expect(try machine.outcome(of: honest.hash) == nil)
    }
}
