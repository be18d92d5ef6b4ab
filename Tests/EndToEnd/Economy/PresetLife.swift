// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Exchange
import Foundation
import Governance
import JSONText
import Ledger
import Presets
import Staking
import Testing
import Treasury
import Vocabulary

/// One network with the figures of a preset, and somebody who does everything there is to do.
struct PresetLife {
    let preset: Preset
    let cloud: RealCloud
    let sender: TransactionSender
    private let payee: AccountID

    /// A week of voting takes ten seconds, three days four.
    static let haste: UInt64 = 60_000
    private static let stake = Amount(whole: 100_000)
    private static let payment = Amount(whole: 1_000)

    /// Epochs of four blocks, one validator, the first version of the rules.
    static func begin(_ preset: Preset, old: Int = 0) async throws -> PresetLife {
        let cloud = try await RealCloud(
            validators: 1, providers: old,
            options: [
                "--preset", preset.name, "--hasten", "\(haste)", "--checkpoint-blocks", "4",
                "--epoch-checkpoints", "1", "--rules", "1", "--old", "\(old)",
            ])
        return PresetLife(preset, cloud)
    }

    private init(_ preset: Preset, _ cloud: RealCloud) {
        self.preset = preset
        self.cloud = cloud
        sender = TransactionSender(client: cloud.client, genesis: cloud.genesis, key: cloud.key)
        payee = AccountID(SHA256.hash(Array(preset.name.utf8)).raw)
    }

    var account: AccountID { AccountID(of: cloud.key.publicKey) }
    private var validator: AccountID { cloud.nodes[0].account }

    /// Three epochs with rewards, a slash, a vote that changes a figure, a payment of the treasury
    /// and an upgrade.
    func run() async throws {
        try await figures()
        try await refuse(ExchangeMessage.fund(Amount(whole: 1)).message, as: "unknownModule")
        try await begin()
        try await offend()
        try await vote()
        try await upgraded()
        try await exchange()
        try await rewards()
        if preset.name == "octo" { try await persons() }
    }

    // MARK: What the network says

    /// Every figure of the sources, as the running network shows it.
    func figures() async throws {
        let law = try await cloud.client.law()
        let offences = law["offences"]?.elements ?? []
        // Rows of every role and of single roles apart, so that a path can name them.
        let general = JSON.array(offences.filter { $0["role"] == nil }.reversed())
        let own = Role.allCases.map { role in
            JSON.Member("\(role)", .array(offences.filter { $0["role"]?.text == "\(role)" }))
        }
        let tables = JSON.object(
            (law.members ?? []) + [JSON.Member("general", general)] + own)
        let answers: JSON = [
            "law": tables, "figures": try await cloud.client.figures(),
            "windows": try await cloud.client.roleWindows(),
            "genesis": try await cloud.client.genesis().json,
        ]
        NetworkFigures(answers: answers, haste: Self.haste)
            .check(SourceFigures.rows(of: preset.name), of: preset.name)
    }

    private func send(_ messages: [Message], of key: SigningKey? = nil) async throws {
        let sender = TransactionSender(
            client: cloud.client, genesis: cloud.genesis, key: key ?? cloud.key)
        do {
            _ = try await sender.send(messages)
        } catch {
            let tail = cloud.log(of: "validator-1").suffix(1_500)
            throw HarnessFailure(
                "\(preset.name), modules \(messages.map(\.module.value)): "
                    + "\(error); \(tail)")
        }
    }

    private func refuse(_ message: Message, as name: String) async throws {
        do {
            _ = try await sender.send([message])
            Issue.record("\(preset.name): it was not refused as \(name)")
        } catch { #expect(error.name == name, "\(preset.name): \(error)") }
    }

    // MARK: What people do

    /// Stakes, bonds, and three proposals.
    private func begin() async throws {
        let (role, base, second) = try await bond
        var messages = [
            GovernanceMessage.lock(Amount(whole: 60_000)).message,
            StakingMessage.delegate(
                StakeOrder(operator: validator, amount: Self.stake)
            ).message,
            StakingMessage.openBond(OpenBond(role: role, base: base, second: second)).message,
            TreasuryMessage.deposit(pool: 0, asset: .native, amount: Amount(whole: 5_000)).message,
        ]
        if preset.name == "octo" {
            let holder = OpenBond(role: .holder, base: Amount(whole: 10_000))
            messages.append(StakingMessage.openBond(holder).message)
        }
        try await send(messages)
    }

    /// A role of the preset, and twice its least bonds.
    private var bond: (Role, Amount, Amount) {
        get async throws {
            let name = ["octo": "compute", "pocket": "supplier", "ocos": "storage"][preset.name]
            let role = try #require(Role(name: name ?? "machine"))
            let rows = try await cloud.client.law()["roles"]?.elements ?? []
            let row = try #require(rows.first { $0["role"]?.text == "\(role)" })
            func twice(_ json: JSON?) -> Amount {
                Amount(2 * (json?.text.flatMap { UInt128($0) } ?? 0))
            }
            return (role, twice(row["baseMin"]), twice(row["secondMin"]))
        }
    }

    private func drafts() async throws -> [Draft] {
        let rewards = Amount(whole: 500)
        let spend = TreasuryMessage.spend(
            pool: 0,
            payments: [
                Payment(to: payee, Self.payment), Payment(to: GovernanceKeys.account, rewards),
            ])
        return [
            Draft(
                kind: .parameter, title: "commissions",
                changes: [FigureChange(module: .staking, name: "commissionMax", value: "150000")]),
            Draft(
                kind: .treasury, title: "a payment, and rewards",
                messages: [spend.message, StakingMessage.fund(rewards).message]),
            Draft(
                kind: .upgrade, title: "version 2",
                upgrade: Upgrade(version: 2, digest: .zero, epoch: Epoch(2))),
        ]
    }

    /// Signs two statements that contradict each other, and is punished for it.
    private func offend() async throws {
        let (role, base, second) = try await bond
        func statement(_ content: UInt8) -> RoleStatement {
            RoleStatement(
                role: role, account: account, subject: .zero, sequence: 1,
                content: SHA256.hash([content]), by: cloud.key, on: cloud.genesis.chain)
        }
        let contradiction = Contradiction(statement(1), statement(2))
        try await send([StakingMessage.submitContradiction(contradiction).message])
        let stakes = try await cloud.client.stakes(of: account)
        let left = try #require(
            stakes["bonds"]?.elements?.first { $0["role"]?.text == "\(role)" })
        for (name, before) in [("base", base), ("second", second)] {
            let due = before.scaled(by: 700_000, over: 1_000_000) ?? .zero
            let now = left[name]?.text.flatMap { UInt128($0) }
            #expect(now == due.units, "\(preset.name): three tenths of the \(name) bond are lost")
        }
    }

