// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects

/// Starts, watches and stops the processes of a local cloud.
struct CloudProcesses: Sendable {
    let folder: CloudFolder
    let shell: Shell

    /// How long a node may take to finish its writes after SIGTERM.
    static let stopMilliseconds: UInt64 = 5_000
    private static let terminate: Int32 = 15
    private static let kill: Int32 = 9

    /// Starts a node that does not run.
    ///
    /// - Returns: False when it runs already.
    func start(_ name: String) async throws -> Bool {
        guard await folder.process(of: name) == nil else { return false }
        let node = folder.nodePath(name)
        let request = ProcessRequest(
            executable: Surroundings.executable,
            arguments: ["node", "start", node, "--genesis", folder.genesisPath],
            environment: Surroundings.environment.filter { $0.key == "LD_LIBRARY_PATH" },
            logFile: "\(node)/node.log", detached: true)
        do {
            let child = try shell.effects.processes.start(request)
            try await folder.remember(child.pid, of: name)
            return true
        } catch let failure as ProcessFailure {
            throw CommandFailure(status: .refused, what: "\(name) cannot be started: \(failure)")
        }
    }

    /// Waits until every part answers, and says so on the way; throws when one ended or time is up.
    func waitUntilReady(
        _ nodes: [CloudNode], gateway: GatewayClient, seconds: UInt64
    ) async throws {
        let deadline = shell.effects.time.now().advanced(by: seconds * 1_000_000_000)
        let providers = nodes.filter { $0.role == "provider" }.count
        while shell.effects.time.now() < deadline {
            if await isReady(gateway, providers: providers) { return }
            for node in nodes where await folder.process(of: node.name) == nil {
                throw CommandFailure(
                    status: .refused, what: "\(node.name) ended: \(await lastWords(of: node.name))",
                    kept: "its folder \(folder.nodePath(node.name))",
                    next: "look at \(folder.nodePath(node.name))/node.log, then atoll down")
            }
            await shell.effects.time.sleep(milliseconds: 20)
        }
        throw CommandFailure(
            status: .timedOut, what: "the cloud is not ready after \(seconds) s",
            kept: "its processes go on", next: "atoll status, or atoll down to stop it")
    }

    /// Whether a gateway follows the chain, sees a quorum and so many providers that take work;
    /// every failure means not yet.
    private func isReady(_ gateway: GatewayClient, providers: Int) async -> Bool {
        guard (try? await gateway.checkReady()) != nil,
            let page = try? await gateway.providers(limit: 100)
        else { return false }
        return page.items.filter { $0.state == "bonded" }.count >= providers
    }

    private func lastWords(of name: String) async -> String {
        let path = "\(folder.nodePath(name))/node.log"
        guard let bytes = try? await shell.read(path, limit: 64 << 20) else { return "no log" }
        let lines = String(decoding: bytes.suffix(4_096), as: UTF8.self).split(separator: "\n")
        return lines.suffix(3).joined(separator: " / ")
    }

    /// Asks nodes to stop, and ends those that do not within five seconds.
    ///
    /// - Returns: The names of those that had to be ended.
    func stop(_ names: [String]) async -> [String] {
        await signal(names, Self.terminate)
        let deadline = shell.effects.time.now().advanced(by: Self.stopMilliseconds * 1_000_000)
        var left = await running(names)
        while !left.isEmpty, shell.effects.time.now() < deadline {
            await shell.effects.time.sleep(milliseconds: 20)
            left = await running(names)
        }
        await signal(left, Self.kill)
        return left
    }

    /// Those that run.
    func running(_ names: [String]) async -> [String] {
        var found: [String] = []
        for name in names where await folder.process(of: name) != nil { found.append(name) }
        return found
    }

    private func signal(_ names: [String], _ number: Int32) async {
        for name in names {
            guard let pid = await folder.process(of: name) else { continue }
            try? shell.effects.processes.signal(pid, number)
        }
    }
}

/// A node of a local cloud, as its folder lists it.
struct CloudNode: Sendable {
    let name: String
    let role: String
    let http: String?
}
