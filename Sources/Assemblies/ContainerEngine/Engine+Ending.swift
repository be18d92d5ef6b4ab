// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Containers end, and are begun again where they are to (ENGINE-3, ENGINE-11).

extension Engine {
    /// Waits for the end of a container that runs, and takes it up again when its watch is gone.
    func keep(_ container: EngineContainer) {
        let point = attachPoint(container)
        watchHealth(container)
        effects.tasks.spawn("container \(container.name)") { [self] in
            if let stream = try? await point.attach(.end) {
                while let bytes = try? await stream.read(limit: 1_024), !bytes.isEmpty {}
                stream.close()
            }
            await ended(container.id)
        }
    }

    private func ended(_ id: String) async {
        guard var container = containers[id], container.isAlive else { return }
        let book = "run/\(container.runtimeName)/events"
        guard let ending = await ProgramEnding(effects, book: book) else {
            return await adopt(container)
        }
        container.exitCode = ending.code
        container.ranOutOfMemory = ending.ranOutOfMemory
        if ending.ranOutOfMemory { note("oom", container) }
        await finish(container)
    }

    /// The watch is gone, or both are: another takes the container up, or it has ended.
    private func adopt(_ container: EngineContainer) async {
        do throws(EngineFailure) {
            let folder = "\(settings.root)/\(container.folder)"
            let log = try LogOptions(container.body["HostConfig"])
            try await runtime.run(
                ["watch", "--adopt"] + log.words(folder: folder) + [container.runtimeName])
            settings.log("container \(container.name) has a new watch")
            keep(container)
        } catch {
            settings.log("container \(container.name) is gone: \(error.message)")
            var lost = container
            lost.exitCode = 137
            await finish(lost)
        }
    }

    private func finish(_ ended: EngineContainer) async {
        forgetHealth(ended.id)
        do throws(EngineFailure) {
            try await clear(ended)
        } catch {
            settings.log("container \(ended.name): \(error.message)")
        }
        var container = ended
        // A client may have stopped or renamed it meanwhile.
        if let known = containers[container.id] {
            (container.name, container.isStoppedByHand) = (known.name, known.isStoppedByHand)
            container.body = known.body
        }
        container.finished = now
        let policy = try? RestartPolicy(container.body["HostConfig"])
        let isDue = policy?.isDue(container) ?? false
        container.status = isDue ? .restarting : .exited
        do throws(EngineFailure) {
            try await save(container)
        } catch {
            settings.log("container \(container.name): \(error.message)")
        }
        note(
            "die", container,
            [JSON.Member("exitCode", JSON("\(container.exitCode)"))])
        for gate in ends.removeValue(forKey: container.id) ?? [] { gate.open(container.exitCode) }
        if isDue { return beginAgain(container) }
        guard container.removesItself else { return }
        do throws(EngineFailure) {
            try await discard(container)
            await removeAnonymous(of: container.mounts)
        } catch {
            settings.log("container \(container.name) cannot be removed: \(error.message)")
        }
    }

    /// Begins a container again after a pause, unless somebody stops or removes it meanwhile.
    func beginAgain(_ container: EngineContainer) {
        let ran = container.finished.value - min(container.finished.value, container.started.value)
        let pause = RestartPolicy.pause(after: pauses[container.id], ran: ran)
        pauses[container.id] = pause
        effects.tasks.spawn("restart \(container.name)") { [self] in
            await effects.time.sleep(milliseconds: pause)
            await restart(container.id)
        }
    }

    private func restart(_ id: String) async {
        guard let container = containers[id], container.status == .restarting else { return }
        do throws(EngineFailure) {
            try await begin(id, isAgain: true)
        } catch {
            settings.log("container \(container.name) is not begun again: \(error.message)")
            // Another request changes it now: it is tried again after it.
            if containers[id]?.status == .restarting, let current = containers[id] {
                beginAgain(current)
            }
        }
    }

    /// Begins the containers that run always, and goes on with those that were to begin again.
    func resumeRestarts() {
        for container in containers.values where !container.isAlive {
            let policy = try? RestartPolicy(container.body["HostConfig"])
            guard policy?.isDue(container, isBoot: true) == true, container.started.value > 0 else {
                continue
            }
            var due = container
            due.status = .restarting
            containers[due.id] = due
            beginAgain(due)
        }
    }
}
