// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// The verbs of a container's life that take little more than its name.
enum LifeVerbs {
    private static func container(
        _ words: [String], _ program: RuntimeProgram, _ verb: String
    ) throws(RuntimeFailure) -> Container {
        let arguments = try RuntimeArguments(words, [])
        return try Container(root: program.root, name: try arguments.name(verb))
    }

    static func start(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        try container(words, program, "start").start()
        return 0
    }

    static func state(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        program.say(try container(words, program, "state").state().pretty)
        return 0
    }

    static func kill(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.flag("all", "a"), .flag("force")])
        guard (1...2).contains(arguments.rest.count) else {
            throw .usage("kill takes the id of a container and a signal")
        }
        let text = arguments.rest.count == 2 ? arguments.rest[1] : "SIGTERM"
        guard let signal = Signals.number(text) else { throw .usage("\(text) is no signal") }
        try Container(root: program.root, name: arguments.rest[0])
            .kill(signal, all: arguments.has("all"))
        return 0
    }

    static func delete(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.flag("force", "f")])
        let isForced = arguments.has("force")
        do {
            try ContainerRemoval(
                root: program.root, name: try arguments.name("delete"), isForced: isForced
            ).run()
        } catch {
            // What is not there need not go.
            if case .unknown = error, isForced { return 0 }
            throw error
        }
        return 0
    }

    static func pause(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        try container(words, program, "pause").pause()
        return 0
    }

    static func resume(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        try container(words, program, "resume").resume()
        return 0
    }
}
