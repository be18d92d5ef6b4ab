// SPDX-License-Identifier: Apache-2.0

/// An option: a name, whether it takes a value, and what it means with its unit.
struct OptionSpec: Sendable {
    let name: String
    /// One letter, for options people type all day.
    var short: Character?
    /// The placeholder of the value, such as `MS`; nil for a flag.
    var value: String?
    let help: String
    /// Whether it may be given more than once.
    var repeats = false
    /// Values it takes, for completion and for the check.
    var choices: [String] = []
}

/// A positional argument.
struct ArgumentSpec: Sendable {
    let name: String
    let help: String
    var isRequired = true
    /// Whether it takes all that follow.
    var repeats = false
    /// Values it takes, for completion.
    var choices: [String] = []
}

/// One command: the words that name it, what it takes, and what it does.
struct CommandSpec: Sendable {
    let path: [String]
    let summary: String
    /// A paragraph shown by `--help`, for what the summary cannot say.
    var discussion = ""
    /// A line that can be typed as it is.
    var example = ""
    var arguments: [ArgumentSpec] = []
    var options: [OptionSpec] = []
    /// Whether it answers in `-o table|json|yaml`.
    var hasOutputFormat = false
    /// Whether it ends in good order by itself when asked by a signal; all others end at once.
    var handlesSignals = false
    /// Returns the exit code: 0, or for `run` the program's own.
    let run: @Sendable (Invocation, Shell) async throws -> Int32

    var name: String { path.joined(separator: " ") }

    /// Its options and those every command has.
    var allOptions: [OptionSpec] {
        options + (hasOutputFormat ? [Self.outputFormat] : []) + Self.everywhere
    }

    static let outputFormat = OptionSpec(
        name: "format", short: "o", value: "FORMAT", help: "table (default), json or yaml",
        choices: ["table", "json", "yaml"])

    static let everywhere =
        [
            OptionSpec(
                name: "gateway", value: "URL",
                help: "the gateway to ask; default $ATOLL_GATEWAY, then the local cloud's")
        ] + GatewayTrust.options + [
            OptionSpec(
                name: "home", value: "FOLDER",
                help: "keys and settings; default $ATOLL_HOME, then ~/.atoll"),
            OptionSpec(name: "help", short: "h", value: nil, help: "say what the command does"),
        ]
}

/// A command line that was understood.
struct Invocation: Sendable {
    let command: CommandSpec
    let arguments: [String]
    let options: [String: [String]]
    let environment: [String: String]

    /// Whether a flag was given.
    func has(_ name: String) -> Bool { options[name] != nil }

    /// The last value of an option.
    func value(_ name: String) -> String? { options[name]?.last }

    /// Every value of an option that repeats.
    func values(_ name: String) -> [String] { options[name] ?? [] }

    /// A whole number from an option, within a range.
    ///
    /// - Throws: A ``CommandFailure`` that names the option and the range.
    func number(_ name: String, default fallback: UInt64, in range: ClosedRange<UInt64>) throws
        -> UInt64
    {
        guard let text = value(name) else { return fallback }
        guard let number = UInt64(text), range.contains(number) else {
            throw CommandFailure(
                status: .misused,
                what:
                    "--\(name) is '\(text)'; it takes a whole number "
                    + "from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// How the result is to be written.
    var format: OutputFormat { value("format").flatMap(OutputFormat.init(rawValue:)) ?? .table }
}

/// How a result is written on standard output.
enum OutputFormat: String, Sendable {
    /// Columns for people.
    case table
    /// One JSON value.
    case json
    /// The same value as YAML.
    case yaml
}
