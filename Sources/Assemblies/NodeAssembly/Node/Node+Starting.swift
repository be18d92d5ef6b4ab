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
        let house = House()
        try await NodeJoining(configuration: configuration, effects: effects).run()
        let opened = try await NodeOpening(
            configuration: configuration, effects: effects, house: house
        ).open()
        let storage = opened.storage
        do {
            return try await start(configuration, effects, house, opened)
        } catch {
            await storage.close()
            throw error
        }
    }

    private static func start(
        _ configuration: NodeConfiguration, _ effects: Effects, _ house: House,
        _ opened: sending NodeOpening.Opened
    ) async throws(NodeFailure) -> Node {
        let mesh = PeerMesh(
            effects: effects, identity: configuration.identity,
            chain: configuration.genesis.chain, roles: roles(of: configuration),
            listen: configuration.listen, peers: configuration.peers)
        let links = MeshLinks(mesh: mesh)
        let recovered = opened.recovered
        let node = try await Node(
            configuration: configuration, effects: effects, storage: opened.storage,
            ledger: opened.ledger, fees: house.fees,
            blobStore: open(configuration, effects, links),
            sync: await SyncService.open(configuration, effects, opened.storage), links: links,
            validators: validators(of: configuration.genesis),
            machine: machine(configuration, recovered),
            lanes: lanes(
                configuration, opened.ledger, opened.laneRecords, isSilent: opened.isLaneSilent),
            recovered: recovered)
        await node.prepare()
        do {
            try await mesh.start(node.handlers)
        } catch {
            throw .network(error)
        }
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

    static func validators(of genesis: Genesis) throws(NodeFailure) -> ValidatorSet {
        do {
            return try ValidatorSet(of: genesis)
        } catch {
            throw .damaged("the genesis names no valid set of validators: \(error)")
        }
    }

    private static func machine(
        _ configuration: NodeConfiguration, _ recovered: RecoveredState
    ) throws(NodeFailure) -> ConsensusMachine {
        let settings = ConsensusConfiguration(
            chain: configuration.genesis.chain,
            validators: try validators(of: configuration.genesis),
            lengths: configuration.genesis.parameters.epochs, timing: configuration.timing)
        return ConsensusMachine(
            configuration: settings, identity: configuration.identity, recovered: recovered)
    }

    private static func lanes(
        _ configuration: NodeConfiguration, _ ledger: LedgerMachine, _ records: [LaneRecord],
        isSilent: Bool
    ) throws(NodeFailure) -> LaneMachine {
        let validators = try validators(of: configuration.genesis)
        let epoch = Epoch(0)
        let order = LanePosition.order(of: epoch, lanes: validators.count, in: ledger)
        return LaneMachine(
            configuration: LaneConfiguration(
                chain: configuration.genesis.chain, epoch: epoch, validators: validators),
            identity: configuration.identity,
            recovered: RecoveredLanes(
                order: order, height: ledger.height, records: records, isSilent: isSilent))
    }

    /// What a node does, with the vote its key gives it.
    static func roles(of configuration: NodeConfiguration) -> PeerRoles {
        let votes = configuration.genesis.validators.contains {
            $0.publicKey == configuration.identity.publicKey
        }
        return votes ? configuration.roles.union(.validator) : configuration.roles
    }

    /// Puts in line what the machine must hear before any peer.
    private func prepare() {
        sayWhetherSilent()
        enqueue(lanes: .started)
        enqueue(.started)
        enqueue(.executed(height: ledger.height, stateRoot: ledger.stateRoot))
    }

    private func begin() {
        running.append(effects.tasks.spawn("node loop") { await self.runLoop() })
        running.append(effects.tasks.spawn("repeat transactions") { await self.repeatLoop() })
        configuration.log(
            .info, "\(roles) \(configuration.identity.publicKey) at height \(ledger.height)")
    }
}
