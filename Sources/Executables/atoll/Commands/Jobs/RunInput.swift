// SPDX-License-Identifier: Apache-2.0
import ClientKit
import NodeInterface

/// The files a job sees: each --input under its own name, a folder with all that is in it.
struct RunInput {
    private let shell: Shell
    private(set) var files: [JobRequest.InputFile] = []

    /// How deep folders may lie in each other; beyond it a link probably leads back up.
    private static let depthMax = 32

    init(_ paths: [String], _ shell: Shell) async throws {
        self.shell = shell
        for typed in paths {
            let path = Surroundings.absolute(typed)
            guard let name = path.split(separator: "/").last else {
                throw CommandFailure(
                    status: .misused, what: "--input '\(typed)' is the whole disk",
                    next: "name a folder below it")
            }
            guard await shell.exists(path) else {
                throw CommandFailure(
                    status: .misused, what: "there is no file or folder '\(typed)'",
                    next: "check the path")
            }
            try await add(path, as: String(name), depth: 0)
        }
        try checkNames()
    }

    private mutating func add(_ path: String, as name: String, depth: Int) async throws {
        guard let names = await shell.names(in: path) else {
            files.append(JobRequest.InputFile(path: name, content: .path(Shell.inner(path))))
            guard files.count <= JobInput.filesMax else {
                throw CommandFailure(
                    status: .misused, what: "the input has more than \(JobInput.filesMax) files",
                    next: "put them into one archive")
            }
            return
        }
        guard depth < Self.depthMax else {
            throw CommandFailure(
                status: .misused, what: "'\(path)' lies more than \(Self.depthMax) folders deep",
                next: "does a link lead back up?")
        }
        for inner in names {
            try await add("\(path)/\(inner)", as: "\(name)/\(inner)", depth: depth + 1)
        }
    }

    /// Two --input of the same name would be one file.
    private func checkNames() throws {
        var seen: Set<String> = []
        for file in files where !seen.insert(file.path).inserted {
            throw CommandFailure(
                status: .misused, what: "two inputs are called '\(file.path)'",
                next: "rename one: each lies in /input under its own name")
        }
    }
}
