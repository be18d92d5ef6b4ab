// SPDX-License-Identifier: Apache-2.0

/// The words of `--help`.
enum HelpText {
    /// The list of commands, all or those below a prefix.
    static func overview(of commands: [CommandSpec], prefix: [String]) -> String {
        let shown = commands.filter { $0.path.starts(with: prefix) }
        let width = shown.map(\.name.count).max() ?? 0
        let lines = shown.map { "  \(pad($0.name, width))  \($0.summary)" }
        let title =
            prefix.isEmpty
            ? "atoll: a cloud owned by the machines that run it\n\n"
                + "usage: atoll COMMAND [ARGUMENTS] [OPTIONS]\n"
            : "usage: atoll \(prefix.joined(separator: " ")) COMMAND [ARGUMENTS] [OPTIONS]\n"
        let ending = """

            'atoll COMMAND --help' says more. Exit codes: 0 done, 1 refused, 2 wrong usage,
            3 nobody answers, 124 out of time; 'run' passes on the program's own code.
            """
        return title + "\n" + lines.joined(separator: "\n") + "\n" + ending
    }

    /// What one command does and takes.
    static func page(of command: CommandSpec) -> String {
        var text = "\(command.summary)\n\nusage: atoll \(usage(of: command))\n"
        if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
        if !command.arguments.isEmpty {
            text +=
                "\narguments:\n" + rows(command.arguments.map { ($0.name.uppercased(), $0.help) })
        }
        text += "\noptions:\n" + rows(command.allOptions.map { (label(of: $0), $0.help) })
        if !command.example.isEmpty { text += "\nexample:\n  \(command.example)\n" }
        return text
    }

    private static func usage(of command: CommandSpec) -> String {
        let arguments = command.arguments.map { argument in
            let word = argument.name.uppercased() + (argument.repeats ? "..." : "")
            return argument.isRequired ? word : "[\(word)]"
        }
        return ([command.name] + arguments + ["[OPTIONS]"]).joined(separator: " ")
    }

    private static func label(of option: OptionSpec) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return "\(short)--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    }

    private static func rows(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  \(pad($0.0, width))  \($0.1)\n" }.joined()
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
