// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Gateway
import Ledger
import NodeAssembly
import NodeInterface
import ProviderAgent
import SystemEffects
import Vocabulary

/// `atoll node start`: runs one node in the foreground until it is asked to stop.
enum NodeStart {
    static let command = CommandSpec(
        path: ["node", "start"],
        summary: "run one node from its folder until SIGTERM",
        discussion: """
            The folder holds node.json (what the node does), node.key (its sealed key),
            genesis.json or a genesis named by --genesis, and data/. Lines of the log go to
            standard error. A validator that changes its key names the new one with --next-key, or
            as "nextKey" in node.json: the node votes with the key that the epoch's set names.
            """,
        example: "atoll node start ~/.atoll/local/nodes/validator-1",
        arguments: [ArgumentSpec(name: "folder", help: "the node's folder")],
        options: [
            OptionSpec(name: "genesis", value: "FILE", help: "default FOLDER/genesis.json"),
            OptionSpec(
                name: "passphrase-file", value: "FILE",
                help: "opens node.key; default FOLDER/passphrase, then $ATOLL_PASSPHRASE"),
            OptionSpec(name: "archive", help: "keep every block, as \"archive\": true does"),
            OptionSpec(
                name: "from-snapshot",
                help: "join from a snapshot however short or young the chain is"),
            OptionSpec(
                name: "next-key", value: "FILE",
                help: "a second sealed key to vote with, for when a validator changes its key"),
            OptionSpec(
                name: "next-passphrase", value: "FILE",
                help: "opens that key; default what opens node.key"),
        ],
        handlesSignals: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = Surroundings.absolute(invocation.arguments[0])
        var settings = try NodeFile(
            await shell.read("\(folder)/node.json", limit: 1 << 20), path: "\(folder)/node.json")
        if invocation.has("archive") { settings.isArchive = true }
        let genesisPath = invocation.value("genesis") ?? "\(folder)/genesis.json"
        let genesis = try await readGenesis(genesisPath, shell)
        let keys = try await openKeys(folder, settings, invocation, shell)
        let loop = EventLoop.start(name: "node")
        let effects: Effects
        do {
            effects = try SystemWorld.make(root: folder, loop: loop)
        } catch {
            throw CommandFailure.disk(error, path: folder)
        }
        let log = log(effects)
        var sync = settings.syncPolicy
        if invocation.has("from-snapshot") {
            (sync.mode, sync.behindBlocksMin, sync.youngMilliseconds) = (.snapshot, 1, 0)
        }
        let token =
            settings.http == nil ? nil : try await OwnerToken.ensure(in: folder, shell)
        let ending = Ending()
        let parts = try await start(
            settings, sync, genesis, keys, effects, log, folder, token, shell,
            ending)
        let outdated = await ending.wait()
        log(.info, "stopping")
        await parts.stop()
        if let outdated { throw CommandFailure.outdated(outdated, settings, folder: folder) }
        return 0
    }

    /// Why the node ends: somebody asked, or rules hold that it does not know.
    private final class Ending: Sendable {
        private let source: AsyncStream<OutdatedRules?>.Continuation
        private let reasons: AsyncStream<OutdatedRules?>

        init() {
            (reasons, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        }

        func end(_ outdated: OutdatedRules?) { source.yield(outdated) }

        /// Waits for SIGTERM, SIGINT or rules that are not known.
        func wait() async -> OutdatedRules? {
            TerminationSignal.whenAsked { self.end(nil) }
            for await reason in reasons { return reason }
            return nil
        }
    }

    /// The parts of one running node.
    struct Parts {
        let node: Node
        let agent: ProviderService?
        let gateway: GatewayService?
        let certificates: (any SpawnedTask)?

        /// Stops what takes new work first.
        func stop() async {
            certificates?.cancel()
            await gateway?.stop()
            await agent?.stop()
            await node.stop()
        }
    }

