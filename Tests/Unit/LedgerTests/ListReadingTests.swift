// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Reading lists of transactions")
struct ListReadingTests {
    let town: Town
    let transactions: [SignedTransaction]

    init() throws {
        let town = try Town()
        self.town = town
        let note = NotebookModule.message(.write)
        transactions = [
            town.note(0), town.note(1, key: 9),
            town.unsigned(nonce: 2, []).signed(by: town.alice),
            town.unsigned(nonce: 3, [note, note]).signed(by: town.bob),
            town.unsigned(nonce: 4, [note], chain: ChainID(.zero)).signed(by: town.alice),
        ]
    }

    private func bytes(_ transactions: [SignedTransaction]) throws -> [UInt8] {
        try #require(Payload(transactions)).canonicalBytes
    }

    @Test("a list gives what decoding and checking give one by one (EXECUTION-10)")
    func same() throws {
        let chain = town.genesis.chain
        let read = CheckedTransaction.read(list: try bytes(transactions), chain: chain)
        #expect(read == transactions.map { CheckedTransaction($0, chain: chain) })
        #expect(
            read?.map { $0.refusal?.name } == [
                nil, nil, "noMessages", "badSignature", "wrongChain",
            ]
        )
    }

    @Test(
        "many lists come out in order, and one that does not decode is nobody's fault but its own")
    func lists() throws {
        let chain = town.genesis.chain
        let lists = [try bytes(transactions), [1, 2, 3], [], try bytes([])]
        let read = CheckedTransaction.read(lists: lists, chain: chain) { count, body in
            for index in (0..<count).reversed() { body(index) }
        }
        #expect(read.map { $0?.count } == [5, nil, nil, 0])
        #expect(read[0] == CheckedTransaction.read(list: lists[0], chain: chain))
    }

    @Test("any bytes decode here exactly when they decode as a payload, and to the same")
    func mutations() throws {
        let chain = town.genesis.chain
        let whole = try bytes(Array(transactions.prefix(2)))
        var random = SeededGenerator(seed: 5)
        for _ in 0..<600 {
            var bytes = whole
            let place = Int(random.next(upperBound: UInt64(bytes.count)))
            switch random.next(upperBound: 4 as UInt64) {
            case 0: bytes.removeLast(place)
            case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            case 2: bytes[0] = UInt8(truncatingIfNeeded: random.next())
            default: bytes[place] ^= UInt8(1 + random.next() % 255)
            }
            let decoded = try? Payload(bytes: bytes)
            let read = CheckedTransaction.read(list: bytes, chain: chain)
            #expect(read?.map(\.signed) == decoded?.transactions)
            #expect(read?.map(\.hash) == decoded?.transactions.map(\.hash))
        }
    }
}
