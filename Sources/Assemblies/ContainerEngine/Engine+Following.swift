// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer

// Who waits for containers and follows them.

extension Engine {
    /// What a client waits for.
    enum Condition: String {
        case notRunning = "not-running"
        case nextExit = "next-exit"
        case removed
    }

    /// A gate that opens at an end, or nil with the code when there is nothing to wait for.
    func gate(
        _ name: String, _ condition: Condition
    ) throws(EngineFailure) -> (gate: EndGate?, code: Int64) {
        let container = try container(name)
        if condition == .notRunning, !container.isAlive, container.status != .restarting {
            return (nil, container.exitCode)
        }
        let gate = EndGate()
        if condition == .removed {
            removals[container.id, default: []].append(gate)
        } else {
            ends[container.id, default: []].append(gate)
        }
        return (gate, 0)
    }

    /// The program's side for a client that follows a container: now, or when it begins.
    func follow(
        _ id: String, _ wish: AttachPoint.Wish
    ) async throws(EngineFailure) -> (any ByteStream)? {
        let container = try container(id)
        if container.isAlive { return try await attachPoint(container).attach(wish) }
        let client = WaitingClient(wish)
        waiting[container.id, default: []].append(client)
        return await client.wait()
    }

    /// Sends a signal, and waits for the end of it where one is asked for.
    func kill(_ name: String, signal: String) async throws(EngineFailure) {
        let container = try container(name)
        guard container.isAlive else {
            throw EngineFailure(
                .conflict,
                "Cannot kill container: \(name): Container \(container.id) is not running"
            )
        }
        try await runtime.run(["kill", container.runtimeName, signal])
    }

    /// Asks a container to end, and kills it when it does not in time.
    ///
    /// - Returns: False when it does not run.
    func stop(_ name: String, seconds: UInt64, signal: String) async throws(EngineFailure) -> Bool {
        let container = try container(name)
        guard container.isAlive else { return false }
        let gate = EndGate()
        ends[container.id, default: []].append(gate)
        try await runtime.run(["kill", container.runtimeName, signal])
        let runtime = runtime
        let effects = effects
        let killing = effects.tasks.spawn("stop \(container.name)") {
            await effects.time.sleep(milliseconds: seconds * 1_000)
            guard !Task.isCancelled else { return }
            _ = try? await runtime.run(["kill", container.runtimeName, "KILL"])
        }
        _ = await gate.wait()
        killing.cancel()
        return true
    }
}
