// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// A fresh PostgreSQL with its defaults, which sync every commit, and pgbench to load it.
struct PostgresServer: Sendable {
    /// Accounts in the table.
    let accounts: Int
    private let bench: Bench
    private let home: String
    private let port: UInt16
    private let folders: [String]

    /// Debian's account for it; a server refuses to run as root.
    private static let user = "postgres"
    /// Enough that commits share syncs, few enough for two cores.
    private static let clients = 16

    /// Lends a server with a table of accounts to `body` and stops it.
    static func lend<Value>(
        _ bench: Bench, accounts: Int, _ body: (PostgresServer) async throws -> Value
    ) async throws -> Value {
        let folders = ["/usr/lib/postgresql/15/bin", "/usr/bin"]
        let port = try await PeerServer.freePorts(1, bench.effects)[0]
        let home = "\(bench.folder)/postgres-\(port)"
        let lent = PostgresServer(
            accounts: accounts, bench: bench, home: home, port: port, folders: folders)
        try lent.prepareHome()
        try await lent.call(
            "initdb", ["-D", "\(home)/data", "-U", "bench", "--auth", "trust", "-E", "UTF8"])
        let server = try PeerServer(
            try PeerServer.program("postgres", in: folders),
            [
                "-D", "\(home)/data", "-c", "listen_addresses=127.0.0.1", "-c", "port=\(port)",
                "-c", "unix_socket_directories=\(home)", "-c", "synchronous_commit=on",
            ], log: "\(home)/log", user: user)
        // SIGINT ends it at once, with its clients.
        defer { server.stop(signal: SIGINT) }
        try await lent.waitUntilReady()
        try await lent.fill()
        return try await body(lent)
    }

    /// Where programs reach it.
    var address: String { "postgresql://bench@127.0.0.1:\(port)/postgres" }

    /// Transfers per second, with so many of them in a transaction.
    func transfers(perTransaction parts: Int, seconds: Int) async throws -> (Double, String) {
        let script = "\(home)/transfer-\(parts).sql"
        guard SystemFile.write(script, text(parts: parts)) else {
            throw BenchFailure("\(script) cannot be written")
        }
        let output = try await call(
            "pgbench",
            [
                "-h", "127.0.0.1", "-p", "\(port)", "-U", "bench", "-n", "-M", "prepared",
                "-c", "\(Self.clients)", "-j", "2", "-T", "\(seconds)", "-f", script, "postgres",
            ])
        guard let rate = number(after: "tps = ", in: output),
            let latency = number(after: "latency average = ", in: output)
        else { throw BenchFailure("pgbench says: \(output)") }
        return (
            rate * Double(parts),
            "pgbench, \(Self.clients) clients, \(accounts) rows, synchronous_commit on, "
                + "\(parts) in a transaction, mean \(NumberText.of(latency)) ms"
        )
    }

    /// The folder above must let the other account through; it holds nothing secret.
    private func prepareHome() throws(BenchFailure) {
        guard mkdir(home, 0o755) == 0 else { throw BenchFailure("\(home) cannot be made") }
        guard geteuid() == 0 else { return }
        guard let account = getpwnam(Self.user) else {
            throw BenchFailure("there is no account \(Self.user) to run PostgreSQL with")
        }
        guard chmod(bench.folder, 0o711) == 0,
            chown(home, account.pointee.pw_uid, account.pointee.pw_gid) == 0
        else { throw BenchFailure("\(home) cannot be given away") }
    }

    private func waitUntilReady() async throws {
        for _ in 0..<300 {
            let isReady = try? await call(
                "pg_isready", ["-q", "-h", "127.0.0.1", "-p", "\(port)"])
            if isReady != nil { return }
            await bench.effects.time.sleep(milliseconds: 100)
        }
        throw BenchFailure("PostgreSQL does not start; see \(home)/log")
    }

    private func fill() async throws {
        let statements = [
            "CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)",
            "INSERT INTO accounts SELECT g, 1000000000 FROM generate_series(1, \(accounts)) g",
            "VACUUM ANALYZE accounts", "CHECKPOINT",
        ]
        for statement in statements {
            try await call(
                "psql",
                [
                    "-h", "127.0.0.1", "-p", "\(port)", "-U", "bench", "-q", "-c", statement,
                    "postgres",
                ])
        }
    }

    @discardableResult
    private func call(_ name: String, _ arguments: [String]) async throws -> String {
        let path = try PeerServer.program(name, in: folders)
        let words = PeerServer.prefix(Self.user) + [path] + arguments
        return try await bench.compute { try ChildProgram.run("/usr/bin/setpriv", words) }
    }

    private func number(after words: String, in text: String) -> Double? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(words) })
        else { return nil }
        return line.dropFirst(words.count).split(separator: " ").first.flatMap { Double($0) }
    }

    /// A transfer as a bank writes it: nobody spends what it has not. Rows are locked in one order,
    /// so that no two transactions wait for each other.
    private func text(parts: Int) -> String {
        guard parts > 1 else {
            return """
                \\set one random(1, \(accounts))
                \\set other random(1, \(accounts))
                \\set low least(:one, :other)
                \\set high greatest(:one, :other)
                BEGIN;
                UPDATE accounts SET balance = balance - 1 WHERE id = :low AND balance >= 1;
                UPDATE accounts SET balance = balance + 1 WHERE id = :high;
                COMMIT;

                """
        }
        return """
            \\set one random(1, \(accounts))
            \\set seed random(1, 1000000000)
            BEGIN;
            WITH parts AS MATERIALIZED (
              SELECT 1 + ((g * 2654435761 + :seed) % \(accounts))::int AS id, count(*) AS sum
              FROM generate_series(1::bigint, \(parts)) g GROUP BY 1),
            locked AS MATERIALIZED (
              SELECT a.id FROM accounts a
              WHERE a.id IN (SELECT id FROM parts UNION SELECT :one) ORDER BY a.id FOR UPDATE)
            UPDATE accounts a SET balance = balance + coalesce(p.sum, 0)
              - CASE WHEN a.id = :one THEN \(parts) ELSE 0 END
            FROM locked l LEFT JOIN parts p ON p.id = l.id WHERE a.id = l.id;
            COMMIT;

            """
    }
}
