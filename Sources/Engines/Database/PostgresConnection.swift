// SPDX-License-Identifier: Apache-2.0
import CPostgres
import Synchronization

/// A connection to a server of PostgreSQL.
final class PostgresConnection: SQLConnection {
    /// The most prepared statements that are kept.
    private static let statementsMax = 64

    private struct State: ~Copyable {
        var raw: OpaquePointer?
        /// Names of prepared statements.
        var statements: [String: String] = [:]
    }

    // Sound: the library's object is only touched under this lock.
    private let state: Mutex<State>

    let kind = "postgresql"
    let textType = "TEXT COLLATE \"C\""

    /// Connects; waits ten seconds at most unless the words say otherwise.
    init(_ words: String) throws(DatabaseFailure) {
        let raw = PQconnectdb(words)
        guard let raw, PQstatus(raw) == CONNECTION_OK else {
            let reason = Self.words(raw)
            PQfinish(raw)
            throw .unreachable(reason)
        }
        // Notices, such as that a table exists already, are nothing for standard error.
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
        state = Mutex(State(raw: raw))
        try execute("SET synchronous_commit TO off", [])
    }

    deinit { close() }

    func close() {
        state.withLock { state in
            PQfinish(state.raw)
            state.raw = nil
        }
    }

    func rows(_ query: String, _ values: [SQLValue]) throws(DatabaseFailure) -> [[SQLValue]] {
        let result = state.withLock { Self.rows(&$0, query, values) }
        return try result.get()
    }

    private static func rows(
        _ state: inout State, _ query: String, _ values: [SQLValue]
    ) -> Result<[[SQLValue]], DatabaseFailure> {
        guard state.raw != nil else { return .failure(.unreachable("it is closed")) }
        guard let name = prepared(&state, query) else {
            return .failure(failure(of: state.raw))
        }
        let result = withTexts(values) { texts in
            PQexecPrepared(state.raw, name, Int32(values.count), texts, nil, nil, 0)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return .success([])
        case PGRES_TUPLES_OK: return .success(rows(of: result))
        default: return .failure(failure(of: state.raw))
        }
    }

    /// The name of a statement that the server has read.
    private static func prepared(_ state: inout State, _ query: String) -> String? {
        if let known = state.statements[query] { return known }
        if state.statements.count >= statementsMax {
            PQclear(PQexec(state.raw, "DEALLOCATE ALL"))
            state.statements = [:]
        }
        let name = "s\(state.statements.count)"
        let result = PQprepare(state.raw, name, numbered(query), 0, nil)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { return nil }
        state.statements[query] = name
        return name
    }

    /// A statement with its places numbered, as PostgreSQL writes them: `$1`. No statement of the
    /// house has a question mark elsewhere.
    static func numbered(_ query: String) -> String {
        var text = ""
        text.reserveCapacity(query.utf8.count * 2)
        var place = 0
        for character in query {
            guard character == "?" else {
                text.append(character)
                continue
            }
            place += 1
            text += "$\(place)"
        }
        return text
    }

    /// Hands values to the library as C texts, which live as long as `body`.
    private static func withTexts<Value>(
        _ values: [SQLValue], _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        for value in values {
            guard let text = value.text else {
                starts.append(nil)
                continue
            }
            starts.append(bytes.count)
            bytes.append(
                contentsOf: text.utf8.lazy.filter { $0 != 0 }.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            body(starts.map { start in start.flatMap { buffer.baseAddress?.advanced(by: $0) } })
        }
    }

    private static func rows(of result: OpaquePointer?) -> [[SQLValue]] {
        let columns = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            (0..<columns).map { column in
                guard PQgetisnull(result, row, column) == 0,
                    let text = PQgetvalue(result, row, column)
                else { return .null }
                // Numbers of 8 bytes, 4 bytes and counts come as text.
                let isNumber = [20, 23].contains(PQftype(result, column))
                let words = String(cString: text)
                return isNumber ? Int64(words).map { .integer($0) } ?? .text(words) : .text(words)
            }
        }
    }

    private static func failure(of raw: OpaquePointer?) -> DatabaseFailure {
        PQstatus(raw) == CONNECTION_OK ? .refused(words(raw)) : .unreachable(words(raw))
    }

    private static func words(_ raw: OpaquePointer?) -> String {
        guard let raw, let words = PQerrorMessage(raw) else { return "no reason given" }
        return String(cString: words).split(separator: "\n").joined(separator: "; ")
    }
}
