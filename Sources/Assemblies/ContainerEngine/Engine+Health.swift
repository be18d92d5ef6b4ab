// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Synchronization
import Vocabulary

// Whether containers do their work (ENGINE-12).

extension Engine {
    /// Begins to check a container that runs, where there is something to check.
    func watchHealth(_ container: EngineContainer) {
        guard let check = (try? HealthCheck(container.body)) ?? nil else { return }
        checks[container.id]?.cancel()
        health[container.id] = Health()
        let (id, began) = (container.id, container.started)
        checks[id] = effects.tasks.spawn("health of \(container.name)") { [self] in
            while !Task.isCancelled, await isCurrent(id, began) {
                await effects.time.sleep(milliseconds: await pause(id, check))
                guard !Task.isCancelled, await isCurrent(id, began) else { return }
                await checkOnce(id, check)
            }
        }
    }

    /// Ends it.
    func forgetHealth(_ id: String) {
        checks.removeValue(forKey: id)?.cancel()
        health[id] = nil
    }

    /// Whether the same run of a container goes on.
    private func isCurrent(_ id: String, _ began: Timestamp) -> Bool {
        containers[id].map { $0.isAlive && $0.started == began } ?? false
    }

    private func pause(_ id: String, _ check: HealthCheck) -> UInt64 {
        guard let container = containers[id], let health = health[id] else { return 0 }
        return check.pause(health, age: now.value - min(now.value, container.started.value))
    }

    private func checkOnce(_ id: String, _ check: HealthCheck) async {
        guard let container = containers[id], container.status == .running else { return }
        let began = now
        let (code, output) = await probe(container, check)
        guard isCurrent(id, container.started), var health = health[id] else { return }
        let before = health.status
        health.take(
            Health.Result(began: began, ended: now, code: code, output: output), check,
            age: now.value - min(now.value, container.started.value))
        self.health[id] = health
        guard health.status != before else { return }
        note("health_status: \(health.status.rawValue)", container)
    }

    /// Runs the check's program to its end, or kills it when it takes too long.
    private func probe(
        _ container: EngineContainer, _ check: HealthCheck
    ) async -> (code: Int64, output: String) {
        do throws(EngineFailure) {
            let entry = try createEntry(
                container.id, ["Cmd": .array(check.arguments.map { JSON($0) })])
            defer { entries[entry.id] = nil }
            try await startEntry(entry.id)
            let stream = try await listen(toEntry: entry.id)
            let isLate = Mutex(false)
            let effects = effects
            let clock = effects.tasks.spawn("health clock") { [self] in
                await effects.time.sleep(milliseconds: check.timeoutMilliseconds)
                guard !Task.isCancelled else { return }
                isLate.withLock { $0 = true }
                await killEntry(entry.id)
                stream.close()
            }
            var frames = StreamFrames(bytesMax: HealthCheck.outputBytesMax)
            while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                frames.take(bytes)
            }
            clock.cancel()
            await clock.finished()
            stream.close()
            let reason = await finishEntry(entry.id)
            guard !isLate.withLock({ $0 }) else {
                let limit = "\(check.timeoutMilliseconds)ms"
                return (-1, "Health check exceeded timeout (\(limit))")
            }
            return (entries[entry.id]?.exitCode ?? 137, reason ?? frames.text)
        } catch {
            return (-1, error.message)
        }
    }
}
