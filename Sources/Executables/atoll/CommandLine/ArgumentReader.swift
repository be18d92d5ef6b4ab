// SPDX-License-Identifier: Apache-2.0

/// Turns words into an invocation, or says precisely what is wrong with them.
struct ArgumentReader {
    let commands: [CommandSpec]
    let environment: [String: String]

    /// What a command line asks for.
    enum Request {
        case run(Invocation)
        case help(CommandSpec)
        /// The list of the commands whose path starts with these words.
        case overview(prefix: [String])
    }

    /// Reads the words after the program's name.
    ///
    /// - Throws: A ``CommandFailure`` with status `misused`.
    func read(_ words: [String]) throws -> Request {
        guard let first = words.first, first != "--help", first != "-h", first != "help" else {
            return .overview(prefix: words.first == "help" ? Array(words.dropFirst()) : [])
        }
        if first == "--version" { return try read(["version"]) }
        guard let command = longestMatch(words) else { return try group(of: words) }
        return try read(Array(words.dropFirst(command.path.count)), of: command)
    }

    private func longestMatch(_ words: [String]) -> CommandSpec? {
        commands.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
    }

    /// Words that name a group of commands list it; words that name nothing are refused.
    private func group(of words: [String]) throws -> Request {
        let plain = words.prefix { !$0.hasPrefix("-") }
        if !plain.isEmpty, commands.contains(where: { $0.path.starts(with: plain) }) {
            return .overview(prefix: Array(plain))
        }
        let wrong = plain.joined(separator: " ")
        let near = Similarity.closest(
            to: wrong.isEmpty ? words[0] : wrong, among: commands.map(\.name))
        throw CommandFailure(
            status: .misused, what: "there is no command '\(wrong.isEmpty ? words[0] : wrong)'",
            next: near.map { "atoll \($0)" } ?? "atoll --help")
    }

    private func read(_ words: [String], of command: CommandSpec) throws -> Request {
        var arguments: [String] = []
        var options: [String: [String]] = [:]
        var rest = words[...]
        var optionsEnded = false
        while let word = rest.popFirst() {
            if optionsEnded || !word.hasPrefix("-") || word == "-" {
                arguments.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else {
                let (option, value) = try read(option: word, of: command, rest: &rest)
                if option.name == "help" { return .help(command) }
                options[option.name, default: []].append(value)
            }
        }
        try check(arguments, of: command)
        return .run(
            Invocation(
                command: command, arguments: arguments, options: options, environment: environment))
    }

    private func read(
        option word: String, of command: CommandSpec, rest: inout ArraySlice<String>
    ) throws -> (OptionSpec, String) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = command.allOptions.first(where: { matches($0, name) }) else {
            let near = Similarity.closest(
                to: name, among: command.allOptions.map { "--\($0.name)" })
            let isForProgram = near == nil && command.arguments.last?.repeats == true
            let hint = isForProgram ? "; words of the program that begin with - come after --" : ""
            throw misuse(command, "'\(command.name)' has no option \(name)\(hint)", near: near)
        }
        guard option.value != nil else {
            guard parts.count == 1 else { throw misuse(command, "--\(option.name) takes no value") }
            return (option, "")
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw misuse(command, "--\(option.name) needs a value: \(option.help)")
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            let choices = option.choices.joined(separator: ", ")
            throw misuse(command, "--\(option.name) is '\(value)'; it takes one of \(choices)")
        }
        return (option, value)
    }

    private func matches(_ option: OptionSpec, _ name: String) -> Bool {
        name == "--\(option.name)" || option.short.map { name == "-\($0)" } ?? false
    }

    private func check(_ arguments: [String], of command: CommandSpec) throws {
        let required = command.arguments.filter(\.isRequired)
        if arguments.count < required.count {
            throw misuse(
                command, "'\(command.name)' needs \(required[arguments.count].name.uppercased())")
        }
        let repeats = command.arguments.last?.repeats ?? false
        if arguments.count > command.arguments.count, !repeats {
            let extra = arguments[command.arguments.count]
            throw misuse(command, "'\(command.name)' does not take '\(extra)'")
        }
    }

    private func misuse(
        _ command: CommandSpec, _ what: String, near: String? = nil
    ) -> CommandFailure {
        let help = "atoll \(command.name) --help"
        return CommandFailure(
            status: .misused, what: what, next: near.map { "did you mean \($0)? \(help)" } ?? help)
    }
}
