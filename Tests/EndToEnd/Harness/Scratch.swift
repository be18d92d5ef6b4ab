// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// One folder for everything these tests write and start.
///
/// A guard process waits for the end of this one, however it comes, then ends every process that
/// was started with a path of the folder, takes away file systems mounted there, and removes it.
enum Scratch {
    private static let counter = Atomic<Int>(0)

    private static let guarded: Result<(path: String, keepAlive: Pipe), any Error> = Result {
        let path = NSTemporaryDirectory() + "atoll-end-to-end-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let script = """
            trap '' INT TERM HUP
            read -r _
            for p in /proc/[0-9]*; do
              pid=${p#/proc/}
              [ "$pid" = $$ ] || { grep -qF "$0/" "$p/cmdline" && kill -9 "$pid"; }
            done 2>/dev/null
            sleep 0.2
            grep -o " $0[^ ]* " /proc/mounts | while read -r m; do umount -l "$m"; done
            rm -rf "$0"
            """
        let pipe = Pipe()
        let keeper = Process()
        keeper.executableURL = URL(fileURLWithPath: "/bin/sh")
        keeper.arguments = ["-c", script, path]
        keeper.standardInput = pipe.fileHandleForReading
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
        try pipe.fileHandleForReading.close()
        return (path, pipe)
    }

    /// A path below the folder that nothing has used.
    static func path(_ name: String) throws -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        return "\(try guarded.get().path)/\(name)-\(number)"
    }

    /// A new empty folder.
    static func folder(_ name: String) throws -> String {
        let path = try path(name)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return path
    }

    /// A new file with these bytes.
    static func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = try path(name)
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw HarnessFailure("\(path) cannot be written")
        }
        return path
    }
}

/// Waits until something holds, looking every 50 ms.
///
/// - Returns: Whether it did within the time.
func eventually(
    within seconds: Double = 30, _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        if try await condition() { return true }
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(50))
    }
}
