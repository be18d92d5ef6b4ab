// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Sockets with a path.
enum LocalSocket {
    /// What a connection carries: bytes, or whole messages.
    enum Kind { case bytes, messages }

    /// Connects to a socket.
    static func connect(_ path: String, _ kind: Kind) throws(RuntimeFailure) -> OpenFile {
        let file = try make(kind)
        try withAddress(path) { pointer, length throws(RuntimeFailure) in
            _ = try asking("connect to \(path)") {
                Glibc.connect(file.number, pointer, length)
            }
        }
        return file
    }

    /// Waits at a path for one connection at a time.
    static func listen(_ path: String, _ kind: Kind) throws(RuntimeFailure) -> OpenFile {
        let file = try make(kind)
        try withAddress(path) { pointer, length throws(RuntimeFailure) in
            _ = try asking("bind \(path)") { bind(file.number, pointer, length) }
        }
        try asking("listen at \(path)") { Glibc.listen(file.number, 8) }
        return file
    }

    private static func make(_ kind: Kind) throws(RuntimeFailure) -> OpenFile {
        let form = kind == .bytes ? SOCK_STREAM : SOCK_SEQPACKET
        let type = Int32(form.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return OpenFile(try asking("socket") { socket(AF_UNIX, type, 0) })
    }

    /// A path too long for an address is reached through its open folder.
    private static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(RuntimeFailure) -> Void
    ) throws(RuntimeFailure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        var folder: OpenFile?
        var name = path
        if path.utf8.count >= room, let slash = path.lastIndex(of: "/") {
            let opened = try OpenFile.open(
                String(path[..<slash]), OpenFile.pathOnly | O_DIRECTORY)
            name = "\(opened.path)/\(path[path.index(after: slash)...])"
            folder = opened
        }
        let bytes = Array(name.utf8)
        guard bytes.count < room else { throw .kernel("use the socket \(path)", ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        var failure: RuntimeFailure?
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                do throws(RuntimeFailure) {
                    try body(general, socklen_t(MemoryLayout<sockaddr_un>.size))
                } catch {
                    failure = error
                }
            }
        }
        withExtendedLifetime(folder) {}
        if let failure { throw failure }
    }
}
