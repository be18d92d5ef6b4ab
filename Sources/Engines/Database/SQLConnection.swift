// SPDX-License-Identifier: Apache-2.0

/// A connection to a database that understands the statements both kinds know.
///
/// Calls block; whoever calls does so on a thread for such work, one call at a time. Values are
/// never written into a statement's text: they stand in its places, marked `?`, so no text of a
/// stranger is ever read as a statement (GATEWAY-50).
public protocol SQLConnection: AnyObject, Sendable {
    /// Which kind it is, for people: `sqlite` or `postgresql`.
    var kind: String { get }

    /// The type of a column of text that is compared byte by byte.
    var textType: String { get }

    /// The rows of a query, each with its columns in order.
    ///
    /// - Throws: ``DatabaseFailure``.
    func rows(
        _ query: String, _ values: [SQLValue]
    ) throws(DatabaseFailure) -> [[SQLValue]]

    /// Ends the connection; every later call throws.
    func close()
}

extension SQLConnection {
    /// The most places of one statement: both kinds take many times as many.
    public static var placesMax: Int { 2_000 }

    /// Does a statement for its effect.
    ///
    /// - Throws: ``DatabaseFailure``.
    public func execute(_ statement: String, _ values: [SQLValue]) throws(DatabaseFailure) {
        _ = try rows(statement, values)
    }

    /// Does all of `body` or nothing of it.
    ///
    /// - Throws: ``DatabaseFailure``; nothing of it is kept then.
    public func atomically(
        _ body: () throws(DatabaseFailure) -> Void
    ) throws(DatabaseFailure) {
        try execute("BEGIN", [])
        do {
            try body()
            try execute("COMMIT", [])
        } catch {
            try? execute("ROLLBACK", [])
            throw error
        }
    }

    /// Adds rows, many with each statement; `conflict` says what becomes of one that is there.
    ///
    /// - Throws: ``DatabaseFailure``.
    public func insert(
        into table: String, _ columns: [String], _ rows: [[SQLValue]], onConflict conflict: String
    ) throws(DatabaseFailure) {
        let places = "(" + columns.map { _ in "?" }.joined(separator: ",") + ")"
        let rowsMax = max(1, Self.placesMax / columns.count)
        var start = 0
        while start < rows.count {
            let part = rows[start..<min(rows.count, start + rowsMax)]
            let list = Array(repeating: places, count: part.count).joined(separator: ",")
            try execute(
                "INSERT INTO \(table) (\(columns.joined(separator: ","))) VALUES \(list) "
                    + "ON CONFLICT \(conflict)", part.flatMap(\.self))
            start += part.count
        }
    }
}

/// Where a database is.
public enum DatabaseAddress: Hashable, Sendable {
    /// A file, made when there is none.
    case sqlite(path: String)
    /// A server, by the words of its own clients: `postgresql://…`.
    case postgresql(String)

    /// Reads `sqlite:PATH`, `postgresql://…` or `postgres://…`.
    ///
    /// - Throws: ``DatabaseFailure/malformedAddress(_:)``.
    public init(_ text: String) throws(DatabaseFailure) {
        if text.hasPrefix("sqlite:"), text.utf8.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            self = .postgresql(text)
        } else {
            throw .malformedAddress("it begins with sqlite: or postgresql://")
        }
    }

    /// Opens a connection.
    ///
    /// - Throws: ``DatabaseFailure/unreachable(_:)``.
    public func connect() throws(DatabaseFailure) -> any SQLConnection {
        switch self {
        case .sqlite(let path): try SQLiteConnection(path)
        case .postgresql(let words): try PostgresConnection(words)
        }
    }
}