    private static func start(
        _ settings: NodeFile, _ sync: SyncPolicy, _ genesis: Genesis, _ keys: Keys,
        _ effects: Effects, _ log: NodeLog, _ folder: String, _ token: String?, _ shell: Shell,
        _ ending: Ending
    ) async throws -> Parts {
        var configuration = NodeConfiguration(
            genesis: genesis, identity: keys.own, roles: settings.peerRoles,
            listen: settings.listen, peers: settings.peers, log: log)
        configuration.findsPeers = true
        configuration.nextIdentity = keys.next
        configuration.sync = sync
        if settings.faults.contains("old-rules") { configuration.rulesNewest = 1 }
        configuration.whenOutdated = { ending.end($0) }
        let node: Node
        do {
            node = try await Node.start(configuration, effects: effects)
        } catch {
            throw CommandFailure.node(error, settings, folder: folder)
        }
        let agent = try await startAgent(settings, node, keys.own, effects, log)
        let (gateway, certificates) = try await startGateway(
            settings, node, keys.own, effects, log, token, (folder, shell))
        return Parts(node: node, agent: agent, gateway: gateway, certificates: certificates)
    }

    private static func startAgent(
        _ settings: NodeFile, _ node: Node, _ key: SigningKey, _ effects: Effects, _ log: NodeLog
    ) async throws -> ProviderService? {
        guard settings.roles.contains("provider") else { return nil }
        let offer = settings.provider ?? NodeFile.Provider()
        var configuration = ProviderConfiguration(
            key: key, endpoint: settings.listen?.description ?? "outbound", slots: offer.slots,
            basePrice: offer.basePrice, pricePerMillionFuel: offer.pricePerMillionFuel,
            bond: offer.bond, authority: offer.authority,
            liesAboutResults: settings.faults.contains("lie"), log: { log(.info, $0) })
        configuration.leastPercent = offer.leastPercent
        let agent = ProviderService(node: node, effects: effects, configuration: configuration)
        await agent.start()
        return agent
    }

    private static func startGateway(
        _ settings: NodeFile, _ node: Node, _ key: SigningKey, _ effects: Effects, _ log: NodeLog,
        _ token: String?, _ place: (folder: String, shell: Shell)
    ) async throws -> (GatewayService?, (any SpawnedTask)?) {
        guard let http = settings.http else { return (nil, nil) }
        var configuration = GatewayConfiguration(
            endpoint: http, version: Version.text, log: { log(.info, $0) })
        configuration.ownerToken = token
        configuration.access = settings.access
        configuration.traces = settings.traces
        configuration.index = settings.index
        if case .sqlite(let name) = settings.index {
            configuration.index = .sqlite(path: "\(place.folder)/\(name)")
        }
        if settings.access == .keys { configuration.anchorKey = key }
        if let origins = settings.origins { configuration.crossOrigins = origins }
        if settings.hasAccessLog { configuration.accessLog = { log(.info, "access \($0)") } }
        if let trust = settings.trust { configuration.trust = trust }
        configuration.issuer = settings.issueFor.flatMap { GatewayIssuer(key: key, callers: $0) }
        configuration.dashboard = await DashboardFolder.find(place.shell, log)
        configuration.faucet = settings.faucet.map { Faucet(key: key, amount: $0) }
        var watching: (any SpawnedTask)?
        if let sealing = settings.https {
            let certificates = NodeCertificates(
                key: key, settings: sealing, effects: effects, log: log)
            let (door, task) = try await certificates.door()
            configuration.sealed = door
            watching = task
        }
        let gateway = GatewayService(node: node, effects: effects, configuration: configuration)
        do {
            try await gateway.start()
        } catch {
            throw CommandFailure.network(error)
        }
        log(.info, "gateway on http://\(http)")
        if let sealed = gateway.sealedEndpoint { log(.info, "gateway on https://\(sealed)") }
        return (gateway, watching)
    }

    static func readGenesis(_ path: String, _ shell: Shell) async throws -> Genesis {
        let bytes = try await shell.read(path, limit: Genesis.fileBytesMax)
        do {
            return try Genesis(bytes: bytes)
        } catch {
            throw CommandFailure(
                status: .misused, what: "\(path): \(error)", next: "correct the file")
        }
    }

    /// The keys a node may vote with.
    private struct Keys {
        let own: SigningKey
        let next: SigningKey?
    }

