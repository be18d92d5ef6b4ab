// SPDX-License-Identifier: Apache-2.0
import Database
import JSONText
import Vocabulary

/// The tables of an index, and the only place where its statements are written: both kinds of
/// databases get the same ones (GATEWAY-50).
struct IndexStore: Sendable {
    let connection: any SQLConnection

    /// Grows when the tables change: an index of another version is built anew.
    static let version: Int64 = 1
    /// The rows of one page.
    static let pageMax = 100

    private static let tables = ["records", "links", "words", "place"]

    /// Makes the tables where they are missing, and empties an index of another version or chain.
    func prepare(chain: ChainID) throws(DatabaseFailure) {
        let text = connection.textType
        let statements = [
            """
            CREATE TABLE IF NOT EXISTS records (kind \(text) NOT NULL, id \(text) NOT NULL, \
            position BIGINT NOT NULL, account \(text), state \(text), data TEXT NOT NULL, \
            PRIMARY KEY (kind, id))
            """,
            "CREATE INDEX IF NOT EXISTS records_position ON records (kind, position)",
            "CREATE INDEX IF NOT EXISTS records_account ON records (kind, account, position)",
            "CREATE INDEX IF NOT EXISTS records_state ON records (kind, state, position)",
            """
            CREATE TABLE IF NOT EXISTS links (account \(text) NOT NULL, kind \(text) NOT NULL, \
            position BIGINT NOT NULL, id \(text) NOT NULL, \
            PRIMARY KEY (account, kind, position, id))
            """,
            """
            CREATE TABLE IF NOT EXISTS words (word \(text) NOT NULL, kind \(text) NOT NULL, \
            id \(text) NOT NULL, PRIMARY KEY (word, kind, id))
            """,
            """
            CREATE TABLE IF NOT EXISTS place (one BIGINT PRIMARY KEY, version BIGINT NOT NULL, \
            chain \(text) NOT NULL, height BIGINT NOT NULL)
            """,
        ]
        for statement in statements { try connection.execute(statement, []) }
        let found = try connection.rows("SELECT version, chain FROM place WHERE one = 1", [])
        let isSame =
            found.first?.first?.integer == Self.version
            && found.first?.last?.text == "\(chain)"
        if !isSame { try clear(chain: chain) }
    }

    /// Empties the index: it is built anew from the first block that the node still has.
    func clear(chain: ChainID) throws(DatabaseFailure) {
        try connection.atomically { () throws(DatabaseFailure) in
            for table in Self.tables { try connection.execute("DELETE FROM \(table)", []) }
            try connection.execute(
                "INSERT INTO place (one, version, chain, height) VALUES (1, ?, ?, 0)",
                [.integer(Self.version), .text("\(chain)")])
        }
    }

    /// The height up to which blocks are held.
    func height() throws(DatabaseFailure) -> BlockHeight {
        let rows = try connection.rows("SELECT height FROM place WHERE one = 1", [])
        return BlockHeight(UInt64(clamping: rows.first?.first?.integer ?? 0))
    }

    /// How many things of each kind are held.
    func counts() throws(DatabaseFailure) -> [(kind: String, count: Int64)] {
        try connection.rows("SELECT kind, COUNT(*) FROM records GROUP BY kind ORDER BY kind", [])
            .map { ($0[0].text ?? "", $0[1].integer ?? 0) }
    }

    /// Adds things up to a height, all or none; a thing that is held is replaced.
    ///
    /// - Returns: How many rows were written.
    @discardableResult
    func write(_ records: [IndexRecord], upTo height: BlockHeight) throws(DatabaseFailure) -> Int {
        var newest: [String: IndexRecord] = [:]
        for record in records { newest["\(record.kind.rawValue)/\(record.id)"] = record }
        // One statement must not touch a row twice, and the order of rows must not vary.
        let unique = newest.sorted { $0.key < $1.key }.map(\.value)
        let rows = unique.map(Self.row)
        let links = unique.flatMap(Self.links)
        let words = unique.flatMap(Self.words)
        try connection.atomically { () throws(DatabaseFailure) in
            try connection.insert(
                into: "records", ["kind", "id", "position", "account", "state", "data"], rows,
                onConflict: "(kind, id) DO UPDATE SET position = excluded.position, "
                    + "account = excluded.account, state = excluded.state, data = excluded.data")
            try connection.insert(
                into: "links", ["account", "kind", "position", "id"], links,
                onConflict: "DO NOTHING")
            try connection.insert(
                into: "words", ["word", "kind", "id"], words, onConflict: "DO NOTHING")
            try connection.execute(
                "UPDATE place SET height = ? WHERE one = 1",
                [.integer(Int64(clamping: height.value))])
        }
        return rows.count + links.count + words.count
    }

