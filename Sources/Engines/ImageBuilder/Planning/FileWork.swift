// SPDX-License-Identifier: Apache-2.0
import JSONText

/// What an instruction does to files, everything in it expanded.
enum FileWork: Hashable, Sendable {
    case run(RunWork)
    case copy(CopyWork)
    /// Makes a folder and its parents.
    case folder(String)
}

/// A command that is run.
struct RunWork: Hashable, Sendable {
    let arguments: [String]
    /// The stage's arguments, `name=value`, for this command alone.
    let variables: [String]
    let network: BuildRequest.Network
}

/// Files that are copied.
struct CopyWork: Hashable, Sendable {
    let unpacks: Bool
    /// Patterns below the context or the other root.
    let sources: [String]
    /// Absolute; a folder when it ends with a slash.
    let target: String
    let from: String?
    let owner: String?
    let mode: UInt32?
}

extension FileWork {
    /// What tells this work from any other, besides the files it begins with.
    var json: JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { JSON($0) }) }
        switch self {
        case .run(let run):
            return [
                "run": list(run.arguments), "variables": list(run.variables),
                "network": JSON(run.network.rawValue),
            ]
        case .copy(let copy):
            return [
                "copy": list(copy.sources), "target": JSON(copy.target),
                "unpacks": .bool(copy.unpacks), "owner": copy.owner.map { JSON($0) } ?? .null,
                "mode": copy.mode.map { JSON($0) } ?? .null,
                "keepsOwners": .bool(copy.from != nil),
            ]
        case .folder(let path): return ["folder": JSON(path)]
        }
    }
}
