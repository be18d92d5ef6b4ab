// SPDX-License-Identifier: Apache-2.0
import Accounts
import Effects
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Events of the past")
struct PastEventTests {
    /// Every event of some blocks with the accounts it concerns, kept the plain way.
    private struct Book {
        var entries: [(cursor: EventCursor, transaction: Digest?, event: Event)] = []

        mutating func note(_ result: BlockResult) {
            for (index, event) in result.events.enumerated() {
                entries.append(
                    (
                        EventCursor(height: result.height, index: UInt32(index)),
                        result.transaction(ofEvent: index), event
                    ))
            }
        }

        func events(
            about account: AccountID, after cursor: EventCursor?, from oldest: UInt64 = 0
        ) -> [PastEvent] {
            entries.filter { entry in
                let movement = try? Movement(canonicalBytes: entry.event.payload)
                let isFee = entry.event.kind == AccountsEventKind.feePaid.rawValue
                let receiver = isFee ? nil : movement?.to
                return
                    (movement?.from == account || receiver == account
                    || entry.event.subject == account.raw)
                    && (cursor.map { entry.cursor > $0 } ?? true)
                    && entry.cursor.height.value >= oldest
            }
            .map { PastEvent(cursor: $0.cursor, transaction: $0.transaction, event: $0.event) }
        }
    }

    @Test(
        "an account's events are found in order, page by page, before commits and after",
        arguments: [1, 3, 40] as [UInt64])
    func pages(commitBlocks: UInt64) async throws {
        var crowd = try Crowd(seed: commitBlocks)
        let store = MemoryStore()
        var machine = try crowd.open(store)
        var book = Book()
        for height in UInt64(1)...60 {
            book.note(try machine.execute(crowd.block(height), crowd.cut(machine)))
            guard height % commitBlocks == 0 else { continue }
            if height % 7 == 0 {
                store.failCommits(.full(path: "state"))
                await #expect(throws: LedgerFailure.self) { try await machine.commit() }
                store.failCommits(nil)
            }
            try await machine.commit()
            if height % 20 == 0 { machine = try crowd.open(store) }
        }
        for account in crowd.accounts {
            let expected = book.events(about: account, after: nil)
            #expect(try machine.events(of: account, limit: 1_000).events == expected)
            var found: [PastEvent] = []
            var cursor: EventCursor?
            repeat {
                let page = try machine.events(of: account, after: cursor, limit: 7)
                #expect(page.events.count <= 7)
                found += page.events
                cursor = page.next
            } while cursor != nil
            #expect(found == expected)
        }
        #expect(try machine.events(of: JobID(Bytes32 { $0[0] = 77 })).events.isEmpty)
    }

    @Test("events are forgotten after their blocks, in memory and in the store (LEDGER-18)")
    func forgotten() async throws {
        var crowd = try Crowd(seed: 5)
        let store = MemoryStore()
        let machine = try crowd.open(store, options: .init(eventBlocks: 10))
        var book = Book()
        for height in UInt64(1)...30 {
            book.note(try machine.execute(crowd.block(height), crowd.cut(machine)))
            try await machine.commit()
        }
        for account in crowd.accounts {
            #expect(
                try machine.events(of: account, limit: 1_000).events
                    == book.events(about: account, after: nil, from: 21))
        }
        let held = store.count
        for height in UInt64(31)...50 { _ = try machine.execute(crowd.block(height), []) }
        try await machine.commit()
        #expect(store.count < held)
        #expect(try machine.events(of: crowd.accounts[0]).events.isEmpty)
    }

    @Test("a receipt has the outcome and the events of its transaction")
    func receipt() async throws {
        var crowd = try Crowd(seed: 6)
        let store = MemoryStore()
        let machine = try crowd.open(store)
        let gift = crowd.signed(
            0, nonce: 0, [Crowd.pay(.init(to: crowd.accounts[5], Amount(500)))])
        let other = crowd.signed(
            1, nonce: 0, [Crowd.pay(.init(to: crowd.accounts[5], Amount(5)))])
        let result = try machine.execute(crowd.block(1), [other, gift])
        try await machine.commit()
        let receipt = try #require(try crowd.open(store).receipt(of: gift.hash))
        #expect(receipt.outcome == result.outcomes[1])
        #expect(receipt.events.map(\.event) == Array(result.events[2...]))
        #expect(receipt.events.map(\.transaction) == [gift.hash, gift.hash])
        #expect(try machine.receipt(of: Digest.zero) == nil)
    }

    @Test("a failed read of events is told apart from none")
    func failure() async throws {
        var crowd = try Crowd(seed: 7)
        let store = MemoryStore()
        let machine = try crowd.open(store)
        let gift = crowd.signed(
            0, nonce: 0, [Crowd.pay(.init(to: crowd.accounts[5], Amount(500)))])
        _ = try machine.execute(crowd.block(1), [gift])
        try await machine.commit()
        store.failReads(.busy(path: "state"))
        #expect(throws: LedgerFailure.disk(.busy(path: "state"))) {
            try machine.events(of: crowd.accounts[0])
        }
    }

    @Test("a list of events keeps its events through any encoding")
    func list() throws {
        let events = (0..<5).map { number in
            Event(
                module: ModuleID(3), kind: UInt16(number), subject: .zero,
                payload: [UInt8](repeating: 7, count: number * 60))
        }
        let list = EventList(events)
        #expect(Array(list) == events)
        #expect(try EventList(canonicalBytes: list.canonicalBytes) == list)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var bytes = list.canonicalBytes
            bytes[Int(random.next(upperBound: UInt64(bytes.count)))] ^= UInt8(
                1 + random.next() % 255)
            if let read = try? EventList(canonicalBytes: bytes) {
                #expect(read.canonicalBytes == bytes)
            }
        }
    }
}
