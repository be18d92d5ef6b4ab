// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Deployments

/// Reads a file's text with what lies beside it.
func reading(
    _ text: String, files: [String: String] = [:], environment: [String: String] = [:],
    profiles: Set<String> = []
) -> DeploymentReading {
    var contents = files.mapValues { FileContent.bytes(Array($0.utf8)) }
    contents[".env"] = contents[".env"] ?? .missing("there is none")
    var options = ReadingOptions(
        file: "compose.yaml", profiles: profiles, files: contents, variable: { environment[$0] })
    let read = DeploymentSource.read(Array(text.utf8), options)
    for path in read.filesNeeded { options.files[path] = .missing("there is no such file") }
    return read.filesNeeded.isEmpty ? read : DeploymentSource.read(Array(text.utf8), options)
}

/// The first service of a file that has no errors.
func service(
    _ lines: String, files: [String: String] = [:], environment: [String: String] = [:]
) throws -> Service {
    let read = reading(file(lines), files: files, environment: environment)
    let deployment = try #require(
        read.deployment, "\(lines): \(read.findings.map(\.line)) \(read.filesNeeded)")
    return try #require(deployment.service("web"))
}

/// A file with one service that has an image and some lines; they begin at line 4, column 5.
func file(_ lines: String) -> String {
    let body = lines.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "    \($0)\n" }.joined()
    return """
        services:
          web:
            image: registry.example/app:1

        """ + body + """
                depends_on: []
            volumes: {data: {}, other: {}}
            networks: {front: {}, back: {internal: true}}
            secrets: {key: {environment: KEY}}
            configs: {site: {content: "hello"}}

            """
}

/// The errors of a file with one service that has some lines.
func errors(_ lines: String, environment: [String: String] = [:]) -> [String] {
    reading(file(lines), environment: environment).findings.filter { $0.severity == .error }
        .map { "\($0.place.line):\($0.place.column) \($0.message)" }
}
