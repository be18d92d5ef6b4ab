// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Exchange
import Governance
import Identities
import JSONText
import Leases
import Ledger
import Mandates
import Market
import Names
import Registry
import Revenue
import SimulatedEffects
import Staking
import Treasury
import Validators
import Vocabulary

/// Random people at every room of law at once, and what must hold of their money whatever they do:
/// nothing is made, nothing is lost but what is burnt for a named reason, no cap is exceeded.
final class MoneyMill {
    /// How many live in the town, and how many of them began it.
    static let people = 16
    static let founders = 4
    /// What everybody has of both assets at the beginning.
    static let plenty = Amount(whole: 1_000_000)
    static let coral = AssetID(5)
    /// Messages of a block.
    static let blockMessages = 24
    /// Blocks between two audits of the whole state.
    static let auditBlocks = 4_096

    /// What a run came to.
    struct Report {
        var messages = 0
        var applied = 0
        var blocks = 0
        /// By how much each asset's supply shrank.
        var burnt: [AssetID: Amount] = [:]
        var breaches: [String] = []
        /// How many messages each module took.
        var taken: [UInt8: Int] = [:]
    }

    private let town: LawTown
    private let market: MarketWorkload
    private let leases: LeasesWorkload
    private var random: SeededGenerator
    private var report = Report()
    /// The supplies at the end of the block before: none ever grows.
    private var supplies: [AssetID: Amount] = [:]
    private static let assets = [AssetID.native, coral]

    init(seed: UInt64) throws(GenesisFailure) {
        random = SeededGenerator(seed: seed)
        town = try LawTown(Self.parts(), people: Self.people, founders: Self.founders)
        market = MarketWorkload(
            clients: Array(town.accounts.prefix(6)), providers: Array(town.keys[6..<10]),
            assets: [.native, Self.coral], liesPer256: 24)
        leases = LeasesWorkload(
            tenants: Array(town.keys.prefix(4)), providers: Array(town.keys[6..<10]),
            assets: Self.assets)
        for asset in Self.assets { supplies[asset] = town.supply(asset) }
    }

    /// Short times and small thresholds, so that much becomes due.
    private static func parts() -> JSON {
        let accounts = (0..<people).map(LawTown.account)
        let balances = accounts.flatMap { account in
            assets.map { AccountsGenesis.Balance(account, plenty, of: $0) }
        }
        return [
            "accounts": AccountsGenesis(
                assets: [AccountsGenesis.NamedAsset(id: coral, symbol: "CRL")], balances: balances
            ).json,
            "validators": ["unbondingEpochs": 2, "jailEpochs": 2],
            "staking": [
                "insuranceEpochs": 1, "commissionEpochs": 2,
                "budget": ["account": .string("\(accounts[15])"), "amount": "500000"],
            ],
            "leases": [
                "startMilliseconds": 20_000_000, "decideMillisecondsMax": 20_000_000,
                "holdMillisecondsMax": 20_000_000,
            ],
            "treasury": [
                "pools": [["name": "common", "owner": .string("\(GovernanceKeys.account)")]]
            ],
            // CO-09 and OP-19 at once, with a fee of services.
            "revenue": [
                "feeBurn": 200_000, "feeTreasury": 100_000, "feeValidators": 100_000,
                "feeProposer": 600_000, "payProvider": 700_000, "payOrchestrator": 100_000,
                "payTreasury": 100_000, "payBurn": 50_000, "payValidators": 50_000,
                "treasuryPool": 0,
                "services": [["service": "jobs", "share": 30_000, "least": "0.001", "most": "1"]],
            ],
            "governance": [
                "version": 3, "depositMin": "1", "proposerMin": "10", "throttle": 100,
                "kinds": [
                    [
                        "kind": "parameter", "discussionMilliseconds": 3_600_000,
                        "votingMilliseconds": 7_200_000, "timeLockMilliseconds": 3_600_000,
                    ],
                    [
                        "kind": "text", "discussionMilliseconds": 3_600_000,
                        "votingMilliseconds": 7_200_000, "timeLockMilliseconds": 3_600_000,
                    ],
                ],
            ],
        ]
    }

    /// Sends so many messages and checks what must hold after every block.
    func run(messages: Int) -> Report {
        while report.messages < messages, report.breaches.isEmpty {
            for _ in 0..<Self.blockMessages { step() }
            if random.happens(perMillion: 20_000) { offend() }
            // Now and then a long time passes: locks end, delays are over, votes are counted.
            let isLate = random.happens(perMillion: 5_000)
            endBlock(after: isLate ? 700_000_000 : 1_000 + random.next(upperBound: 1_800_000))
        }
        town.audit()
        report.breaches += town.breaches
        for asset in Self.assets {
            report.burnt[asset] = Self.start(of: asset).subtracting(town.supply(asset)) ?? .zero
        }
        return report
    }

