// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Exchange
import Foundation
import Governance
import Identities
import JSONText
import Ledger
import Mandates
import Market
import Names
import NodeInterface
import Registry
import Staking
import Testing
import Treasury
import Validators
import Vocabulary

/// The encodings that the Swift code and the JavaScript SDK share, in one file.
///
/// ATOLL_WRITE_VECTORS=1 writes the file anew; without it the file must say what this code says.
@Suite("The encoding vectors")
struct VectorFileTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../SDKs/javascript/tests/vectors.json").standardized

    @Test("the file that the JavaScript SDK is tested with holds these encodings and no other")
    func file() throws {
        let written = Self.document.pretty + "\n"
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_VECTORS"] == "1" {
            try Data(written.utf8).write(to: Self.file)
        }
        let read = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(read == written, "ATOLL_WRITE_VECTORS=1 writes \(Self.file.path) anew")
    }

    @Test("every message that a module of the ledger reads has a vector")
    func complete() {
        for (name, module, isKnown) in Self.readers {
            let known = Set((0..<128).filter { isKnown(UInt8($0)) })
                .subtracting(Self.evidence[name] ?? [])
            let shown = Set(
                Self.messages.filter { $0.module == name && $0.message.module == module }
                    .compactMap { $0.message.payload.first.map(Int.init) })
            #expect(!known.isEmpty)
            #expect(shown == known, "\(name) lacks vectors of \(known.subtracting(shown))")
        }
        #expect(Set(Self.messages.map(\.module)) == Set(Self.readers.map(\.name)))
    }

    /// Messages whose evidence travels as its own canonical bytes, which no client makes.
    private static let evidence: [String: Set<Int>] = ["validators": [6, 7], "staking": [9]]

    /// Each module that takes messages, and whether it knows a tag.
    private static var readers: [(name: String, module: ModuleID, isKnown: (UInt8) -> Bool)] {
        [
            ("accounts", .accounts, knows(AccountsMessage.self)),
            ("registry", .registry, knows(RegistryMessage.self)),
            ("market", .market, knows(MarketMessage.self)),
            ("validators", .validators, knows(ValidatorsMessage.self)),
            ("staking", .staking, knows(StakingMessage.self)),
            ("treasury", .treasury, knows(TreasuryMessage.self)),
            ("governance", .governance, knows(GovernanceMessage.self)),
            ("exchange", .exchange, knows(ExchangeMessage.self)),
            ("identities", .identities, knows(IdentitiesMessage.self)),
            ("names", .names, knows(NamesMessage.self)),
            ("mandates", .mandates, knows(MandatesMessage.self)),
        ]
    }

    /// A tag that is known is followed by something that is missing; any other is refused as such.
    private static func knows<Value: CanonicalCodable>(_ type: Value.Type) -> (UInt8) -> Bool {
        { tag in
            do throws(CanonicalError) {
                _ = try Value(canonicalBytes: [tag])
                return true
            } catch {
                if case .unknownTag = error { return false }
                return true
            }
        }
    }

    private static var messages: [Vector] {
        MoneyVectors.all + StakeVectors.all + LawVectors.all + PersonVectors.all
            + ExchangeVectors.all
    }

    private static var document: JSON {
        [
            "messages": .array(messages.map(\.json)), "transactions": .array(transactions),
            "job": job, "input": input, "genesis": genesis,
        ]
    }

    /// Three transactions of one key, with more messages each time.
    private static var transactions: [JSON] {
        guard let key = SigningKey(seed: Fixed.seed) else { return [] }
        return [1, 2, 9].map { count in
            let messages = Array(MoneyVectors.all.map(\.message).prefix(count))
            let transaction = Transaction(
                chain: ChainID(Fixed.raw(0x99)), sender: key.publicKey, nonce: Fixed.count,
                feeMax: Fixed.amount, validUntil: BlockHeight(UInt64(count)), messages: messages)
            let signed = transaction.signed(by: key)
            return [
                "seed": .string(Hexadecimal.encode(Fixed.seed)),
                "account": .string("\(transaction.account)"),
                "transaction": [
                    "chain": Fixed.digits(0x99), "sender": .string("\(key.publicKey)"),
                    "nonce": Fixed.countDigits, "feeMax": Fixed.amountDigits,
                    "validUntil": .string("\(count)"),
                    "messages": .array(
                        messages.map {
                            [
                                "module": JSON(UInt64($0.module.value)),
                                "payload": .string(Hexadecimal.encode($0.payload)),
                            ]
                        }),
                ], "hash": .string("\(signed.hash)"),
                "signature": .string(Hexadecimal.encode(signed.signature.bytes)),
                "bytes": .string(Hexadecimal.encode(signed.canonicalBytes)),
            ]
        }
    }

    private static var job: JSON {
        let id = OpenOrder(terms: MoneyVectors.terms).job(
            sender: Fixed.account, transaction: Fixed.digest)
        return [
            "sender": Fixed.digits(0xa1), "transaction": Fixed.digits(0xd4),
            "terms": MoneyVectors.termsJSON, "job": .string("\(id)"),
        ]
    }

    private static var input: JSON {
        let blob = JobInput.Blob(digest: Fixed.digest, size: Fixed.count >> 8)
        let files = [JobInput.File(path: "a/b", blob: blob)]
        let bytes = JobInput(standardInput: nil, files: [])?.canonicalBytes ?? []
        let more = JobInput(
            standardInput: JobInput.Blob(digest: Fixed.digest, size: 1),
            files: files.map {
                JobInput.File(path: $0.path, blob: .init(digest: Fixed.digest, size: 2))
            }
        )?.canonicalBytes
        return [
            "empty": .string(Hexadecimal.encode(bytes)),
            "full": .string(Hexadecimal.encode(more ?? [])),
        ]
    }

    private static var genesis: JSON {
        let json: JSON = [
            "name": "vectors ü", "time": 1_700_000_000_000,
            "validators": [
                [
                    "name": "one", "publicKey": Fixed.digits(0x11), "stake": 9_007_199_254_740_992,
                ]
            ], "ledger": ["feeBase": "0.5", "checkpointBlocks": 16],
            "modules": [
                "z": [:], "a": [1, -3, true, false, nil, "\u{1F600}\n\"\\"], "é": "after z",
            ],
        ]
        return [
            "text": .string(json.pretty), "chain": .string("\(Genesis.identity(of: json))"),
        ]
    }
}
