// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// `ps` and `list`.
enum ListVerbs {
    static func processes(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.value("format", "f")])
        guard let name = arguments.rest.first else {
            throw .usage("ps takes the id of a container")
        }
        let processes = try Container(root: program.root, name: name).processes()
        switch arguments["format"] ?? "table" {
        case "json": program.say(JSON.array(processes.map { JSON($0) }).compact)
        case "table":
            program.say("PID      COMMAND")
            for process in processes {
                let pad = String(repeating: " ", count: max(1, 9 - "\(process)".count))
                program.say("\(process)\(pad)\(command(of: process))")
            }
        case "long": program.say(ProcessColumns().json(processes).compact)
        case let other: throw .usage("unknown format \(other)")
        }
        return 0
    }

    private static func command(of process: Int32) -> String {
        let text = (try? SmallFile.text("/proc/\(process)/cmdline")) ?? ""
        return text.split(separator: "\0").joined(separator: " ")
    }

    static func containers(
        _ words: [String], _ program: RuntimeProgram
    ) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.value("format", "f"), .flag("quiet", "q")])
        let containers = Container.all(root: program.root)
        if arguments.has("quiet") {
            for container in containers { program.say(container.name) }
            return 0
        }
        switch arguments["format"] ?? "table" {
        case "json": program.say(JSON.array(containers.map { $0.state() }).compact)
        case "table":
            program.say(row(["ID", "PID", "STATUS", "BUNDLE", "CREATED"]))
            for container in containers {
                let status = container.status()
                program.say(
                    row([
                        container.name, "\(status == .stopped ? 0 : container.process)",
                        status.rawValue, container.bundle, container.created,
                    ]))
            }
        case let other: throw .usage("unknown format \(other)")
        }
        return 0
    }

    private static func row(_ columns: [String]) -> String {
        let widths = [20, 8, 9, 24, 0]
        return zip(columns, widths).map { text, width in
            text + String(repeating: " ", count: max(0, width - text.count))
        }.joined(separator: " ")
    }
}
