// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects

/// Files on their way from one tree into an image's (BUILDER-5). Calls block.
struct CopyStep: Sendable {
    let work: CopyWork
    let source: FileTree
    /// What is passed over.
    let isIgnored: (@Sendable ([UInt8]) -> Bool)?

    /// What the patterns mean, in their order, each path once.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)`` for a pattern that means nothing.
    func paths() throws(ImageFailure) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        for pattern in work.sources {
            let inner = Self.inner(pattern)
            guard let paths = try source.paths(matching: inner) else {
                throw .badLayer(entry: pattern, reason: "no pattern")
            }
            var count = 0
            for path in paths {
                guard let kind = try source.kind(of: path) else { continue }
                // A folder may hold files that are part of it though the folder is not.
                if kind != .folder, isIgnored?(Array(path.utf8)) ?? false { continue }
                count += 1
                if known.insert(path).inserted { found.append(path) }
            }
            guard count > 0 else {
                throw .notFound("'\(pattern)' among the files of the build")
            }
        }
        return found
    }

    /// What is copied, as keys of results have it: last names and contents.
    func digests(_ paths: [String]) throws(ImageFailure) -> [String] {
        var digests: [String] = []
        for path in paths {
            let digest = try source.digest(of: path, options: options(owner: nil))
            digests.append("\(Self.lastName(path)) \(digest)")
        }
        return digests
    }

    /// Copies into a tree.
    func copy(
        _ paths: [String], to tree: FileTree, owner: CopyOptions.Owner?
    ) throws(ImageFailure) {
        let isFolder = work.target.hasSuffix("/")
        guard isFolder || paths.count == 1 else {
            throw .badLayer(
                entry: work.target, reason: "several files are copied to it: end it with a slash")
        }
        for path in paths {
            switch try source.kind(of: path) {
            case .folder:
                try source.copy(path, to: tree, at: work.target, options: options(owner: owner))
            case .file: try copyFile(path, to: tree, isFolder, options(owner: owner))
            case .other, nil: throw .badLayer(entry: path, reason: "neither a file nor a folder")
            }
        }
    }

    private func copyFile(
        _ path: String, to tree: FileTree, _ isFolder: Bool, _ options: CopyOptions
    ) throws(ImageFailure) {
        if work.unpacks {
            let isArchive = try source.isArchive(path)
            if isArchive { return try source.unpackArchive(path, to: tree, at: work.target) }
        }
        let found = isFolder ? .folder : try tree.kind(of: work.target)
        let target = found == .folder ? work.target + "/" + Self.lastName(path) : work.target
        try source.copy(path, to: tree, at: target, options: options)
    }

    private func options(owner: CopyOptions.Owner?) -> CopyOptions {
        var options = CopyOptions()
        // What comes from another stage keeps its owners, as Docker has it; context's files are
        // root's, whoever owns them here.
        options.owner = owner ?? (work.from == nil ? CopyOptions.Owner(user: 0, group: 0) : nil)
        options.mode = work.mode
        options.isIgnored = isIgnored
        return options
    }

    // Nothing is above the context: what climbs stays at its root.
    private static func inner(_ pattern: String) -> String {
        String(StageState.joined(pattern, to: "").dropFirst())
    }

    private static func lastName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }
}
