// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Transactions")
struct TransactionTests {
    let town: Town

    init() throws { town = try Town() }

    @Test("the encoding and the hash of a transaction are pinned")
    func pinned() throws {
        let transaction = Transaction(
            chain: ChainID(.zero), sender: PublicKey(.zero), nonce: 3, feeMax: Amount(258),
            validUntil: BlockHeight(4), messages: [Message(module: .market, payload: [5, 6])])
        let expected =
            String(repeating: "00", count: 64) + "0300000000000000"
            + "02010000000000000000000000000000" + "0400000000000000" + "01" + "03" + "020506"
        #expect(Hexadecimal.encode(transaction.canonicalBytes) == expected)
        let bytes = try #require(Hexadecimal.decode(expected))
        #expect(
            transaction.hash
                == SHA256.hash(Array("atoll/transaction/1".utf8) + [0] + bytes))
    }

    @Test("a checked transaction stays valid through its encoding")
    func roundTrip() throws {
        let signed = town.note(0)
        let again = try SignedTransaction(canonicalBytes: signed.canonicalBytes)
        #expect(again == signed)
        try again.check(chain: town.genesis.chain)
    }

    @Test("any flipped bit of a signed transaction makes it unreadable or refused")
    func mutation() throws {
        let bytes = town.note(0).canonicalBytes
        for bit in 0..<bytes.count * 8 {
            var mutated = bytes
            mutated[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let signed = try? SignedTransaction(canonicalBytes: mutated) else { continue }
            #expect(throws: Refusal.self, "bit \(bit)") {
                try signed.check(chain: town.genesis.chain)
            }
        }
    }

    @Test("a transaction is refused above its size")
    func size() {
        let half = Message(module: .market, payload: [UInt8](repeating: 0, count: 40_000))
        let signed = town.unsigned(nonce: 0, [half, half]).signed(by: town.alice)
        let words = "80169 bytes and 2 messages; the limits are 65536 and 64"
        #expect(throws: Refusal.ledger(.tooLarge, words)) {
            try signed.check(chain: town.genesis.chain)
        }
        let many = [Message](repeating: Message(module: .market, payload: []), count: 65)
        let crowded = town.unsigned(nonce: 0, many).signed(by: town.alice)
        #expect(throws: Refusal.self) { try crowded.check(chain: town.genesis.chain) }
        #expect(throws: CanonicalError.tooLong(length: 65, limit: 64)) {
            try SignedTransaction(canonicalBytes: crowded.canonicalBytes)
        }
    }

    @Test("checking works out once what the transaction says of itself")
    func checked() {
        let signed = town.note(3)
        let checked = CheckedTransaction(signed, chain: town.genesis.chain)
        #expect(checked.refusal == nil)
        #expect(checked.hash == signed.hash && checked.account == town.account)
        #expect(checked.byteCount == signed.canonicalBytes.count)
        let elsewhere = CheckedTransaction(signed, chain: ChainID(.zero))
        #expect(elsewhere.refusal?.name == "wrongChain")
    }

    @Test("many checked together come out as each does alone", arguments: [0, 1, 2, 8, 9, 10, 47])
    func checkedTogether(count: Int) {
        let mixed = (0..<count).map { index in
            let good = town.note(UInt64(index))
            return switch index % 7 {
            case 1:
                SignedTransaction(transaction: good.transaction, signature: town.note(99).signature)
            case 2: town.unsigned(nonce: 1, [], chain: ChainID(.zero)).signed(by: town.alice)
            case 3: town.unsigned(nonce: 1, []).signed(by: town.alice)
            case 4: town.unsigned(nonce: 1, bulk).signed(by: town.alice)
            case 5:
                town.unsigned(nonce: 1, [Message(module: .market, payload: [])]).signed(
                    by: town.bob)
            default: good
            }
        }
        let chain = town.genesis.chain
        let together = CheckedTransaction.check(all: mixed, chain: chain)
        #expect(together == mixed.map { CheckedTransaction($0, chain: chain) })
        let names: [String?] = [nil, "badSignature", "wrongChain", "noMessages", "tooLarge"]
        #expect(together.prefix(5).map { $0.refusal?.name } == Array(names.prefix(count)))
    }

    private var bulk: [Message] {
        [Message](
            repeating: Message(module: .market, payload: [UInt8](repeating: 0, count: 40_000)),
            count: 2)
    }

    @Test("a payload keeps its transactions in order and within its limits")
    func payload() throws {
        let notes = (0..<UInt64(20)).map { town.note($0) }
        let payload = try #require(Payload(notes))
        #expect(try Payload(bytes: payload.canonicalBytes).transactions == notes)
        #expect(Payload.empty.canonicalBytes == [0])
        let bulky = town.unsigned(
            nonce: 0, [Message(module: .market, payload: [UInt8](repeating: 0, count: 65_000))]
        ).signed(by: town.alice)
        let filled = Payload.filled(from: [SignedTransaction](repeating: bulky, count: 40))
        let read = try Payload(bytes: filled.bytes)
        #expect(filled.taken == 8 && read.transactions.count == 8)
        #expect(read.canonicalBytes == filled.bytes && filled.bytes.count <= Payload.bytesMax)
        #expect(Payload([SignedTransaction](repeating: bulky, count: 9)) == nil)
        #expect(throws: CanonicalError.self) {
            try Payload(bytes: [UInt8](repeating: 0, count: Payload.bytesMax + 1))
        }
    }

    @Test("decoders survive any bytes and read only what they would write", arguments: 1...4)
    func decoding(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let machine = try town.open()
        _ = try machine.execute(town.block(1), [town.note(0)])
        let outcome = try #require(try machine.outcome(of: town.note(0).hash))
        let refused = TransactionOutcome(
            hash: .zero, verdict: .skipped(.ledger(.expired, "late")), feeCharged: .zero,
            height: BlockHeight(1), index: 0)
        let proven = try machine.prove(NotebookModule.number, NotebookModule.noteKey(1))
        let payload = try #require(Payload([town.note(0), town.note(1)]))
        for _ in 0..<300 {
            Self.check(payload, using: &random)
            Self.check(town.note(0), using: &random)
            Self.check(outcome, using: &random)
            Self.check(refused, using: &random)
            Self.check(proven, using: &random)
            Self.check(town.genesis.parameters, using: &random)
        }
    }

    private static func check<Value: CanonicalCodable>(
        _ value: Value, using random: inout SeededGenerator
    ) {
        var bytes = value.canonicalBytes
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) {
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
        }
        guard let read = try? Value(canonicalBytes: bytes) else { return }
        #expect(read.canonicalBytes == bytes)
    }

    @Test("a refusal's words are cut where they would be too long to store")
    func longWords() throws {
        let long = Refusal(
            module: nil, code: 1, name: "n", detail: String(repeating: "é", count: 400))
        let read = try Refusal(canonicalBytes: long.canonicalBytes)
        #expect(read.detail == String(repeating: "é", count: 256))
    }

    @Test("the fee is base, bytes and messages, and never wraps")
    func fee() {
        let parameters = LedgerParameters(
            feeBase: Amount(10), feePerByte: Amount(2), feePerMessage: Amount(5),
            validityBlocksMax: 1, outcomeBlocks: 1)
        #expect(parameters.fee(bytes: 100, messages: 3) == Amount(225))
        let dear = LedgerParameters(
            feeBase: Amount(.max), feePerByte: Amount(1), feePerMessage: .zero,
            validityBlocksMax: 1, outcomeBlocks: 1)
        #expect(dear.fee(bytes: 1, messages: 1) == nil)
    }
}