    private static func start(of asset: AssetID) -> Amount {
        plenty.multiplied(by: UInt64(people)) ?? plenty
    }

    private func step() {
        let place = random.below(Self.people)
        let (sender, message) = message(of: place)
        report.messages += 1
        payFee(of: sender)
        guard town.took(message, from: sender) else { return }
        report.applied += 1
        report.taken[message.module.value, default: 0] += 1
    }

    /// Fees go to who receives those of the block, and are divided at its end.
    private func payFee(of sender: AccountID) {
        let proposer = town.accounts[random.below(Self.founders)]
        let receiver = town.house.fees.receiver(of: proposer, in: town.context)
        _ = try? town.house.accounts.charge(
            Amount(UInt128(random.below(1_000_000_000))), to: sender, for: receiver,
            in: town.context)
    }

    private func endBlock(after milliseconds: UInt64) {
        town.end(milliseconds)
        report.blocks += 1
        for asset in Self.assets {
            let now = town.supply(asset)
            if now > supplies[asset] ?? .zero {
                report.breaches.append("block \(report.blocks): asset \(asset) grew to \(now)")
            }
            supplies[asset] = now
        }
        if report.blocks.isMultiple(of: Self.auditBlocks) { town.audit() }
        report.breaches += town.breaches.filter { !report.breaches.contains($0) }
    }

    // MARK: What people send

    private func message(of place: Int) -> (sender: AccountID, message: Message) {
        let (accounts, sender) = (town.accounts, town.accounts[place])
        switch random.below(40) {
        case 0..<14:
            return (
                sender,
                StakingWorkload.message(
                    behind: Array(accounts.prefix(6)), among: accounts, using: &random)
            )
        case 14..<21:
            return (
                sender,
                TreasuryWorkload.message(
                    of: sender, among: accounts, selling: Self.coral, at: town.now, using: &random)
            )
        case 21..<25:
            return (sender, GovernanceWorkload.message(among: accounts, using: &random))
        case 25..<28:
            let key = town.keys[random.below(8)]
            return (
                AccountID(of: key.publicKey),
                ValidatorsWorkload.message(of: key, on: LawTown.chain, using: &random)
            )
        case 28, 29, 30:
            return (
                sender,
                ExchangeWorkload.message(of: Self.assets, at: town.now, using: &random)
            )
        default: return service(of: place)
        }
    }

    /// Payments, jobs, names and what is done for others.
    private func service(of place: Int) -> (sender: AccountID, message: Message) {
        let (accounts, sender) = (town.accounts, town.accounts[place])
        switch random.below(19) {
        case 12:
            return (sender, RevenueWorkload.message(among: accounts, using: &random))
        case 13...:
            let next = leases.next(
                at: town.context.block, in: town.context, using: &random)
            return (next.sender, next.message.message)
        case 0..<4:
            return (sender, AccountsWorkload.message(among: accounts, using: &random))
        case 4, 5, 6:
            let next = market.next(
                at: town.context.block, in: town.context, using: &random)
            let message = Message(module: .market, payload: next.message.canonicalBytes)
            return (next.sender, message)
        case 7:
            let peer = town.keys[6 + random.below(4)].publicKey
            return (
                AccountID(of: peer), RegistryWorkload.message(of: peer, using: &random)
            )
        case 8, 9:
            return (sender, NamesWorkload.message(of: sender, among: accounts, using: &random))
        case 10:
            return (sender, mandate(of: sender))
        default:
            return (
                sender,
                IdentitiesWorkload.message(
                    of: town.keys[place], on: LawTown.chain, in: town.context, using: &random)
            )
        }
    }

    private func mandate(of sender: AccountID) -> Message {
        let inner = AccountsWorkload.message(among: town.accounts, using: &random)
        return MandatesWorkload.message(
            of: sender, among: town.accounts, covering: [MessageKind(.accounts, tag: 0)],
            at: town.now, in: town.context, using: &random, inner: { inner })
    }

    /// A validator of the newest set contradicts itself, or a bond is found to have offended.
    private func offend() {
        let queries = ValidatorsQueries(town.context)
        if let next = queries.nextSet, let seats = queries.seats(of: next.epoch) {
            let seat = seats.seats[random.below(seats.seats.count)]
            if let message = town.evidence(against: seat.account, in: next.epoch) {
                _ = town.took(message, from: town.accounts[9])
            }
        }
        let role = Role.allCases[random.below(Role.allCases.count)]
        let account = town.accounts[random.below(Self.people)]
        _ = try? town.house.staking.slash(role, of: account, for: "byzantine", in: town.context)
    }
}
