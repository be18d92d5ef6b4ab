// SPDX-License-Identifier: Apache-2.0
import Glibc

/// `atoll down`: stops the local cloud.
enum DownCommand {
    static let command = CommandSpec(
        path: ["down"],
        summary: "stop the local cloud; its chain and balances stay for the next 'up'",
        example: "atoll down",
        options: [
            OptionSpec(
                name: "remove", value: nil,
                help: "also remove HOME/local: chain, keys and balances are then gone")
        ],
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let folder = CloudFolder(home: HomeFolder.path(of: invocation), shell: shell)
        guard await folder.exists else {
            Terminal.say("there is no local cloud in \(folder.path)")
            return 0
        }
        let names = try await folder.nodes().map(\.name)
        let processes = CloudProcesses(folder: folder, shell: shell)
        let running = await processes.running(names)
        let ended = await processes.stop(running)
        if !ended.isEmpty {
            Terminal.say("ended without a goodbye: \(ended.joined(separator: ", "))")
        }
        Terminal.say(running.isEmpty ? "nothing was running" : "stopped \(running.count) nodes")
        if invocation.has("remove") {
            guard FolderRemoval.remove(folder.path) else {
                throw CommandFailure(
                    status: .refused, what: "\(folder.path) could not be removed whole",
                    next: "remove it by hand")
            }
            Terminal.say("removed \(folder.path)")
        }
        return 0
    }
}
