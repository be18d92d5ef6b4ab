// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Effects
import JSONText
import Ledger
import NodeAssembly
import NodeInterface
import PeerNetwork
import SimulatedEffects
import Validators
import Vocabulary

/// The nodes of a scenario in one world: starts, crashes and restarts them, and lets the judge
/// follow what each of them executes.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class Fleet: @unchecked Sendable {
    /// One life of a node, from its start to its crash.
    struct Life {
        let number: UInt64
        let effects: Effects
        /// Nothing until it has started.
        var node: Node?
    }

    let world: SimulatedWorld
    let genesis: Genesis
    let members: [Member]
    let clients: [SigningKey]
    /// Whoever owns something at the beginning: clients, validators, who pay for charges, and those
    /// who will pay for a seat.
    let owners: [AccountID]
    let judge: Judge
    private let cast: Cast
    private let villains: [String: Villainy]
    private let marred: Set<String>
    private(set) var lives: [String: Life] = [:]
    private var livesBegun: UInt64 = 0

    /// What everybody who owns something has at the beginning.
    static let funds = Amount(whole: 1_000)
    /// How many workers execute a block, node by node: all must come to the same (EXECUTION-8).
    private static let workers = [1, 2, 8, 3]
    /// As many accounts as send payments, so that none waits long for its nonces.
    static let clientCount = 8

    init(_ scenario: Scenario, seed: UInt64) throws {
        world = SimulatedWorld(seed: seed)
        members = Member.all(of: scenario)
        clients = (0..<Self.clientCount).compactMap { Member.key(1_000 + $0) }
        let newcomers = scenario.newcomers
        owners =
            clients.map { AccountID(of: $0.publicKey) }
            + members.filter { ($0.isValidator && !$0.isTwin) || newcomers.contains($0.name) }
            .map(\.account)
        genesis = try Self.genesis(scenario, members, owners)
        judge = try Judge(genesis: genesis, members: members, scenario: scenario, world: world)
        villains = scenario.villains
        marred = scenario.marred
        cast = Cast(scenario, members: members, genesis: genesis, judge: judge)
    }

    /// What there is of money.
    var supply: Amount { Amount(Self.funds.units * UInt128(owners.count)) }

    private static func genesis(
        _ scenario: Scenario, _ members: [Member], _ owners: [AccountID]
    ) throws -> Genesis {
        let set = members.filter { $0.isValidator && !$0.isTwin }.map {
            GenesisValidator(
                name: $0.name, publicKey: $0.key.publicKey, stake: 1_000, account: $0.account
            ).json
        }
        let balances = AccountsGenesis(
            balances: owners.map { AccountsGenesis.Balance($0, funds) })
        let lengths = [
            ("checkpointBlocks", scenario.checkpointBlocks),
            ("epochCheckpoints", scenario.epochCheckpoints),
        ]
        return try Genesis(
            json: [
                "name": "simulated", "time": JSON(1_700_000_000_000 as UInt64),
                "validators": .array(set), "modules": ["accounts": balances.json],
                "ledger": .object(
                    lengths.compactMap { name, length in
                        length.map { JSON.Member(name, JSON($0)) }
                    }),
            ])
    }

    // MARK: Life

    /// Makes every machine and starts its node.
    func startAll(_ prepare: () -> Void) {
        let worlds = members.map { world.makeNode($0.name) }
        prepare()
        for (member, effects) in zip(members, worlds) { start(member, effects) }
    }

    /// Stops a node as a power failure would; a node that is down stays down.
    func crash(_ name: String) {
        guard lives[name] != nil else { return }
        lives[name] = nil
        world.crash(name)
    }

    /// Ends all lives, so that nothing of this world is held once nobody looks at it any more.
    func end() {
        judge.settled = { _, _, _ in }
        for member in members { crash(member.name) }
        world.run(forMilliseconds: 1)
    }

    /// Starts a node that is down with what its disk kept.
    func restart(_ name: String) {
        guard lives[name] == nil, let member = members.first(where: { $0.name == name }) else {
            return
        }
        start(member, world.restart(name))
    }

    private func start(_ member: Member, _ effects: Effects) {
        livesBegun += 1
        let number = livesBegun
        lives[member.name] = Life(number: number, effects: effects)
        if villains[member.name] == .flooder { return flood(member, effects) }
        let configuration = configuration(of: member)
        effects.tasks.spawn("node") { [self] in
            do throws(NodeFailure) {
                let node = try await Node.start(configuration, effects: effects)
                guard lives[member.name]?.number == number else { return }
                lives[member.name]?.node = node
                await follow(node, member.name)
            } catch {
                guard lives[member.name]?.number == number else { return }
                guard !judge.isCareless(member.name), !isVillain(member.name) else { return }
                judge.accuse(.start, "\(member.name) does not start: \(error)")
            }
        }
    }

    private func flood(_ member: Member, _ effects: Effects) {
        let flooder = Flooder(
            member, chain: genesis.chain, peers: peers(of: member), effects: effects)
        effects.tasks.spawn("flood") { await flooder.run() }
    }

    private func peers(of member: Member) -> [PeerAddress] {
        members.filter { !$0.isTwin && $0.key.publicKey != member.key.publicKey }.map {
            PeerAddress(publicKey: $0.key.publicKey, endpoint: Endpoint(host: $0.name, port: 7_000))
        }
    }

    private func configuration(of member: Member) -> NodeConfiguration {
        let log = NodeLog { [judge, world] level, text in
            judge.chronicle.note(world.now, member.name, level, text)
        }
        var configuration = NodeConfiguration(
            genesis: genesis, identity: member.key, roles: [],
            listen: Endpoint(host: member.name, port: 7_000), peers: peers(of: member), log: log)
        configuration.nextIdentity = member.nextKey
        // It would find what is spoilt before anybody else could.
        configuration.checksWholeState = !marred.contains(member.name)
        let place = members.firstIndex { $0.name == member.name } ?? 0
        configuration.executionWorkers = Self.workers[place % Self.workers.count]
        configuration.conduct = cast.conduct(of: member.name)
        return configuration
    }

    /// Hands the judge every block a node executes in this life.
    private func follow(_ node: Node, _ name: String) async {
        guard !isVillain(name) else { return }
        var height = await node.read { _, head in head.height }
        while !Task.isCancelled {
            switch await node.blocks(after: height, waiting: 10_000) {
            case .blocks(let blocks):
                for block in blocks {
                    await inform(node, name, of: block.finalized.block.header.epoch)
                    judge.executed(block, by: name)
                }
                height = blocks.last?.height ?? height
            case .gap(let resumeAfter): height = resumeAfter
            }
        }
    }

    /// Lets the judge know who decides in an epoch, as a light client would come to know it.
    func inform(_ node: any NodeAccess, _ name: String, of epoch: Epoch) async {
        while judge.newestEpoch < epoch {
            let handovers = await node.handovers(from: judge.newestEpoch, count: 16)
            guard judge.follow(handovers, of: name) else { return }
        }
    }

    /// Hands a transaction to a node that runs, and does not wait for its answer.
    func submit(_ transaction: SignedTransaction, through name: String) {
        guard let life = lives[name], let node = life.node else { return }
        life.effects.tasks.spawn("submit") { _ = try? await node.submit(transaction) }
    }

    // MARK: Looking

    /// Whether a member's word counts for nothing: it breaks the rules, or its state is spoilt.
    func isVillain(_ name: String) -> Bool { villains[name] != nil || marred.contains(name) }

    /// What villains did that can be proved.
    var crimes: Crimes { cast.crimes }

    /// The villains whose offences can be proved, and how often each offended before all eyes.
    var offenders: [(member: Member, villainy: Villainy, crimes: Crimes.Record)] {
        members.compactMap { member in
            guard let villainy = villains[member.name], villainy.isProvable else { return nil }
            return (member, villainy, cast.crimes.record(of: member.key.publicKey))
        }
    }

    /// Villains that are handed payments too, so that they have something to misuse.
    var laneBreakers: [String] {
        members.map(\.name).filter { villains[$0]?.breaksLanes == true }
    }

    /// The nodes that run and keep the rules, in the order of the members.
    var running: [(name: String, node: Node, effects: Effects)] {
        members.compactMap { member in
            guard !isVillain(member.name), let life = lives[member.name], let node = life.node
            else { return nil }
            return (member.name, node, life.effects)
        }
    }

    /// Lets every running node say how it stands; the judge hears it in a moment.
    func look() {
        for (name, node, effects) in running {
            effects.tasks.spawn("look") { [judge] in judge.saw(await node.status(), of: name) }
        }
        for name in marred.sorted() {
            guard let life = lives[name], let node = life.node else { continue }
            life.effects.tasks.spawn("look") { [judge] in judge.sawMarred(await node.status()) }
        }
    }

    /// Changes a bit in a node's store, and tells nobody: of the payee's balance, which the next
    /// payment changes, or of whose a validator's key is, which nobody asks.
    func flipBit(of name: String, isBusy: Bool) {
        guard let life = lives[name], let node = life.node, let member = members.first else {
            return
        }
        let (module, key) =
            isBusy
            ? (ModuleID.accounts, AccountsKeys.balance(of: Payments.payee, .native))
            : (.validators, ValidatorsKeys.keyOwner(member.key.publicKey))
        life.effects.tasks.spawn("flip bit") { _ = await node.flipBit(module, key) }
    }
}