    private static func openKeys(
        _ folder: String, _ settings: NodeFile, _ invocation: Invocation, _ shell: Shell
    ) async throws -> Keys {
        let beside = "\(folder)/passphrase"
        let named = invocation.value("passphrase-file")
        let passphraseFile =
            if let named {
                named
            } else if await shell.exists(beside) { beside } else { String?.none }
        let own = try await KeyAccess.open(
            "\(folder)/node.key", passphraseFile: passphraseFile, invocation: invocation,
            shell: shell)
        let inFolder = settings.nextKey.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        guard let path = invocation.value("next-key") ?? inFolder else {
            return Keys(own: own, next: nil)
        }
        let next = try await KeyAccess.open(
            path, passphraseFile: invocation.value("next-passphrase") ?? passphraseFile,
            invocation: invocation, shell: shell)
        return Keys(own: own, next: next)
    }

    private static func log(_ effects: Effects) -> NodeLog {
        NodeLog { level, text in
            let time = effects.time.wallClock().utc
            Terminal.say("\(time) \(level.rawValue) \(text)")
        }
    }
}

extension CommandFailure {
    /// Why a node did not start, in words.
    static func node(
        _ failure: NodeFailure, _ settings: NodeFile, folder: String
    ) -> CommandFailure {
        switch failure {
        case .outdated(let outdated): .outdated(outdated, settings, folder: folder)
        case .disk(let failure): .disk(failure, path: settings.name)
        case .network(let failure): .network(failure)
        case .ledger(let failure):
            CommandFailure(
                status: .refused,
                what: "the state of \(settings.name) cannot be opened: \(failure)",
                kept: "the block log is unchanged", next: "atoll ledger verify \(folder)")
        case .damaged(let reason):
            CommandFailure(
                status: .refused,
                what: "the files of \(settings.name) do not fit together: \(reason)",
                kept: "the block log is unchanged", next: "atoll ledger verify \(folder)")
        case .blockLog(let reason):
            CommandFailure(
                status: .refused, what: "the block log of \(settings.name) is damaged: \(reason)",
                kept: "nothing was changed", next: "atoll ledger repair \(folder)")
        case .otherChain(let chain):
            CommandFailure(
                status: .refused,
                what: "the data of \(settings.name) is of chain \(chain), not of the genesis given",
                kept: "nothing was changed", next: "name that chain's genesis with --genesis FILE")
        case .sync(let failure):
            CommandFailure(
                status: .refused, what: "\(settings.name) cannot join: \(failure)",
                kept: "what has been fetched is kept", next: "atoll node start \(folder)")
        case .pruned(let reason):
            CommandFailure(
                status: .refused,
                what: "the state of \(settings.name) cannot be built anew: \(reason)",
                kept: "nothing was changed",
                next: "move \(folder)/data aside and start again: the node joins from a snapshot")
        case .forgotten(let reason):
            CommandFailure(
                status: .refused,
                what: "which votes \(settings.name) has signed is not known: \(reason)",
                kept: "nothing was signed",
                next: "atoll ledger repair \(folder) --silent-through SLOT, with a slot the chain "
                    + "has certainly not reached yet")
        }
    }

    /// Rules that the program does not know, in words (UPGRADES-4).
    static func outdated(
        _ outdated: OutdatedRules, _ settings: NodeFile, folder: String
    ) -> CommandFailure {
        CommandFailure(
            status: .outdated, what: "\(settings.name) is too old: \(outdated)",
            kept: "every block up to there; nothing was signed after it",
            next: "install a version of atoll that knows these rules, then atoll node start "
                + folder)
    }

    /// A network failure in words.
    static func network(_ failure: NetworkFailure) -> CommandFailure {
        switch failure {
        case .portInUse(let endpoint):
            CommandFailure(
                status: .refused, what: "another process listens on \(endpoint)",
                next: "stop it, or give the node another port in node.json")
        case .refused(let endpoint), .timedOut(let endpoint):
            CommandFailure(status: .unreachable, what: "nobody answers at \(endpoint)")
        case .unreachable(let endpoint, let reason):
            CommandFailure(status: .unreachable, what: "\(endpoint) cannot be reached: \(reason)")
        case .closed, .cancelled:
            CommandFailure(status: .unreachable, what: "the connection was closed")
        case .system(_, let message):
            CommandFailure(status: .unreachable, what: message)
        }
    }
}
