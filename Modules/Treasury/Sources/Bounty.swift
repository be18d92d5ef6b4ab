// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A promise of a pool to pay for findings by their severity (TREASURY-12).
public struct Bounty: Hashable, Sendable, CanonicalCodable {
    /// What a finding of one severity is paid.
    public struct Row: Hashable, Sendable, CanonicalCodable {
        /// What it is called: 1 to 32 bytes.
        public let severity: String
        /// At least.
        public let least: Amount
        /// At most.
        public let most: Amount

        /// Describes a row.
        public init(severity: String, least: Amount, most: Amount) {
            self.severity = severity
            self.least = least
            self.most = most
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.writeText(severity)
            encoder.write(least)
            encoder.write(most)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            severity = try decoder.readText(limit: Bounty.severityBytesMax)
            least = try decoder.read()
            most = try decoder.read()
        }
    }

    /// Which pool pays.
    public let pool: UInt64
    /// In which asset.
    public let asset: AssetID
    /// What is asked for, as a hash of its text.
    public let subject: Digest
    /// The rows, each severity once; 1 to ``rowsMax``.
    public let rows: [Row]
    /// Whether findings are still paid.
    public internal(set) var isOpen: Bool
    /// All that has been paid.
    public internal(set) var paid: Amount

    /// The most rows.
    public static let rowsMax = 16
    /// The most bytes of a severity's name.
    public static let severityBytesMax = 32

    /// Describes a bounty.
    public init(pool: UInt64, asset: AssetID, subject: Digest, rows: [Row]) {
        self.pool = pool
        self.asset = asset
        self.subject = subject
        self.rows = rows
        isOpen = true
        paid = .zero
    }

    var isValid: Bool {
        let names = rows.map(\.severity)
        return (1...Self.rowsMax).contains(rows.count) && Set(names).count == names.count
            && rows.allSatisfy { row in
                (1...Self.severityBytesMax).contains(row.severity.utf8.count)
                    && row.least <= row.most && row.most > .zero
            }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(pool)
        encoder.write(asset)
        encoder.write(subject)
        encoder.writeList(rows)
        encoder.write(isOpen)
        encoder.write(paid)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        pool = try decoder.read()
        asset = try decoder.read()
        subject = try decoder.read()
        rows = try decoder.readList(limit: Self.rowsMax)
        isOpen = try decoder.readFlag()
        paid = try decoder.read()
    }
}

/// A mark that somebody earned and cannot give away (TREASURY-13).
public struct Badge: Hashable, Sendable, CanonicalCodable {
    /// Who gave it.
    public let giver: AccountID
    /// Who has it.
    public let holder: AccountID
    /// What for: 1 to 64 bytes, such as `milestone/mainnet`.
    public let name: String
    /// What shows it, as a hash.
    public let evidence: Digest
    /// When.
    public let since: BlockHeight

    /// The most bytes of a name.
    public static let nameBytesMax = 64

    init(
        giver: AccountID, holder: AccountID, name: String, evidence: Digest, since: BlockHeight
    ) {
        self.giver = giver
        self.holder = holder
        self.name = name
        self.evidence = evidence
        self.since = since
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(giver)
        encoder.write(holder)
        encoder.writeText(name)
        encoder.write(evidence)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        giver = try decoder.read()
        holder = try decoder.read()
        name = try decoder.readText(limit: Self.nameBytesMax)
        evidence = try decoder.read()
        since = try decoder.read()
    }
}
