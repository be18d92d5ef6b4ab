// SPDX-License-Identifier: Apache-2.0

/// Shell completion scripts, made from the same table that reads the command line.
enum Completion {
    /// The shells there is a script for.
    static let shells = ["bash", "zsh", "fish"]

    /// The script for one shell, or nothing for an unknown one.
    static func script(for shell: String, commands: [CommandSpec]) -> String? {
        switch shell {
        case "bash": bash(commands)
        case "zsh": "autoload -U +X bashcompinit && bashcompinit\n" + bash(commands)
        case "fish": fish(commands)
        default: nil
        }
    }

    /// The words that may come after others at the beginning of a command line, sorted.
    private static func words(after prefix: [String], in commands: [CommandSpec]) -> [String] {
        Set(
            commands.filter { $0.path.count > prefix.count && $0.path.starts(with: prefix) }
                .map { $0.path[prefix.count] }
        ).sorted()
    }

    /// First words that begin more than one command's path, sorted.
    private static func groups(_ commands: [CommandSpec]) -> [String] {
        Set(commands.filter { $0.path.count > 1 }.map { $0.path[0] }).sorted()
    }
}

// MARK: - bash and zsh

extension Completion {
    private static func bash(_ commands: [CommandSpec]) -> String {
        let firsts = words(after: [], in: commands).joined(separator: " ")
        var cases = ""
        for command in commands.sorted(by: { $0.path.count > $1.path.count }) {
            let name = command.name
            cases += "        '\(name)' | '\(name) '*) words='\(offered(by: command))' ;;\n"
        }
        for group in groups(commands) {
            let next = words(after: [group], in: commands).joined(separator: " ")
            cases += "        '\(group)') words='\(next)' ;;\n"
        }
        return """
            _atoll() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous='' words=''
                local typed="${COMP_WORDS[*]:1:COMP_CWORD-1}"
                if [ "$COMP_CWORD" -gt 0 ]; then previous="${COMP_WORDS[COMP_CWORD-1]}"; fi
                case "$typed" in
                    '') words='\(firsts)' ;;
            \(cases)    esac
                case "$previous" in
            \(choices(commands))    esac
                COMPREPLY=( $(compgen -W "$words" -- "$current") )
                if [ ${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=( $(compgen -f -- "$current") ); fi
            }
            complete -o filenames -F _atoll atoll

            """
    }

    /// What may follow a command's own words: its options and the values of its arguments.
    private static func offered(by command: CommandSpec) -> String {
        (command.allOptions.map { "--\($0.name)" } + command.arguments.flatMap(\.choices))
            .joined(separator: " ")
    }

    /// What may follow an option that takes one of a few values.
    private static func choices(_ commands: [CommandSpec]) -> String {
        var lines: [String] = []
        for option in commands.flatMap(\.allOptions) where !option.choices.isEmpty {
            let short = option.short.map { "-\($0) | " } ?? ""
            let values = option.choices.joined(separator: " ")
            let line = "        \(short)--\(option.name)) words='\(values)' ;;\n"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined()
    }
}

// MARK: - fish

extension Completion {
    private static func fish(_ commands: [CommandSpec]) -> String {
        var lines: [String] = []
        for word in words(after: [], in: commands) {
            let summary = commands.first { $0.path == [word] }?.summary ?? ""
            lines.append(
                "complete -c atoll -n __fish_use_subcommand -a \(word)\(description(summary))")
        }
        for command in commands {
            if command.path.count > 1 { lines.append(member(command, of: commands)) }
            lines += options(of: command)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The second word of a command, offered after the first.
    private static func member(_ command: CommandSpec, of commands: [CommandSpec]) -> String {
        let group = command.path[0]
        let others = words(after: [group], in: commands).joined(separator: " ")
        let condition =
            "__fish_seen_subcommand_from \(group); and not __fish_seen_subcommand_from \(others)"
        return "complete -c atoll -n '\(condition)' -a \(command.path[1])"
            + description(command.summary)
    }

    private static func options(of command: CommandSpec) -> [String] {
        let condition = command.path.map { "__fish_seen_subcommand_from \($0)" }
            .joined(separator: "; and ")
        let start = "complete -c atoll -n '\(condition)'"
        let values = command.arguments.flatMap(\.choices)
        let arguments = values.isEmpty ? [] : ["\(start) -a '\(values.joined(separator: " "))'"]
        return arguments
            + command.allOptions.map { option in
                let short = option.short.map { " -s \($0)" } ?? ""
                let value = option.value == nil ? "" : " -r"
                let choices =
                    option.choices.isEmpty ? "" : " -a '\(option.choices.joined(separator: " "))'"
                return start + short + " -l \(option.name)" + value + choices
                    + description(option.help)
            }
    }

    private static func description(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if character == "'" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped.isEmpty ? "" : " -d '\(escaped)'"
    }
}
