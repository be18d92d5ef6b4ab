// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import JSONText
import Ledger
import LightClient
import Market
import StateTree
import Vocabulary

/// A chain of any number of validators whose state holds what a test writes into it.
struct TrustedChain {
    let keys: [SigningKey]
    let genesis: Genesis
    let verifier: LightVerifier
    private(set) var tree = SparseMerkleTree()
    private(set) var values: [[UInt8]: [UInt8]] = [:]

    struct Unmade: Error {}

    init(validators count: Int, name: String = "trusted") throws {
        keys = (0..<count).map { Self.key(UInt16($0)) }
        let seats = keys.enumerated().map { place, key in
            GenesisValidator(
                name: "v\(place)", publicKey: key.publicKey, stake: 10,
                account: AccountID(of: key.publicKey))
        }
        genesis = try Genesis(json: [
            "name": .string(name), "time": 1_700_000_000_000,
            "validators": .array(seats.map(\.json)),
        ])
        verifier = try LightVerifier(genesis: genesis)
    }

    static func key(_ number: UInt16) -> SigningKey {
        let seed = SHA256.hash(withUnsafeBytes(of: number.bigEndian) { Array($0) })
        guard let key = SigningKey(seed: seed.raw.bytes) else {
            preconditionFailure("a hash has 32 bytes")
        }
        return key
    }

    static func account(_ number: UInt64) -> AccountID { AccountID(bytes(number)) }
    static func job(_ number: UInt64) -> JobID { JobID(bytes(number)) }

    private static func bytes(_ number: UInt64) -> Bytes32 {
        SHA256.hash(withUnsafeBytes(of: number.bigEndian) { Array($0) }).raw
    }

    // MARK: State

    mutating func set(_ module: ModuleID, _ key: [UInt8], _ value: [UInt8]) {
        let full = [module.value] + key
        values[full] = value
        tree.update([
            SparseMerkleTree.Change(
                key: SparseMerkleTree.path(of: full), valueHash: SHA256.hash(value))
        ])
    }

    mutating func fund(_ account: AccountID, _ amount: Amount, nonce: UInt64) {
        set(.accounts, AccountsKeys.balance(of: account, .native), amount.canonicalBytes)
        var encoder = CanonicalEncoder()
        encoder.write(nonce)
        set(.accounts, AccountsKeys.nonce(of: account), encoder.bytes)
    }

    func entry(_ module: ModuleID, _ key: [UInt8]) -> ProofEntry {
        let full = [module.value] + key
        return ProofEntry(
            module: module, key: key, value: values[full],
            proof: tree.prove(SparseMerkleTree.path(of: full)))
    }

    // MARK: Headers

    func header(height: UInt64 = 11, parent: BlockHeader? = nil) -> BlockHeader {
        BlockHeader(
            chain: genesis.chain, epoch: Epoch(0), slot: Slot(2 * height),
            height: BlockHeight(height),
            parentSlot: parent?.slot ?? Slot(2 * height - 1),
            parent: parent?.hash ?? Digest(Self.bytes(height)),
            timestamp: Timestamp(1_700_000_000_000 + height), payloadDigest: Block.digest(of: []),
            stateHeight: BlockHeight(height - 1), stateRoot: tree.root,
            proposer: keys[0].publicKey)
    }

    /// Headers that follow each other.
    func headers(_ count: Int, from height: UInt64 = 11) -> [BlockHeader] {
        var headers: [BlockHeader] = []
        for step in 0..<UInt64(count) {
            headers.append(header(height: height + step, parent: headers.last))
        }
        return headers
    }

    /// The votes of just so many validators as a quorum needs, or of those named.
    func finality(
        of header: BlockHeader, by signers: Range<Int>? = nil, chain: ChainID? = nil
    ) -> FinalityProof {
        let statement = Statement.final(header.slot, header.hash)
        let votes = (signers ?? 0..<keys.count * 2 / 3 + 1).map { place in
            Vote(
                statement, by: keys[place], validator: UInt16(place),
                chain: chain ?? genesis.chain, epoch: Epoch(0))
        }
        return FinalityProof(certificate: Certificate(statement, epoch: Epoch(0), votes: votes))
    }

    // MARK: Files

    func section(_ entries: [ProofEntry], height: UInt64 = 11) throws -> ProofSection {
        let header = header(height: height)
        guard
            let section = ProofSection(
                header: header, finality: finality(of: header), entries: entries)
        else { throw Unmade() }
        return section
    }

    /// A file about keys of the accounts module.
    func file(_ keys: [[UInt8]]) throws -> ProofFile {
        try file(keys.map { entry(.accounts, $0) })
    }

    func file(_ entries: [ProofEntry]) throws -> ProofFile {
        guard let file = ProofFile([try section(entries)]) else { throw Unmade() }
        return file
    }
}

/// A chain of four with one funded account, and an account that was never used.
struct Town {
    var chain: TrustedChain
    let rich = TrustedChain.account(1)
    let stranger = TrustedChain.account(2)

    init(validators: Int = 4, others: UInt64 = 60) throws {
        chain = try TrustedChain(validators: validators)
        chain.fund(rich, Amount(whole: 12), nonce: 7)
        for number in 0..<others {
            chain.fund(TrustedChain.account(100 + number), Amount(1), nonce: number)
        }
    }

    var balanceKey: [UInt8] { AccountsKeys.balance(of: rich, .native) }
    var nonceKey: [UInt8] { AccountsKeys.nonce(of: rich) }
}
