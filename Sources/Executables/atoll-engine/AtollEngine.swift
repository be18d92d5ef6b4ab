// SPDX-License-Identifier: Apache-2.0
import ContainerEngine
import Effects
import Glibc
import SystemEffects

/// The container engine as a program of its own: Docker's API at a local socket
/// (docs/guides/engine.md).
@main
enum AtollEngine {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let arguments: EngineArguments
        do {
            arguments = try EngineArguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            complain("atoll-engine: \(error.reason)\n\(EngineArguments.usage)")
            exit(2)
        }
        guard geteuid() == 0 else {
            complain("atoll-engine: mounting images and making containers takes root")
            exit(1)
        }
        let loop = EventLoop()
        let settings = EngineSettings(
            socket: arguments.socket, root: arguments.root, runtime: arguments.runtime,
            version: "0.1.0", log: { complain("atoll-engine: \($0)") })
        guard let effects = try? SystemWorld.make(root: arguments.root, loop: loop, diskThreads: 4)
        else {
            complain("atoll-engine: the folder \(arguments.root) cannot be made")
            exit(1)
        }
        effects.tasks.spawn("engine") {
            do throws(EngineStartFailure) {
                let service = try await EngineService(effects, settings)
                try await service.start()
                complain("atoll-engine: listening at \(service.socket)")
            } catch {
                complain("atoll-engine: \(error.reason)")
                exit(1)
            }
        }
        loop.run()
    }

    /// Says a line on standard error.
    private static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
