// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import Identities
import JSONText
import Ledger
import NodeAssembly
import Presets
import Testing
import Treasury
import Vocabulary

@Suite("Networks of presets")
struct PresetNetworkTests {
    static func account(_ byte: UInt8) -> AccountID { AccountID(Bytes32 { $0[0] = byte }) }

    private func network(_ preset: Preset, haste: UInt64 = 1) -> PresetNetwork {
        var network = PresetNetwork(
            preset: preset, name: "\(preset.name)-local", time: Timestamp(1_000),
            founders: [
                PresetNetwork.Founder(
                    name: "one", publicKey: PublicKey(Bytes32 { $0[0] = 9 }),
                    account: Self.account(2))
            ], player: Self.account(1), playerBalance: Amount(whole: 1_000_000),
            balances: [(Self.account(2), Amount(whole: 100)), (Self.account(3), Amount(whole: 7))])
        network.haste = haste
        network.rules = House.rulesNewest
        return network
    }

    /// The state that a genesis file begins.
    private func begin(_ text: String) throws -> ExecutionContext {
        let genesis = try Genesis(bytes: Array(text.utf8))
        let context = ExecutionContext(
            block: BlockContext(
                chain: genesis.chain, height: BlockHeight(0), time: genesis.time,
                proposer: AccountID(.zero)), base: EmptyState())
        let modules = House().modules
        for module in modules {
            try module.initialise(
                from: genesis.json["modules"]?[module.name] ?? [:], in: context)
        }
        for module in modules { try module.found(genesis.validators, in: context) }
        #expect(modules.flatMap { $0.breaches(in: context) } == [])
        return context
    }

    @Test(
        "a whole genesis file keeps its comments and begins a chain",
        arguments: Preset.all.map(\.name))
    func files(_ name: String) throws {
        let preset = try #require(Preset.named(name))
        let document = try network(preset).document(governance: GovernanceKeys.account)
        let text = document.text
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        let source = preset.text.split(separator: "\n").filter { $0.contains("//") }
        for line in source {
            let words = line.drop { $0 == " " }
            #expect(text.contains(words), "a comment of the preset is in the file: \(words)")
        }
        let context = try begin(text)
        let accounts = AccountsModule()
        #expect(
            accounts.balance(of: Self.account(1), in: context) == Amount(whole: 1_000_000))
        #expect(accounts.balance(of: Self.account(2), in: context) == Amount(whole: 100))
        #expect(accounts.balance(of: Self.account(3), in: context) == Amount(whole: 7))
        #expect(GovernanceQueries(context).version == House.rulesNewest)
        #expect(IdentitiesQueries(context).person(of: Self.account(1)) != nil)
    }

    @Test(
        "the first money comes out of a pool, so that what exists in all stays as promised",
        arguments: [("optimus", 1_000_000_000), ("octo", 10_000_000_000)] as [(String, UInt64)])
    func supply(_ name: String, _ whole: UInt64) throws {
        let preset = try #require(Preset.named(name))
        let context = try begin(
            network(preset).document(governance: GovernanceKeys.account).text)
        #expect(
            AccountsModule().asset(.native, in: context)?.supply == Amount(whole: whole))
        guard name == "octo" else { return }
        let role = AssetID(1)
        #expect(AccountsModule().asset(role, in: context)?.supply == Amount(whole: 1_000_000_000))
        #expect(
            AccountsModule().balance(of: Self.account(1), role, in: context)
                == PresetNetwork.earnings)
    }

    @Test("haste divides every span of time, and nothing else", arguments: Preset.all.map(\.name))
    func haste(_ name: String) throws {
        let preset = try #require(Preset.named(name))
        let slow = try begin(
            network(preset).document(governance: GovernanceKeys.account).text)
        let fast = try begin(
            network(preset, haste: 1_000).document(governance: GovernanceKeys.account).text)
        for kind in ProposalKind.allCases {
            let one = GovernanceQueries(slow).rules(of: kind)
            let other = GovernanceQueries(fast).rules(of: kind)
            #expect(other.voting == one.voting / 1_000 && other.houses == one.houses)
            #expect(other.timeLock == one.timeLock / 1_000)
        }
        let late = GovernanceQueries(fast).parameters.lateMilliseconds
        #expect(late == GovernanceQueries(slow).parameters.lateMilliseconds / 1_000)
    }

    @Test(
        "every preset names the life of every kind of proposal", arguments: Preset.all.map(\.name))
    func kinds(_ name: String) throws {
        let preset = try #require(Preset.named(name))
        let parts = try preset.parts(
            allocation: Self.account(1), governance: GovernanceKeys.account)
        let rows = parts["modules"]?["governance"]?["kinds"]?.elements ?? []
        #expect(
            Set(rows.compactMap { $0["kind"]?.text })
                == Set(ProposalKind.allCases.map { "\($0)" }))
    }
}
