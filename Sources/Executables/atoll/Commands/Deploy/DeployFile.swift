// SPDX-License-Identifier: Apache-2.0
import Deployments
import Effects
import Glibc
import JSONText
import Vocabulary

/// A deployment file as a person names it, read with the files that it names.
struct DeployFile {
    /// A file names few others: variables, configs.
    private static let bytesMax = 1 << 20

    static let argument = ArgumentSpec(
        name: "file", help: "a compose file or Akash SDL, such as compose.yaml")
    static let options = [
        OptionSpec(
            name: "profile", value: "NAME", help: "also take the services of this profile",
            repeats: true),
        OptionSpec(
            name: "name", value: "NAME",
            help: "the deployment's name where the file has none; default its folder's"),
    ]

    let path: String
    let reading: DeploymentReading

    /// Reads a file; what is wrong with its contents is in the reading.
    init(_ path: String, _ invocation: Invocation, _ shell: Shell) async throws {
        self.path = path
        let bytes = try await shell.read(path, limit: Self.bytesMax)
        var options = ReadingOptions(
            file: path, name: invocation.value("name") ?? Self.name(besides: path),
            profiles: Set(invocation.values("profile")),
            variable: { getenv($0).map { String(cString: $0) } })
        var reading = DeploymentSource.read(bytes, options)
        while !reading.filesNeeded.isEmpty {
            for needed in reading.filesNeeded {
                options.files[needed] = await Self.content(of: needed, besides: path, shell)
            }
            reading = DeploymentSource.read(bytes, options)
        }
        self.reading = reading
    }

    /// The path of a file that the file names: below its own folder unless it is absolute.
    func path(of inner: String) -> String { Self.path(of: inner, besides: path) }

    private static func path(of inner: String, besides file: String) -> String {
        guard !inner.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return inner }
        return file[...slash] + inner
    }

    private static func content(
        of path: String, besides file: String, _ shell: Shell
    ) async -> FileContent {
        do {
            let inner = Shell.inner(Self.path(of: path, besides: file))
            return .bytes(try await shell.effects.disk.read(inner, limit: bytesMax))
        } catch DiskFailure.notFound {
            return .missing("there is no such file")
        } catch {
            return .missing("it cannot be read, or is larger than \(bytesMax >> 20) MiB")
        }
    }

    /// The name of the folder that a file lies in, as far as it is a name.
    private static func name(besides path: String) -> String {
        let parts = Surroundings.absolute(path).split(separator: "/").dropLast()
        let name = (parts.last ?? "").lowercased().filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        let start = String(name.drop { $0 == "-" }.prefix(DeploymentLimits.nameBytesMax))
        return DeploymentName.isSound(start) ? start : "app"
    }

    /// Says what there is to say on standard error, as compilers do.
    func tell() {
        for finding in reading.findings { Terminal.say(finding.line) }
    }

    /// The manifest; when the file is refused that has been said.
    func deployment() throws -> Deployment {
        tell()
        guard let deployment = reading.deployment else {
            let count = reading.findings.count { $0.severity == .error }
            throw CommandFailure(
                status: .refused,
                what: "\(path) is refused for \(count == 1 ? "one reason" : "\(count) reasons")",
                kept: "nothing was done", next: "change the lines named above")
        }
        return deployment
    }

    /// The findings for programs.
    var findings: JSON {
        .array(
            reading.findings.map {
                [
                    "file": JSON($0.file), "line": JSON($0.place.line),
                    "column": JSON($0.place.column), "severity": JSON($0.severity.rawValue),
                    "path": JSON($0.path), "message": JSON($0.message),
                ]
            })
    }
}
