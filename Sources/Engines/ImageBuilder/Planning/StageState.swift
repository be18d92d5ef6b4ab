// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText
import Vocabulary

/// How far a stage is: its layers, how its image is run, what its variables are. A value that an
/// instruction changes; what is to be done to files comes out of it (BUILDER-6).
struct StageState: Sendable {
    /// The image's document as it is now.
    var configuration: ImageConfiguration
    /// The layers as they are stored, the lowest first.
    var layers: [Descriptor]
    /// The variables that ARG declared, in the order of their declarations.
    var arguments: [(name: String, value: String?)] = []
    var shell = ["/bin/sh", "-c"]
    /// Whether CMD is this stage's own: ENTRYPOINT takes an inherited one away.
    var commandIsOwn = false
    /// ARGs that a value was given for and that some stage declared.
    var consumed: Set<String> = []
    /// When the last of its steps was done.
    var made: Timestamp?

    let request: BuildRequest
    let globals: [String: String]
    let escape: UInt8
    let platform: Platform

    /// The variable that programs are found by when an image says nothing.
    static let usualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    /// Proxies, which nobody needs to declare, and which results do not depend on.
    static let proxies: Set<String> = Set(
        ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap {
            [$0, $0.lowercased()]
        })

    init(
        _ configuration: ImageConfiguration, _ layers: [Descriptor], _ plan: BuildPlan,
        _ step: BuildPlan.Step, _ request: BuildRequest, escape: UInt8
    ) {
        self.configuration = configuration
        self.layers = layers
        self.request = request
        self.escape = escape
        globals = plan.globals
        platform = step.platform
        if let own = Self.texts(configuration["Shell"]) { shell = own }
        if !environment.contains(where: { $0.hasPrefix("PATH=") }) {
            environment.append(Self.usualPath)
        }
    }

    var environment: [String] {
        get { Self.texts(configuration["Env"]) ?? [] }
        set { configuration["Env"] = .array(newValue.map { JSON($0) }) }
    }

    var folder: String {
        let text = configuration["WorkingDir"]?.text ?? ""
        return text.isEmpty ? "/" : text
    }

    /// What tells this state's files and settings from others: two states of one name lead to the
    /// same results, whenever and however they were reached (BUILDER-7).
    var name: ContentDigest {
        var writer = JSONWriter()
        writer.value([
            "layers": .array(configuration.layers.map { JSON($0.description) }),
            "config": configuration.json["config"] ?? [:],
            "platform": JSON(platform.description),
        ])
        return ContentDigest(of: writer.bytes)
    }

    static func texts(_ json: JSON?) -> [String]? { json?.elements?.compactMap(\.text) }

    // MARK: Variables

    func value(of name: String) -> String? {
        if let set = environment.last(where: { $0.hasPrefix("\(name)=") }) {
            return String(set.dropFirst(name.utf8.count + 1))
        }
        if let declared = arguments.last(where: { $0.name == name }) { return declared.value }
        return nil
    }

    var expansion: Expansion { Expansion(escape: escape, value: value(of:)) }

    /// The arguments that a command sees: declared ones with a value that ENV does not hide.
    var commandVariables: [String] {
        var variables: [String] = []
        let names = arguments.map(\.name) + Self.proxies.sorted()
        for name in Set(names).sorted() {
            guard !environment.contains(where: { $0.hasPrefix("\(name)=") }) else { continue }
            let declared = arguments.last { $0.name == name }?.value
            guard let value = declared ?? (Self.proxies.contains(name) ? given(name) : nil) else {
                continue
            }
            variables.append("\(name)=\(value)")
        }
        return variables
    }

    func given(_ name: String) -> String? { request.arguments[name] }

    mutating func declare(_ argument: Instruction.Argument) throws(BuildFailure) {
        var value: String?
        if let given = given(argument.name) {
            value = given
            consumed.insert(argument.name)
        } else if let written = argument.value {
            value = try expansion.word(written)
        } else {
            value = globals[argument.name] ?? BuildPlan.automatic(platform)[argument.name]
        }
        arguments.append((argument.name, value))
    }
}
