// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import Testing
import Vocabulary

@Suite("Genesis")
struct GenesisTests {
    private static let key = String(repeating: "ab", count: 32)

    private static let text = """
        {"name": "reef", "time": 1700000000000,
         "validators": [{"name": "v1", "publicKey": "\(key)", "stake": 10}],
         "ledger": {"feeBase": "0.5"},
         "modules": {"notebook": {"heartbeat": true}}}
        """

    private static func read(_ text: String) throws -> Genesis {
        try Genesis(bytes: Array(text.utf8))
    }

    @Test("a file is read, with standards for what it does not name")
    func reading() throws {
        let genesis = try Self.read(Self.text)
        #expect(genesis.name == "reef")
        #expect(genesis.time == Timestamp(1_700_000_000_000))
        let validator = try #require(genesis.validators.first)
        #expect(validator.stake == 10)
        #expect(validator.account == AccountID(of: validator.publicKey))
        #expect(genesis.parameters.feeBase == Amount("0.5"))
        #expect(genesis.parameters.outcomeBlocks == LedgerParameters.standard.outcomeBlocks)
    }

    @Test("the chain's identity does not depend on white space or the order of members")
    func identity() throws {
        let chain = try Self.read(Self.text).chain
        let reordered = """
            {"modules":{"notebook":{"heartbeat":true}},"time":1700000000000,
            "ledger":{"feeBase":"0.5"},"name":"reef",
            "validators":[{"stake":10,"publicKey":"\(Self.key)","name":"v1"}]}
            """
        #expect(try Self.read(reordered).chain == chain)
        #expect(try Genesis(bytes: Array(Self.read(Self.text).write().utf8)).chain == chain)
        let other = Self.text.replacing("\"reef\"", with: "\"rief\"")
        #expect(try Self.read(other).chain != chain)
    }

    @Test("the identity of a file is pinned")
    func pinnedIdentity() throws {
        let json: JSON = ["b": ["x", 1, true, nil], "a": [:]]
        let form: [UInt8] =
            Array("atoll/genesis/1".utf8) + [0]
            + [5, 2, 1, 0x61, 5, 0, 1, 0x62, 4, 4, 3, 1, 0x78, 2, 1, 0x31, 1, 1, 0]
        #expect(Genesis.identity(of: json) == ChainID(SHA256.hash(form).raw))
    }

    @Test(
        "each mistake is named with its place",
        arguments: [
            ("\"reef\"", "\"\"", "/name"),
            ("\"name\": \"reef\"", "\"nam\": \"reef\"", "/nam"),
            ("1700000000000", "-1", "/time"),
            ("1700000000000", "1.5", "/time"),
            (", \"stake\": 10", "", "/validators/0/stake"),
            ("\"stake\": 10", "\"stake\": 0", "/validators/0/stake"),
            ("\"stake\": 10", "\"stake\": 10, \"x/y~z\": 1", "/validators/0/x~1y~0z"),
            ("\"abab", "\"xbab", "/validators/0/publicKey"),
            ("\"0.5\"", "0.5", "/ledger/feeBase"),
            ("\"0.5\"", "\"0.0000000000000000001\"", "/ledger/feeBase"),
            ("\"feeBase\": \"0.5\"", "\"outcomeBlocks\": 5", "/ledger/outcomeBlocks"),
            ("{\"heartbeat\": true}", "{\"hartbeat\": true}", "/modules/notebook/hartbeat"),
            ("\"notebook\"", "\"notepad\"", "/modules/notepad"),
        ])
    func mistakes(part: String, wrong: String, pointer: String) throws {
        do {
            let genesis = try Self.read(Self.text.replacing(part, with: wrong, maxReplacements: 1))
            let notebook = NotebookModule()
            _ = try LedgerMachine.open(
                genesis: genesis, modules: [notebook], fees: notebook, store: MemoryStore())
            Issue.record("the mistake at \(pointer) was accepted")
        } catch let failure as GenesisFailure {
            #expect(failure.pointer == pointer)
        } catch LedgerFailure.genesis(let failure) {
            #expect(failure.pointer == pointer)
        }
    }

    @Test("no two validators share a name or a key, and there is at least one")
    func validators() {
        let twice = Self.text.replacing(
            "\"stake\": 10}",
            with: "\"stake\": 1}, {\"name\": \"v2\", \"publicKey\": \"\(Self.key)\", \"stake\": 1}")
        #expect(throws: GenesisFailure.self) { try Self.read(twice) }
        #expect(throws: GenesisFailure.self) {
            try Self.read("{\"name\": \"reef\", \"time\": 1, \"validators\": []}")
        }
        #expect(throws: GenesisFailure.self) { try Self.read("not json") }
    }
}
