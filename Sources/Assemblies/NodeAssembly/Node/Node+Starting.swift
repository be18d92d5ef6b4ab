// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
import Ledger
import PeerNetwork
import Vocabulary

extension Node {
    /// Opens the node's files, replays what the state store has not seen, and joins the network.
    ///
    /// - Throws: ``NodeFailure``; nothing that was stored is changed.
    public static func start(
        _ configuration: NodeConfiguration, effects: Effects
    ) async throws(NodeFailure) -> Node {
        let storage = try await open(configuration, effects)
        do {
            return try await start(configuration, effects, storage)
        } catch {
            await storage.close()
            throw error
        }
    }

    private static func start(
        _ configuration: NodeConfiguration, _ effects: Effects, _ storage: NodeStorage
    ) async throws(NodeFailure) -> Node {
        let recovered = try await storage.recover()
        let house = House()
        let ledger = try await open(configuration, house, storage)
        let mesh = PeerMesh(
            effects: effects, identity: configuration.identity,
            chain: configuration.genesis.chain, roles: roles(of: configuration),
            listen: configuration.listen, peers: configuration.peers)
        let links = MeshLinks(mesh: mesh)
        let node = try await Node(
            configuration: configuration, effects: effects, storage: storage, ledger: ledger,
            fees: house.fees, blobStore: open(configuration, effects, links), links: links,
            validators: validators(of: configuration.genesis),
            machine: machine(configuration, recovered), lastFinal: recovered.lastFinal)
        try await node.replay()
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
        _ configuration: NodeConfiguration, _ effects: Effects
    ) async throws(NodeFailure) -> NodeStorage {
        do {
            return try await NodeStorage(
                disk: effects.disk, folder: configuration.folder,
                storeBytesMax: configuration.storeBytesMax)
        } catch {
            throw .disk(error)
        }
    }

    private static func open(
        _ configuration: NodeConfiguration, _ house: House, _ storage: NodeStorage
    ) async throws(NodeFailure) -> LedgerMachine {
        do {
            return try LedgerMachine.open(
                genesis: configuration.genesis, modules: house.modules, fees: house.fees,
                store: storage.state,
                options: LedgerMachine.Options(checksWholeState: configuration.checksWholeState))
        } catch {
            throw .ledger(error)
        }
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

    private static func validators(of genesis: Genesis) throws(NodeFailure) -> ValidatorSet {
        let list = genesis.validators.map {
            Validator(key: $0.publicKey, stake: UInt128($0.stake))
        }
        do {
            return try ValidatorSet(list)
        } catch {
            throw .damaged("the genesis names no valid set of validators: \(error)")
        }
    }

    private static func machine(
        _ configuration: NodeConfiguration, _ recovered: RecoveredState
    ) throws(NodeFailure) -> ConsensusMachine {
        let settings = ConsensusConfiguration(
            chain: configuration.genesis.chain,
            validators: try validators(of: configuration.genesis), timing: configuration.timing)
        return ConsensusMachine(
            configuration: settings, identity: configuration.identity, recovered: recovered)
    }

    /// What a node does, with the vote its key gives it.
    static func roles(of configuration: NodeConfiguration) -> PeerRoles {
        let votes = configuration.genesis.validators.contains {
            $0.publicKey == configuration.identity.publicKey
        }
        return votes ? configuration.roles.union(.validator) : configuration.roles
    }

    /// Executes the final blocks that the state store has not seen.
    private func replay() async throws(NodeFailure) {
        let end = await storage.height
        guard ledger.height <= end else {
            throw .damaged(
                "the state stands at height \(ledger.height), the block log ends at \(end)")
        }
        if ledger.height < end {
            configuration.log(.info, "replaying blocks \(ledger.height.advanced(by: 1)) to \(end)")
        }
        while ledger.height < end {
            let page = await finalBlocks(from: ledger.height.advanced(by: 1), count: 64)
            guard !page.isEmpty else { throw .damaged("the block log cannot be read to its end") }
            for block in page {
                let transactions = (try? Payload(bytes: block.block.payload))?.transactions ?? []
                do throws(LedgerFailure) {
                    _ = try apply(block, await checkedAll(transactions))
                } catch {
                    throw .ledger(error)
                }
            }
            try await commitReplayed()
        }
        // What changed last is not known after a restart: certifying anew costs one empty block.
        lastChanged = ledger.height
    }

    /// A state that is built anew from a long log is committed on the way, or it would all wait in
    /// memory.
    private func commitReplayed() async throws(NodeFailure) {
        guard ledger.isCommitDue else { return }
        do {
            try await ledger.commit()
        } catch {
            throw .ledger(error)
        }
    }

    /// Puts in line what the machine must hear before any peer.
    private func prepare() {
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
