// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ContainerImages

/// A folder of a test's own, gone with it.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/images-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FolderRemoval.remove(path) }

    /// Makes a folder in it.
    func folder(_ name: String) throws -> String {
        let folder = "\(path)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Writes a file into it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// What a file of it holds.
    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    /// What `lstat` says of a file, or nothing.
    func status(_ name: String) -> stat? {
        var status = stat()
        return lstat("\(path)/\(name)", &status) == 0 ? status : nil
    }

    /// An archive of entries with their contents.
    func archive(_ name: String, _ entries: [(TarEntry, [UInt8])]) throws -> String {
        var writer = TarWriter()
        for (entry, content) in entries {
            var entry = entry
            if entry.kind == .file { entry.size = Int64(content.count) }
            writer.begin(entry)
            content.withUnsafeBytes { writer.append($0) }
        }
        writer.finish()
        return try write(name, writer.bytes)
    }
}

extension TarEntry {
    static func file(_ path: String, mode: UInt32 = 0o644) -> TarEntry {
        TarEntry(kind: .file, path: Array(path.utf8), mode: mode)
    }
    static func folder(_ path: String, mode: UInt32 = 0o755) -> TarEntry {
        TarEntry(kind: .folder, path: Array(path.utf8), mode: mode)
    }
    static func link(_ path: String, to target: String) -> TarEntry {
        TarEntry(
            kind: .symbolicLink, path: Array(path.utf8), target: Array(target.utf8), mode: 0o777)
    }
    static func hardLink(_ path: String, to target: String) -> TarEntry {
        TarEntry(kind: .hardLink, path: Array(path.utf8), target: Array(target.utf8), mode: 0o644)
    }
}

/// Runs a program to its end.
func run(_ arguments: [String], in folder: String? = nil) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
}
