// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Finds the program to run, inside of the container.
enum ProgramSearch {
    /// Where programs are looked for when the container's variables say nothing.
    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The path of a program.
    ///
    /// - Parameter folder: Where a name with a slash in it counts from.
    /// - Throws: ``RuntimeFailure/programNotFound(_:)`` for a bare name nowhere on the PATH,
    ///   ``RuntimeFailure/program(_:_:)`` for a path that leads to no program.
    static func path(
        of name: String, environment: [String], folder: String
    ) throws(RuntimeFailure) -> String {
        if name.utf8.contains(UInt8(ascii: "/")) {
            let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
            if let reason = fault(path) { throw .program(name, reason) }
            return path
        }
        let list = environment.last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
        var denied = false
        for part in (list ?? usualPath).split(separator: ":", omittingEmptySubsequences: false) {
            let place = part.isEmpty ? folder : String(part)
            let path = place.hasPrefix("/") ? "\(place)/\(name)" : "\(folder)/\(place)/\(name)"
            guard let reason = fault(path) else { return path }
            if reason == EACCES { denied = true }
        }
        throw denied ? .program(name, EACCES) : .programNotFound(name)
    }

    /// Why a path leads to no program; nil when it does.
    private static func fault(_ path: String) -> Int32? {
        var found = stat()
        guard stat(path, &found) == 0 else { return errno }
        guard found.st_mode & S_IFMT == S_IFREG else { return EACCES }
        return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? nil : errno
    }
}

/// The container's own list of users.
enum UserList {
    /// 1 MiB: 10,000 lines of 100 bytes.
    private static let bytesMax = 1 << 20

    /// The home folder of a user, `/` when the list does not know him.
    static func home(of user: UInt32) -> String {
        guard let file = try? OpenFile.open("/etc/passwd"),
            let bytes = try? file.readAll(bytesMax: bytesMax)
        else { return "/" }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count > 5, UInt32(parts[2]) == user, parts[5].hasPrefix("/") {
                return String(parts[5])
            }
        }
        return "/"
    }

    /// The variables of a program with a home folder among them.
    static func withHome(_ environment: [String], user: UInt32) -> [String] {
        environment.contains { $0.hasPrefix("HOME=") }
            ? environment : environment + ["HOME=\(home(of: user))"]
    }
}
