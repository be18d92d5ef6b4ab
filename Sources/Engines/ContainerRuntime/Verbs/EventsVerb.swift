// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// `events --stats`: what a container has used so far (RUNTIME-24).
enum EventsVerb {
    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.flag("stats")])
        let name = try arguments.name("events")
        guard arguments.has("stats") else {
            throw .usage("events shows what was used now, with --stats; it does not go on")
        }
        let container = try Container(root: program.root, name: name)
        let usage = ContainerUsage(cgroups: container.cgroups, process: container.process)
        program.say(
            JSON.object([
                JSON.Member("type", "stats"), JSON.Member("id", JSON(name)),
                JSON.Member("data", usage.json),
            ]).compact)
        return 0
    }
}
