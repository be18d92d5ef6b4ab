// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Governance
import JSONText
import Ledger
import PeerNetwork
import Vocabulary

/// Which nodes a local cloud has, their keys and ports, and the genesis that knows them.
struct LocalCloudPlan: Sendable {
    /// How many of each kind.
    struct Size: Sendable {
        var validators = 4
        var providers = 3
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
    let genesis: JSON

    /// What each account has at the start.
    static let clientBalance = Amount(whole: 1_000_000)
    static let providerBalance = Amount(whole: 1_000)
    /// What the gateway of a local cloud can give away as test money.
    static let faucetBalance = Amount(whole: 9_000_000)
    /// How much of it at once: enough to stake, to propose and to run jobs.
    static let faucetGrant = Amount(whole: 10_000)

    /// How long an auction of a name lasts, and how long a retired issuer's bond is held: 5 s.
    static let patienceMilliseconds: UInt64 = 5_000

    /// Draws keys and takes ports.
    ///
    /// - Parameter ports: One for each node and one for HTTP.
    init(
        size: Size, ports: [UInt16], liars: Int, lengths: LedgerParameters = .standard,
        now: Timestamp, chance: any Chance
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
        for index in 1...size.validators {
            members.append(
                Member(
                    name: "validator-\(index)", role: "validator", key: try draw(),
                    listen: try loopback(), http: nil, faults: []))
        }
        for index in 1...size.providers {
            let isLiar = index > size.providers - liars
            members.append(
                Member(
                    name: "provider-\(index)", role: "provider", key: try draw(),
                    listen: try loopback(), http: nil, faults: isLiar ? ["lie"] : []))
        }
        members.append(
            Member(
                name: "gateway", role: "gateway", key: try draw(), listen: try loopback(),
                http: try loopback(), faults: []))
        self.members = members
        client = try draw()
        genesis = Self.genesis(of: members, client: client, lengths: lengths, now: now)
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
        of members: [Member], client: SigningKey, lengths: LedgerParameters, now: Timestamp
    ) -> JSON {
        let validators = members.filter { $0.role == "validator" }.map { member in
            GenesisValidator(
                name: member.name, publicKey: member.key.publicKey, stake: 1_000_000,
                account: member.account
            ).json
        }
        var balances = [
            AccountsGenesis.Balance(AccountID(of: client.publicKey), clientBalance)
        ]
        for member in members where member.role == "provider" {
            balances.append(AccountsGenesis.Balance(member.account, providerBalance))
        }
        for member in members where member.role == "gateway" {
            balances.append(AccountsGenesis.Balance(member.account, faucetBalance))
        }
        var modules: [(name: String, value: JSON)] = [
            ("accounts", AccountsGenesis(balances: balances).json), ("governance", governance),
            // At home nobody waits three days for a name, nor thirty for a bond.
            (
                "names",
                [
                    "auctionMilliseconds": JSON(patienceMilliseconds),
                    "extensionMilliseconds": JSON(patienceMilliseconds / 2),
                ]
            ), ("identities", ["retiringMilliseconds": JSON(patienceMilliseconds)]),
        ]
        if let purse = members.first(where: { $0.role == "gateway" })?.account {
            modules.append(("treasury", treasury(of: purse)))
        }
        return [
            "name": "atoll-local", "time": JSON(now.value), "validators": .array(validators),
            "ledger": [
                "checkpointBlocks": JSON(lengths.checkpointBlocks),
                "epochCheckpoints": JSON(lengths.epochCheckpoints),
            ],
            "modules": .object(modules.map { JSON.Member($0.name, $0.value) }),
        ]
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
