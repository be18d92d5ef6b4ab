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
        var settings = EngineSettings(
            socket: arguments.socket, root: arguments.root, runtime: arguments.runtime,
            version: "0.1.0", log: { complain("atoll-engine: \($0)") })
        if let door = arguments.door {
            settings.door = EngineSettings.SealedDoor(
                endpoint: door.endpoint, authorities: read(door.authorities),
                chain: read(door.certificate), key: read(door.key))
        }
        settings.authorities = arguments.authorities.map(read)
        let final = settings
        guard let effects = try? SystemWorld.make(root: arguments.root, loop: loop, diskThreads: 4)
        else {
            complain("atoll-engine: the folder \(arguments.root) cannot be made")
            exit(1)
        }
        effects.tasks.spawn("engine") {
            do throws(EngineStartFailure) {
                let service = try await EngineService(effects, final)
                try await service.start()
                // Who dials it is root here, whatever the umask is.
                chmod(service.socket, 0o600)
                complain("atoll-engine: listening at \(service.socket)")
                if let door = service.door { complain("atoll-engine: listening at \(door)") }
            } catch {
                complain("atoll-engine: \(error.reason)")
                exit(1)
            }
        }
        loop.run()
    }

    /// The most bytes of a file of certificates.
    private static let fileBytesMax = 1 << 20

    /// A file's bytes, or the end of this program with the reason.
    private static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        var bytes = [UInt8](repeating: 0, count: fileBytesMax + 1)
        let count = file < 0 ? -1 : Glibc.read(file, &bytes, bytes.count)
        close(file)
        guard (1...fileBytesMax).contains(count) else {
            complain("atoll-engine: \(path) cannot be read, or is no file of certificates")
            exit(1)
        }
        return Array(bytes[..<count])
    }

    /// Says a line on standard error.
    private static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
