// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Governance
import JSONText
import Ledger
import NodeAssembly
import PeerNetwork
import Presets
import Vocabulary

/// Which nodes a local cloud has, their keys and ports, and the genesis that knows them.
struct LocalCloudPlan: Sendable {
    /// How many of each kind.
    struct Size: Sendable {
        var validators = 4
        var providers = 3
        /// How many of the providers lie about results.
        var liars = 0
        /// How many of the other providers know only the first version of the rules.
        var old = 0
    }

    /// What the new network's law is.
    struct Law: Sendable {
        var preset = Preset.atoll
        /// Whether nobody named a preset: then proposals take a minute and a pool can be spent.
        var isForOne = true
        /// By how much all spans of time are shorter.
        var haste: UInt64 = 1
        /// The version of the rules that it begins with.
        var rules = House.rulesNewest
        /// Figures of `/ledger` in the place of the preset's.
        var lengths: [(name: String, value: UInt64)] = []
    }

    struct Member: Sendable {
        let name: String
        let role: String
        let key: SigningKey
        let listen: Endpoint
        let http: Endpoint?
        let faults: [String]

        var account: AccountID { AccountID(of: key.publicKey) }
    }

    let members: [Member]
    /// The key whose account holds the money to play with.
    let client: SigningKey
    /// The genesis with its comments.
    let genesis: CommentedJSON

    /// What each account has at the start; validators pay fees of what they send with theirs.
    static let clientBalance = Amount(whole: 1_000_000)
    static let providerBalance = Amount(whole: 1_000)
    /// What the gateway of a local cloud can give away as test money.
    static let faucetBalance = Amount(whole: 9_000_000)
    /// The same where it comes out of a preset's pool.
    static let faucetSmall = Amount(whole: 2_000_000)
    /// How much of it at once: enough to stake, to propose and to run jobs.
    static let faucetGrant = Amount(whole: 10_000)
    static let validatorBalance = Amount(whole: 100)

    /// How long an auction of a name lasts, and how long a retired issuer's bond is held: 5 s.
    static let patienceMilliseconds: UInt64 = 5_000

    /// Draws keys and takes ports.
    ///
    /// - Parameter ports: One for each node and one for HTTP.
    init(
        size: Size, ports: [UInt16], law: Law = Law(), now: Timestamp, chance: any Chance
    ) throws {
        var ports = ports
        func draw() throws -> SigningKey {
            guard let key = SigningKey(seed: chance.bytes(32)) else {
                throw CommandFailure(status: .refused, what: "the system gave no random bytes")
            }
            return key
        }
        func loopback() throws -> Endpoint {
            guard let port = ports.popLast() else {
                throw CommandFailure(
                    status: .refused, what: "no free port between 20000 and 32000",
                    next: "stop other programs that listen there")
            }
            return Endpoint(host: "127.0.0.1", port: port)
        }
        var members: [Member] = []
        for index in 0..<size.validators {
            members.append(
                Member(
                    name: "validator-\(index + 1)", role: "validator", key: try draw(),
                    listen: try loopback(), http: nil, faults: []))
        }
        for index in 0..<size.providers {
            let faults =
                index >= size.providers - size.liars
                ? ["lie"] : index < size.old ? ["old-rules"] : []
            members.append(
                Member(
                    name: "provider-\(index + 1)", role: "provider", key: try draw(),
                    listen: try loopback(), http: nil, faults: faults))
        }
        members.append(
            Member(
                name: "gateway", role: "gateway", key: try draw(), listen: try loopback(),
                http: try loopback(), faults: []))
        self.members = members
        client = try draw()
        genesis = try Self.genesis(of: members, client: client, law: law, now: now)
    }

    /// The standard rules with times that one person can wait for: a proposal is talked about for
    /// five seconds, voted on for 45, and carried out five seconds later.
    private static var governance: JSON {
        let kinds = ["text", "parameter", "treasury", "validators", "role", "upgrade"]
        return [
            "lateMilliseconds": 5_000,
            "kinds": .array(
                kinds.map { kind in
                    [
                        "kind": .string(kind), "discussionMilliseconds": 5_000,
                        "votingMilliseconds": 45_000, "timeLockMilliseconds": 5_000,
                    ]
                }),
        ]
    }

    private static func genesis(
        of members: [Member], client: SigningKey, law: Law, now: Timestamp
    ) throws -> CommentedJSON {
        let founders = members.filter { $0.role == "validator" }.map {
            PresetNetwork.Founder(
                name: $0.name, publicKey: $0.key.publicKey, account: $0.account)
        }
        let balances = members.compactMap { member -> (account: AccountID, amount: Amount)? in
            switch member.role {
            case "validator": (member.account, validatorBalance)
            case "provider": (member.account, providerBalance)
            case "gateway": (member.account, law.preset.purse == nil ? faucetBalance : faucetSmall)
            default: nil
            }
        }
        var network = PresetNetwork(
            preset: law.preset, name: "\(law.preset.name)-local", time: now, founders: founders,
            player: AccountID(of: client.publicKey), playerBalance: clientBalance,
            balances: balances)
        network.haste = law.haste
        network.lengths = law.lengths
        network.rules = law.rules
        network.patience = patienceMilliseconds
        var document = try network.document(governance: GovernanceKeys.account)
        if law.isForOne, let purse = members.first(where: { $0.role == "gateway" })?.account {
            shorten(&document, purse)
        }
        return document
    }

    /// Times of proposals that one person can wait for, and a pool that proposals can spend.
    private static func shorten(_ document: inout CommentedJSON, _ purse: AccountID) {
        let path = ["modules", "governance"]
        let quick = governance
        let times = quick["kinds"]?.elements ?? []
        let rows = (document.value["modules"]?["governance"]?["kinds"]?.elements ?? []).map { row in
            guard let time = times.first(where: { $0["kind"] == row["kind"] }) else { return row }
            return .object(
                (time.members ?? []) + (row.members ?? []).filter { $0.name == "houses" })
        }
        document.value.set(path + ["kinds"], .array(rows))
        document.value.set(
            path + ["lateMilliseconds"], quick["lateMilliseconds"] ?? .null)
        document.value.set(["modules", "treasury"], treasury(of: purse))
    }

    /// What a local cloud holds in common: a pool that proposals can spend.
    private static func treasury(of purse: AccountID) -> JSON {
        [
            "pools": [
                [
                    "name": "community", "owner": .string("\(GovernanceKeys.account)"),
                    "holdings": [
                        [
                            "account": .string("\(purse)"),
                            "amount": .string("\(Amount(whole: 1_000_000))"),
                        ]
                    ],
                ]
            ]
        ]
    }

    /// The settings of one node: it knows the first one, and the first knows the second; the others
    /// they find.
    func file(of member: Member) -> NodeFile {
        let peers = members.prefix(2).filter { $0.name != member.name }.prefix(1).map {
            PeerAddress(publicKey: $0.key.publicKey, endpoint: $0.listen)
        }
        var file = NodeFile(
            name: member.name, roles: [member.role], listen: member.listen, http: member.http,
            peers: Array(peers),
            provider: member.role == "provider" ? NodeFile.Provider() : nil,
            faults: member.faults)
        if member.role == "gateway" { file.faucet = Self.faucetGrant }
        return file
    }
}
