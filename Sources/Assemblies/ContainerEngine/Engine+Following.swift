// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

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

    // MARK: Logs

    /// How long the log of a container that is removed is kept for those who read it, in pauses of
    /// 20 ms: five seconds.
    private static let readingPausesMax = 250

    /// Notes that somebody reads a container's log.
    func beginReading(_ id: String) { readers[id, default: 0] += 1 }

    /// Notes that somebody does not any more.
    func endReading(_ id: String) {
        let left = (readers[id] ?? 1) - 1
        readers[id] = left > 0 ? left : nil
    }

    /// Whether more may come in a container's log.
    func mayGrow(_ id: String) -> Bool {
        guard let container = containers[id], !leaving.contains(id) else { return false }
        return container.isAlive || container.status == .restarting
    }

    /// Lets those who read a container's log come to its end: some ask for it, wait for the
    /// container, remove it, and only then read.
    func letReadersEnd(_ id: String) async {
        leaving.insert(id)
        defer { leaving.remove(id) }
        for _ in 0..<Self.readingPausesMax where readers[id] != nil {
            await effects.time.sleep(milliseconds: 20)
        }
    }

    /// Sends a signal.
    func kill(_ name: String, signal: String) async throws(EngineFailure) {
        let container = try container(name)
        guard container.isAlive else {
            throw EngineFailure(
                .conflict,
                "Cannot kill container: \(name): Container \(container.id) is not running"
            )
        }
        let plain = signal.uppercased().replacing("SIG", with: "")
        if ["KILL", "9", "TERM", "15"].contains(plain) { try await stopByHand(container.id) }
        try await runtime.run(["kill", container.runtimeName, signal])
        note("kill", container, [JSON.Member("signal", JSON(signal))])
    }

    /// Notes that a client wants a container to end: its policy does not begin it again.
    func stopByHand(_ id: String) async throws(EngineFailure) {
        guard var container = containers[id], !container.isStoppedByHand else { return }
        container.isStoppedByHand = true
        try await save(container)
    }

    /// Asks a container to end, and kills it when it does not in time.
    ///
    /// - Parameters:
    ///   - seconds: How long it may take; nil for what the container itself says, or ten.
    ///   - signal: Nil for what the container itself says, or `TERM`.
    /// - Returns: False when it does not run.
    func stop(
        _ name: String, seconds: Int64?, signal: String?
    ) async throws(EngineFailure) -> Bool {
        var container = try container(name)
        while container.status == .restarting, busy.contains(container.id) {
            // It is being begun now.
            await effects.time.sleep(milliseconds: 10)
            container = try self.container(container.id)
        }
        if container.status == .restarting {
            container.status = .exited
            container.isStoppedByHand = true
            try await save(container)
            return true
        }
        guard container.isAlive else { return false }
        let gate = EndGate()
        ends[container.id, default: []].append(gate)
        try await stopByHand(container.id)
        let own = container.body["StopSignal"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        do throws(EngineFailure) {
            try await runtime.run(["kill", container.runtimeName, signal ?? own ?? "TERM"])
        } catch {
            // One that has ended just now is being noted as such.
            guard !error.message.hasSuffix("is no signal") else { throw error }
        }
        let patience = seconds ?? container.body["StopTimeout"]?.signed ?? 10
        let killing = patience < 0 ? nil : kill(container, after: UInt64(patience))
        _ = await gate.wait()
        killing?.cancel()
        note("stop", container)
        return true
    }

    private func kill(
        _ container: EngineContainer, after seconds: UInt64
    ) -> any SpawnedTask {
        let (runtime, effects) = (runtime, effects)
        return effects.tasks.spawn("stop \(container.name)") {
            await effects.time.sleep(milliseconds: min(seconds, 86_400) * 1_000)
            guard !Task.isCancelled else { return }
            _ = try? await runtime.run(["kill", container.runtimeName, "KILL"])
        }
    }
}
