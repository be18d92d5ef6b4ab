// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Synchronization

/// A connection to a file of SQLite.
final class SQLiteConnection: SQLConnection {
    /// The most prepared statements that are kept: those of an index are a dozen.
    private static let statementsMax = 64
    /// How long a statement waits for another connection's.
    private static let patienceMilliseconds: Int32 = 5_000

    private struct State: ~Copyable {
        var raw: OpaquePointer?
        var statements: [String: OpaquePointer] = [:]
    }

    // Sound: the library's objects are only touched under this lock.
    private let state: Mutex<State>

    let kind = "sqlite"
    let textType = "TEXT"

    /// Opens a file; readers and one writer work side by side, and a power cut loses the last
    /// changes but nothing of the file's order.
    init(_ path: String) throws(DatabaseFailure) {
        var raw: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX
        guard sqlite3_open_v2(path, &raw, flags, nil) == SQLITE_OK else {
            let words = Self.words(raw)
            sqlite3_close_v2(raw)
            throw .unreachable(words)
        }
        sqlite3_busy_timeout(raw, Self.patienceMilliseconds)
        state = Mutex(State(raw: raw))
        _ = try rows("PRAGMA journal_mode = WAL", [])
        try execute("PRAGMA synchronous = NORMAL", [])
    }

    deinit { close() }

    func close() {
        state.withLock { state in
            for statement in state.statements.values { sqlite3_finalize(statement) }
            state.statements = [:]
            sqlite3_close_v2(state.raw)
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
        guard let statement = prepared(&state, query) else {
            return .failure(.refused(words(state.raw)))
        }
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { bind(value, to: statement, Int32(index + 1)) }
        var found: [[SQLValue]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: found.append(row(of: statement))
            case SQLITE_DONE: return .success(found)
            default: return .failure(.refused(words(state.raw)))
            }
        }
    }

    private static func prepared(_ state: inout State, _ query: String) -> OpaquePointer? {
        if let known = state.statements[query] { return known }
        if state.statements.count >= statementsMax {
            for statement in state.statements.values { sqlite3_finalize(statement) }
            state.statements = [:]
        }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(state.raw, query, -1, &statement, nil) == SQLITE_OK else {
            return nil
        }
        state.statements[query] = statement
        return statement
    }

    private static func bind(_ value: SQLValue, to statement: OpaquePointer, _ place: Int32) {
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .text(let text):
            // SQLITE_TRANSIENT, which is a macro: the library copies the text.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), copies)
        }
    }

    private static func row(of statement: OpaquePointer) -> [SQLValue] {
        (0..<sqlite3_column_count(statement)).map { column in
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
            case SQLITE_NULL: return .null
            default:
                guard let text = sqlite3_column_text(statement, column) else { return .null }
                let count = Int(sqlite3_column_bytes(statement, column))
                return .text(
                    String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
            }
        }
    }

    private static func words(_ raw: OpaquePointer?) -> String {
        sqlite3_errmsg(raw).map { String(cString: $0) } ?? "no reason given"
    }
}
