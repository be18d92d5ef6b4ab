// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
import Ledger
import PeerNetwork
import Vocabulary

extension Node {
    /// Opens the node's files, puts right what can be put right, replays what the state store has
    /// not seen, and joins the network (specs/recovery.md).
    ///
    /// - Throws: ``NodeFailure``; nothing that was stored is lost.
    public static func start(
        _ configuration: NodeConfiguration, effects: Effects
    ) async throws(NodeFailure) -> Node {
        try await start(configuration, effects: effects, house: House())
    }

    /// Starts with other modules than those of every node.
    static func start(
        _ configuration: NodeConfiguration, effects: Effects, house: House
    ) async throws(NodeFailure) -> Node {
        try await NodeJoining(configuration: configuration, effects: effects).run()
        let opened = try await NodeOpening(
            configuration: configuration, effects: effects, house: house
        ).open()
        let (storage, book) = (opened.storage, opened.book)
        do {
            return try await start(configuration, effects, house, opened)
        } catch {
            await storage.close()
            await book.close()
            throw error
        }
    }

    private static func start(
        _ configuration: NodeConfiguration, _ effects: Effects, _ house: House,
        _ opened: sending NodeOpening.Opened
    ) async throws(NodeFailure) -> Node {
        let schedule = await opened.book.schedule
        let roles = roles(of: configuration, in: schedule.validators)
        var settings = MeshConfiguration()
        settings.dialsFromPrivatePort = configuration.findsPeers
        let mesh = PeerMesh(
            effects: effects, identity: configuration.identity,
            chain: configuration.genesis.chain, roles: roles, listen: configuration.listen,
            peers: configuration.peers, configuration: settings)
        let services = NodeServices(
            mesh, effects: effects, chain: configuration.genesis.chain)
        let links = MeshLinks(
            mesh: mesh,
            discovery: configuration.discovery(mesh, effects, table: services.table),
            doors: configuration.findsPeers
                ? Doors(
                    mesh, effects: effects,
                    isRelay: !roles.isDisjoint(with: [.validator, .gateway]))
                : nil)
        links.setMembers(Set(schedule.validators.validators.map(\.key)))
        let network = NodeNetwork(mesh.swarm, links: links, effects: effects)
        let recovered = opened.recovered
        let node = try await Node(
            configuration: configuration, effects: effects, storage: opened.storage,
            ledger: opened.ledger, fees: house.fees,
            blobStore: open(configuration, effects, links),
            sync: await SyncService.open(
                configuration, effects, opened.storage, opened.book), links: links,
            services: services, network: network, book: opened.book,
            machine: machine(configuration, schedule, recovered),
            lanes: lanes(
                configuration, schedule, opened.ledger, opened.laneRecords,
                isSilent: opened.isLaneSilent),
            recovered: recovered)
        await node.prepare()
        services.start(reading: node)
        try await links.start(node.handlers)
        await node.begin()
        return node
    }

    private static func open(
        _ configuration: NodeConfiguration, _ effects: Effects, _ links: MeshLinks
    ) async throws(NodeFailure) -> BlobStore {
        do {
            return try await BlobStore(
                disk: effects.disk, folder: "\(configuration.folder)/blobs",
                bytesMax: configuration.blobBytesMax, evicts: configuration.evictsBlobs,
                source: links)
        } catch {
            throw .disk(error)
        }
    }

    private static func machine(
        _ configuration: NodeConfiguration, _ schedule: ValidatorSchedule,
        _ recovered: RecoveredState
    ) -> ConsensusMachine {
        let settings = ConsensusConfiguration(
            schedule: schedule.leaders, lengths: schedule.lengths, timing: configuration.timing)
        return ConsensusMachine(
            configuration: settings, identity: configuration.voter(in: schedule.validators),
            recovered: recovered)
    }

    /// The lanes of the epoch that a schedule is of, as they were left.
    private static func lanes(
        _ configuration: NodeConfiguration, _ schedule: ValidatorSchedule,
        _ ledger: LedgerMachine, _ records: [LaneRecord], isSilent: Bool
    ) -> LaneMachine {
        let order = LanePosition.order(
            of: schedule.epoch, lanes: schedule.validators.count, in: ledger)
        return LaneMachine(
            configuration: LaneConfiguration(
                chain: configuration.genesis.chain, epoch: schedule.epoch,
                validators: schedule.validators),
            identity: configuration.voter(in: schedule.validators),
            recovered: RecoveredLanes(
                order: order, height: ledger.height, records: records, isSilent: isSilent))
    }

    /// What a node does that knows no other validators than those of the genesis.
    static func roles(of configuration: NodeConfiguration) -> PeerRoles {
        let founders = try? ValidatorSet(of: configuration.genesis)
        return founders.map { roles(of: configuration, in: $0) } ?? configuration.roles
    }

    /// What a node does, with the vote its keys give it.
    static func roles(
        of configuration: NodeConfiguration, in validators: ValidatorSet
    ) -> PeerRoles {
        configuration.votes(in: validators)
            ? configuration.roles.union(.validator) : configuration.roles
    }

    /// Puts in line what the machine must hear before any peer.
    private func prepare() async {
        sayWhetherSilent()
        enqueue(lanes: .started)
        enqueue(.started)
        // What no header carries yet must still be known, to propose it and to vote for it.
        for note in await book.notes where note.height < ledger.height {
            enqueue(.executed(height: note.height, stateRoot: note.root))
        }
        enqueue(.executed(height: ledger.height, stateRoot: ledger.stateRoot))
    }

    private func begin() {
        running.append(effects.tasks.spawn("node loop") { await self.runLoop() })
        running.append(effects.tasks.spawn("repeat transactions") { await self.repeatLoop() })
        configuration.log(
            .info, "\(roles) \(configuration.identity.publicKey) at height \(ledger.height)")
    }
}