    private static func row(_ record: IndexRecord) -> [SQLValue] {
        [
            .text(record.kind.rawValue), .text(record.id), .integer(record.order),
            record.account.map { .text($0) } ?? .null, record.state.map { .text($0) } ?? .null,
            .text(record.data.compact),
        ]
    }

    private static func links(_ record: IndexRecord) -> [[SQLValue]] {
        Set(record.others + (record.account.map { [$0] } ?? [])).sorted().map { account in
            [
                .text(account), .text(record.kind.rawValue), .integer(record.order),
                .text(record.id),
            ]
        }
    }

    private static func words(_ record: IndexRecord) -> [[SQLValue]] {
        Set(record.words).sorted().map { word in
            [.text(word), .text(record.kind.rawValue), .text(record.id)]
        }
    }
}

// MARK: - Questions

extension IndexStore {
    /// What is asked of a kind of things.
    struct Question: Sendable {
        var kind: IndexRecord.Kind
        var account: String?
        var state: String?
        /// Only things before this one, the newest first.
        var before: (order: Int64, id: String) = (.max, "")
        var limit = 20
    }

    /// One thing as it is held.
    struct Found: Sendable {
        let kind: String
        let id: String
        let order: Int64
        let data: String
    }

    /// Things of a kind, the newest first.
    func list(_ question: Question) throws(DatabaseFailure) -> [Found] {
        var query = "SELECT r.kind, r.id, r.position, r.data FROM records r"
        var values: [SQLValue] = []
        var side = "r"
        if let account = question.account {
            query += " JOIN links l ON l.kind = r.kind AND l.id = r.id WHERE l.account = ? AND"
            values = [.text(account)]
            side = "l"
        } else {
            query += " WHERE"
        }
        query += " \(side).kind = ? AND (\(side).position, \(side).id) < (?, ?)"
        values += [
            .text(question.kind.rawValue), .integer(question.before.order),
            .text(question.before.id),
        ]
        if let state = question.state {
            query += " AND r.state = ?"
            values.append(.text(state))
        }
        query += " ORDER BY \(side).position DESC, \(side).id DESC LIMIT ?"
        values.append(.integer(Int64(min(question.limit, Self.pageMax))))
        return try connection.rows(query, values).compactMap(Self.found)
    }

    /// Things that have, for each word, one that begins with it; the newest first.
    func search(_ words: [String], limit: Int) throws(DatabaseFailure) -> [Found] {
        guard let first = words.first else { return [] }
        var query =
            "SELECT DISTINCT r.kind, r.id, r.position, r.data FROM words w JOIN records r "
            + "ON r.kind = w.kind AND r.id = w.id WHERE w.word >= ? AND w.word < ?"
        var values: [SQLValue] = [.text(first), .text(IndexWords.end(of: first))]
        for word in words.dropFirst() {
            query +=
                " AND EXISTS (SELECT 1 FROM words o WHERE o.kind = w.kind AND o.id = w.id "
                + "AND o.word >= ? AND o.word < ?)"
            values += [.text(word), .text(IndexWords.end(of: word))]
        }
        query += " ORDER BY r.position DESC LIMIT ?"
        values.append(.integer(Int64(min(limit, Self.pageMax))))
        return try connection.rows(query, values).compactMap(Self.found)
    }

    private static func found(_ row: [SQLValue]) -> Found? {
        guard row.count == 4, let kind = row[0].text, let id = row[1].text,
            let order = row[2].integer, let data = row[3].text
        else { return nil }
        return Found(kind: kind, id: id, order: order, data: data)
    }
}