    /// The newest proposal of a title, with its stage.
    func newest(_ title: String) async throws -> (number: UInt64, stage: String)? {
        let listed = try await cloud.client.proposals()["proposals"]?.elements ?? []
        return listed.filter { $0["title"]?.text == title }.compactMap { proposal in
            guard let number = proposal["number"]?.unsigned, let stage = proposal["stage"]?.text
            else { return nil }
            return (number, stage)
        }.max { $0.number < $1.number }
    }

    /// Proposes all drafts and votes for each while people vote on it. A slow machine may miss that
    /// time: what was rejected is proposed again.
    private func vote() async throws {
        try await ready()
        var open = try await drafts()
        var voted: Set<UInt64> = []
        let end = ContinuousClock.now + .seconds(150)
        while !open.isEmpty, ContinuousClock.now < end {
            for draft in open {
                guard let (number, stage) = try await newest(draft.title),
                    stage != "rejected"
                else {
                    let deposit = Amount(whole: 200)
                    try await send([GovernanceMessage.propose(draft, deposit: deposit).message])
                    continue
                }
                if stage == "executed" { open.removeAll { $0 == draft } }
                guard stage == "voting", voted.insert(number).inserted else { continue }
                // One that has just ended is found rejected in the next round.
                _ = try? await sender.send([GovernanceMessage.vote(number, .yes).message])
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(open.isEmpty, "\(preset.name): \(open.map(\.title)) did not pass")
        let figures = try await cloud.client.figures()
        #expect(figures["staking"]?["commissionMax"]?.unsigned == 150_000)
        #expect(try await cloud.client.account(payee).balance() == Self.payment)
    }

    /// The validator says that its node knows version 2.
    private func ready() async throws {
        let folder = "\(cloud.home)/local/nodes/\(cloud.nodes[0].name)"
        let file = try #require(FileManager.default.contents(atPath: "\(folder)/node.key"))
        let secret = try #require(FileManager.default.contents(atPath: "\(folder)/passphrase"))
        let key = try KeyFile.open(Array(file), passphrase: Array(secret))
        try await send([GovernanceMessage.signalReady(2, plan: .zero).message], of: key)
    }

    // MARK: What comes of it

    /// Version 2 holds once its proposal has passed.
    private func upgraded() async throws {
        let holds = await eventually(within: 60) {
            (try? await cloud.client.law()["rules"]?.unsigned) == 2
        }
        #expect(holds, "\(preset.name): version 2 of the rules holds")
    }

    /// Rules of version 2 know the exchange.
    private func exchange() async throws {
        try await send([ExchangeMessage.fund(Amount(whole: 5_000)).message])
        guard preset.name == "octo" else { return }
        let asset = AssetID(1)
        let before = try await cloud.client.account(account).balance(of: asset)
        let convert = ExchangeMessage.convert(
            asset: asset, amount: Amount(whole: 1_000), least: Amount(whole: 250))
        try await send([convert.message])
        let after = try await cloud.client.account(account).balance(of: asset)
        #expect(before.subtracting(after) == Amount(whole: 1_000))
        try await send([
            ExchangeMessage.createPool(
                CreatePool(
                    AssetAmount(Amount(whole: 1_000), of: .native),
                    AssetAmount(Amount(whole: 2_000), of: asset), fee: 3_000)
            ).message
        ])
    }

    /// Who stands behind the validator has earned something after three epochs, and gets it.
    private func rewards() async throws {
        let earned = await eventually(within: 60) {
            let stakes = try? await cloud.client.stakes(of: account)
            let reward = stakes?["delegations"]?.elements?.first?["reward"]?.text
            return (reward.flatMap { UInt128($0) } ?? 0) > 0
        }
        #expect(earned, "\(preset.name): delegated stake earns")
        try await send([StakingMessage.claim(validator).message])
        let height = try await cloud.client.status().height
        #expect(height.value > 12, "\(preset.name): three epochs of four blocks have ended")
    }
}
