// SPDX-License-Identifier: Apache-2.0

/// Shell completion scripts, made from the same table that reads the command line.
enum Completion {
    /// The script for one shell, or nothing for an unknown one.
    static func script(for shell: String, commands: [CommandSpec]) -> String? {
        switch shell {
        case "bash": bash(commands)
        case "zsh": "autoload -U +X bashcompinit && bashcompinit\n" + bash(commands)
        case "fish": fish(commands)
        default: nil
        }
    }

    private static func bash(_ commands: [CommandSpec]) -> String {
        var cases = ""
        for command in commands {
            let options = command.allOptions.map { "--\($0.name)" }.joined(separator: " ")
            cases += "        '\(command.name)') words='\(options)' ;;\n"
        }
        let firsts = words(after: [], in: commands).joined(separator: " ")
        var groups = ""
        for group in Set(commands.filter { $0.path.count > 1 }.map { $0.path[0] }).sorted() {
            let next = words(after: [group], in: commands).joined(separator: " ")
            groups += "        '\(group)') words='\(next)' ;;\n"
        }
        return """
            _atoll() {
                local current="${COMP_WORDS[COMP_CWORD]}" words=''
                local path="${COMP_WORDS[*]:1:COMP_CWORD-1}"
                path="${path%% -*}"
                case "$path" in
                    '') words='\(firsts)' ;;
            \(groups)\(cases)    esac
                COMPREPLY=( $(compgen -W "$words" -- "$current") )
                if [ ${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=( $(compgen -f -- "$current") ); fi
            }
            complete -o filenames -F _atoll atoll

            """
    }

    private static func fish(_ commands: [CommandSpec]) -> String {
        var lines: [String] = []
        for word in words(after: [], in: commands) {
            lines.append("complete -c atoll -n __fish_use_subcommand -a \(word)")
        }
        for command in commands {
            let seen = command.path.joined(separator: " ")
            if command.path.count > 1 {
                lines.append(
                    "complete -c atoll -n '__fish_seen_subcommand_from \(command.path[0])' -a \(command.path[1])"
                )
            }
            for option in command.allOptions {
                let value = option.value == nil ? "" : " -r"
                lines.append(
                    "complete -c atoll -n '__fish_seen_subcommand_from \(seen)' -l \(option.name)\(value)"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func words(after prefix: [String], in commands: [CommandSpec]) -> [String] {
        Set(
            commands.filter { $0.path.count > prefix.count && $0.path.starts(with: prefix) }
                .map { $0.path[prefix.count] }
        ).sorted()
    }
}
