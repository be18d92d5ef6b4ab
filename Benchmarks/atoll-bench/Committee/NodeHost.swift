// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import NodeAssembly
import PeerNetwork
import Synchronization
import SystemEffects

/// A node of this program, on a loop, threads and a folder of its own.
struct NodeHost: Sendable {
    let node: Node
    let effects: Effects
    /// Where its files are.
    let folder: String
    private let loop: EventLoop

    /// Starts the node of a seat; its threads bear its name.
    static func start(
        seat: Int, genesis: Genesis, key: SigningKey, listen: Endpoint, peers: [PeerAddress],
        folder: String
    ) async throws -> NodeHost {
        let loop = EventLoop.start(name: "node-\(seat + 1)")
        let effects = try SystemWorld.make(root: folder, loop: loop)
        let configuration = NodeConfiguration(
            genesis: genesis, identity: key, roles: [], listen: listen, peers: peers,
            log: NodeLog { level, text in
                guard level == .error else { return }
                StandardError.write("bench: node-\(seat + 1): \(text)\n")
            })
        let started = Mutex<Result<Node, any Error>?>(nil)
        await effects.tasks.spawn("start") {
            do {
                let node = try await Node.start(configuration, effects: effects)
                started.withLock { $0 = .success(node) }
            } catch {
                started.withLock { $0 = .failure(error) }
            }
        }.finished()
        guard let outcome = started.withLock({ $0 }) else { throw BenchFailure("no node") }
        return NodeHost(node: try outcome.get(), effects: effects, folder: folder, loop: loop)
    }

    /// Runs `body` on the node's own loop, as its other rooms do.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Node) async -> Value
    ) async throws -> Value {
        let value = Mutex<Value?>(nil)
        await effects.tasks.spawn("ask") { [node] in
            let found = await body(node)
            value.withLock { $0 = found }
        }.finished()
        guard let found = value.withLock({ $0 }) else { throw BenchFailure("no answer") }
        return found
    }

    /// Stops the node and its thread.
    func stop() async {
        await effects.tasks.spawn("stop") { [node] in await node.stop() }.finished()
        loop.stop()
    }

    /// Bytes of its files on the disk.
    var diskBytes: Int { SystemFile.blocks(below: folder) }
}
