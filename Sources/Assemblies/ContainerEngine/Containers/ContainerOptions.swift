// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// What a client asks of a container, as Docker's API writes it, joined with what its image says.
///
/// What is asked for and not done here is refused by its name, never left out in silence.
struct ContainerOptions {
    let image: String
    let arguments: [String]
    let environment: [String]
    let folder: String
    let user: String
    let hostname: String?
    let hasTerminal: Bool
    let opensInput: Bool
    let endsInput: Bool
    let host: HostOptions
    let isolation: Isolation

    /// The most words of a command, and variables: what a container's configuration takes.
    static let wordsMax = 16_384

    /// - Parameter body: What the client asks for, joined with what its image says
    ///   (``joined(_:with:)``).
    init(_ body: JSON) throws(EngineFailure) {
        let words = (Self.texts(body["Entrypoint"]) ?? []) + (Self.texts(body["Cmd"]) ?? [])
        guard !words.isEmpty, words[0] != "" else {
            throw EngineFailure(.badRequest, "no command specified")
        }
        image = body["Image"]?.text ?? ""
        arguments = words
        environment = Self.environment([Self.path], Self.texts(body["Env"]) ?? [])
        guard words.count <= Self.wordsMax, environment.count <= Self.wordsMax else {
            throw EngineFailure(.badRequest, "too many arguments or variables")
        }
        folder = Self.text(body["WorkingDir"]) ?? "/"
        user = Self.text(body["User"]) ?? ""
        hostname = Self.text(body["Hostname"])
        hasTerminal = body["Tty"]?.flag ?? false
        opensInput = body["OpenStdin"]?.flag ?? false
        endsInput = body["StdinOnce"]?.flag ?? false
        _ = try HealthCheck(body)
        host = try HostOptions(body["HostConfig"] ?? [:])
        isolation = try Isolation(body["HostConfig"] ?? [:])
        guard folder.hasPrefix("/") else {
            throw EngineFailure(.badRequest, "the working directory '\(folder)' is not absolute")
        }
    }

    /// The texts of a list; nil for one that is not there.
    static func texts(_ json: JSON?) -> [String]? {
        if let text = json?.text { return [text] }
        return json?.elements?.compactMap(\.text)
    }

    private static func text(_ value: JSON?) -> String? {
        value?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Variables, with later ones in place of their namesakes.
    private static func environment(_ first: [String], _ second: [String]) -> [String] {
        var variables: [String] = []
        for variable in first + second {
            let name = variable.prefix { $0 != "=" }
            variables.removeAll { $0.prefix { $0 != "=" } == name }
            // A name alone takes the variable away.
            if variable.contains("=") { variables.append(variable) }
        }
        return variables
    }

    // MARK: Joining

    /// What a client asks for, with what its image says where the client says nothing.
    static func joined(_ body: JSON, with configuration: JSON?) -> JSON {
        let image = configuration ?? [:]
        var joined = body
        func keep(_ name: String, _ value: JSON?) {
            if let value, value != .null { joined = joined.replacing(name, by: value) }
        }
        let own = texts(body["Entrypoint"])
        // An entry point of one's own leaves the image's arguments behind.
        if own == nil { keep("Entrypoint", image["Entrypoint"]) }
        if texts(body["Cmd"]) == nil, own == nil { keep("Cmd", image["Cmd"]) }
        for name in ["WorkingDir", "User", "StopSignal", "Shell"] where text(body[name]) == nil {
            keep(name, image[name])
        }
        let variables = environment(texts(image["Env"]) ?? [], texts(body["Env"]) ?? [])
        if !variables.isEmpty { keep("Env", .array(variables.map { JSON($0) })) }
        if let check = image["Healthcheck"], check.members != nil {
            // Parts that the client does not give are the image's.
            let own = (body["Healthcheck"]?.members ?? []).filter {
                !HostOptions.isEmpty($0.value)
            }
            keep("Healthcheck", union(check, .object(own)))
        }
        for name in ["Labels", "Volumes", "ExposedPorts"] {
            keep(name, union(image[name], body[name]))
        }
        return joined
    }

    /// The members of both, the second's in place of their namesakes.
    private static func union(_ first: JSON?, _ second: JSON?) -> JSON {
        (second?.members ?? []).reduce(.object(first?.members ?? [])) {
            $0.replacing($1.name, by: $1.value)
        }
    }
}
