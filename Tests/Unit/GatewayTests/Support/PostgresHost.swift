// SPDX-License-Identifier: Apache-2.0
import Database
import Glibc
import Synchronization

/// A server of PostgreSQL in a folder of its own, reached through a socket there, where Debian's
/// package is installed.
final class PostgresHost: Sendable {
    private static let programs = "/usr/lib/postgresql/15/bin"

    static let isInstalled = access("\(programs)/initdb", X_OK) == 0

    struct NotStarted: Error { let status: Int32 }

    /// Where the server's socket and files are.
    let folder: String

    /// Makes a cluster and starts its server; about a second.
    init() throws {
        var template = Array("/tmp/atoll-postgres-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }
        }
        folder = made.map { String(cString: $0) } ?? ""
        // The server does not run as root: it runs as the package's own user then.
        let isRoot = getuid() == 0
        let user = isRoot ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""
        let script = """
            set -e
            \(isRoot ? "chown postgres:postgres '\(folder)'" : "true")
            cd '\(folder)'
            \(user)\(Self.programs)/initdb -D data -A trust -U postgres --no-sync -E UTF8 >/dev/null
            \(user)\(Self.programs)/pg_ctl -D data -w -l log \
            -o "-k '\(folder)' -c listen_addresses='' -c fsync=off" start >/dev/null
            """
        let status = system(script)
        guard status == 0 else { throw NotStarted(status: status) }
    }

    /// The server of all tests, which ends with them.
    static let shared: PostgresHost? = {
        guard let host = try? PostgresHost() else { return nil }
        atexit { PostgresHost.shared?.stop() }
        return host
    }()

    private let databases = Mutex(0)

    /// The address of a new database; the socket's folder stands percent-encoded for the host.
    func newDatabase() throws -> String {
        let number = databases.withLock { number in
            number += 1
            return number
        }
        let address = "postgresql://postgres@/%?host=\(folder.replacing("/", with: "%2F"))"
        let maker = try DatabaseAddress(address.replacing("@/%?", with: "@/postgres?")).connect()
        try maker.execute("CREATE DATABASE index\(number)", [])
        maker.close()
        return address.replacing("@/%?", with: "@/index\(number)?")
    }

    /// Stops the server and removes its files.
    func stop() {
        let isRoot = getuid() == 0
        let user = isRoot ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""
        _ = system(
            "\(user)\(Self.programs)/pg_ctl -D '\(folder)/data' -m immediate stop >/dev/null")
        _ = system("rm -rf '\(folder)'")
    }
}
