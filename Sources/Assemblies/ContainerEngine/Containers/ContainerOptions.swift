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
    let labels: [JSON.Member]
    let host: HostOptions

    /// The most words of a command, and variables: what a container's configuration takes.
    static let wordsMax = 16_384

    init(_ body: JSON, image configuration: JSON?) throws(EngineFailure) {
        let entry = Self.texts(body["Entrypoint"])
        let own = Self.texts(body["Cmd"])
        let imageEntry = Self.texts(configuration?["Entrypoint"]) ?? []
        // An entry point of one's own leaves the image's arguments behind.
        let words =
            (entry ?? imageEntry)
            + (own ?? (entry == nil ? Self.texts(configuration?["Cmd"]) : nil) ?? [])
        guard !words.isEmpty, words[0] != "" else {
            throw EngineFailure(.badRequest, "no command specified")
        }
        image = body["Image"]?.text ?? ""
        arguments = words
        environment = Self.environment(
            Self.texts(configuration?["Env"]) ?? [], Self.texts(body["Env"]) ?? [])
        guard words.count <= Self.wordsMax, environment.count <= Self.wordsMax else {
            throw EngineFailure(.badRequest, "too many arguments or variables")
        }
        folder = Self.first(body["WorkingDir"], configuration?["WorkingDir"]) ?? "/"
        user = Self.first(body["User"], configuration?["User"]) ?? ""
        hostname = Self.first(body["Hostname"])
        hasTerminal = body["Tty"]?.flag ?? false
        opensInput = body["OpenStdin"]?.flag ?? false
        endsInput = body["StdinOnce"]?.flag ?? false
        labels =
            (configuration?["Labels"]?.members ?? []).filter { member in
                body["Labels"]?[member.name] == nil
            } + (body["Labels"]?.members ?? [])
        host = try HostOptions(body["HostConfig"] ?? [:])
        guard folder.hasPrefix("/") else {
            throw EngineFailure(.badRequest, "the working directory '\(folder)' is not absolute")
        }
    }

    /// The texts of a list; nil for one that is not there.
    static func texts(_ json: JSON?) -> [String]? {
        if let text = json?.text { return [text] }
        return json?.elements?.compactMap(\.text)
    }

    private static func first(_ values: JSON?...) -> String? {
        values.lazy.compactMap { $0?.text }.first { !$0.isEmpty }
    }

    /// Variables of the image, with those of the client in place of their namesakes.
    private static func environment(_ image: [String], _ own: [String]) -> [String] {
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var variables: [String] = []
        for variable in [path] + image + own {
            let name = variable.prefix { $0 != "=" }
            variables.removeAll { $0.prefix { $0 != "=" } == name }
            // A name alone takes the variable away.
            if variable.contains("=") { variables.append(variable) }
        }
        return variables
    }
}
