// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Vocabulary

/// What a joining node keeps until its state stands (SYNC-12): a crash at any time leaves something
/// that the next start goes on with.
struct JoinFolder: Sendable {
    let effects: Effects
    /// The node's data folder.
    let data: String

    /// Where everything of the joining lies.
    var folder: String { "\(data)/sync" }
    /// The manifest that was chosen.
    private var planPath: String { "\(folder)/plan" }
    private var indexPath: String { "\(folder)/index" }
    private var readyPath: String { "\(folder)/ready" }
    var statePath: String { "\(folder)/state" }
    var blocksPath: String { "\(folder)/blocks" }
    var runs: RunFolder { RunFolder(effects: effects, folder: folder) }

    private var disk: any Disk { effects.disk }

    /// The manifest of a joining that was begun, with its index.
    func begun() async throws(DiskFailure) -> (SnapshotManifest, IndexFile)? {
        guard try await names(of: data).contains("sync") else { return nil }
        let names = try await names(of: folder)
        guard names.contains("plan"), names.contains("index") else { return nil }
        let plan = try await disk.read(planPath, limit: SnapshotManifest.bytesMax)
        let index = try await disk.read(indexPath, limit: IndexFile.bytesMax)
        guard let manifest = try? SnapshotManifest(canonicalBytes: plan),
            let file = try? IndexFile(canonicalBytes: index),
            file.index.digest == manifest.index
        else { return nil }
        return (manifest, file)
    }

    /// Begins with a snapshot; what there is of another goes.
    func begin(
        _ manifest: SnapshotManifest, _ index: IndexFile
    ) async throws(DiskFailure) {
        try await disk.removeFolder(folder)
        try await disk.createFolder(folder)
        try await disk.replace(indexPath, with: index.canonicalBytes)
        // Last: with the plan the folder is one that can be gone on with.
        try await disk.replace(planPath, with: manifest.canonicalBytes)
    }

    /// Forgets everything.
    func abandon() async throws(DiskFailure) { try await disk.removeFolder(folder) }

    /// Makes the log of blocks that the node goes on from: it begins with one block.
    func writeLog(from block: FinalizedBlock) async throws(DiskFailure) {
        try await disk.removeFolder(blocksPath)
        let log = try await disk.openLog(
            blocksPath, first: block.block.header.height.value - 1)
        do throws(DiskFailure) {
            try await log.append([block.canonicalBytes])
        } catch {
            await log.close()
            throw error
        }
        await log.close()
    }

    /// Notes that state and log are whole: from here on nothing is fetched any more.
    func markReady() async throws(DiskFailure) {
        try await disk.replace(readyPath, with: Array("ready".utf8))
    }

    /// Puts state and log in their places when they are whole, whatever part of that has been done.
    ///
    /// - Returns: Whether there was something to put in place.
    func install() async throws(DiskFailure) -> Bool {
        guard try await names(of: data).contains("sync") else { return false }
        guard try await names(of: folder).contains("ready") else { return false }
        try await disk.removeFolder(runsOnly: folder, names: names(of: folder))
        for name in ["state", "blocks"] {
            guard try await isThere("\(folder)/\(name)") else { continue }
            if try await isThere("\(data)/\(name)") {
                _ = try await FolderShelf(disk: disk, folder: data).setAside(name)
            }
            try await disk.move("\(folder)/\(name)", to: "\(data)/\(name)")
        }
        try await disk.removeFolder(folder)
        return true
    }

    private func isThere(_ path: String) async throws(DiskFailure) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return false }
        return try await names(of: String(path[..<slash]))
            .contains(String(path[path.index(after: slash)...]))
    }

    private func names(of path: String) async throws(DiskFailure) -> [String] {
        do throws(DiskFailure) {
            return try await disk.list(path)
        } catch .notFound {
            return []
        }
    }
}

extension Disk {
    /// Removes the runs of a joining, which are of no use once the state is built.
    fileprivate func removeFolder(
        runsOnly folder: String, names: [String]
    ) async throws(DiskFailure) {
        for name in names where name.hasPrefix("run-") { try await remove("\(folder)/\(name)") }
    }
}
