// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a bundle gives no document.
public enum BundleFailure: Error, Equatable, Sendable {
    /// The bytes are not a bundle.
    case malformed(CanonicalError)
    /// Of another chain.
    case wrongChain
    /// One of the logs is not believed.
    case badLog(AccountID, LogFailure)
    /// The logs are not in the order of their subjects, or one stands twice.
    case outOfOrder
    /// Older than the reader allows, or from the future.
    case stale
}

/// Logs of identities as they stood at one moment, for machines that are offline (IDENTITY-21).
///
/// The logs prove themselves; that none of them is longer by now only the ledger can say. So a
/// bundle states its moment, and a reader says how old it may be.
public struct IdentityBundle: CanonicalCodable, Hashable {
    /// The most logs: a fleet with all who deal with it.
    public static let logsMax = 4_096

    /// The chain of the logs.
    public let chain: ChainID
    /// When they were read from the ledger.
    public let made: Moment
    /// The logs, by ascending subject.
    public let logs: [Log]

    /// One identity's log.
    public struct Log: CanonicalCodable, Hashable {
        /// Whose it is.
        public let subject: AccountID
        /// Its entries.
        public let entries: [SignedOperation]

        /// Names a log.
        public init(subject: AccountID, entries: [SignedOperation]) {
            self.subject = subject
            self.entries = entries
        }

        /// Subject, entries.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(subject)
            encoder.writeList(entries)
        }

        /// Reads subject and entries.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            subject = try decoder.read()
            entries = try decoder.readList(limit: IdentityLog.entriesMax)
        }
    }

    /// Puts logs together, and in order.
    public init(chain: ChainID, made: Moment, logs: [Log]) {
        self.chain = chain
        self.made = made
        self.logs = logs.sorted { $0.subject < $1.subject }
    }

    /// Chain, moment, logs.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(made.seconds)
        encoder.writeList(logs)
    }

    /// Reads chain, moment and logs.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        made = Moment(seconds: try decoder.read())
        logs = try decoder.readList(limit: Self.logsMax)
    }
}

extension IdentityBundle {
    /// What all the logs say.
    ///
    /// Cost: about 5 µs an entry.
    ///
    /// - Parameters:
    ///   - chain: The reader's own.
    ///   - secondsMax: How old the bundle may be.
    ///
    /// - Throws: ``BundleFailure``; one bad log refuses the whole.
    public func records(
        of chain: ChainID, at now: Moment, secondsMax: Int64
    ) throws(BundleFailure) -> [IdentityRecord] {
        guard self.chain == chain else { throw .wrongChain }
        let age = now.seconds.subtractingReportingOverflow(made.seconds)
        guard !age.overflow, (0...max(0, secondsMax)).contains(age.partialValue) else {
            throw .stale
        }
        var records: [IdentityRecord] = []
        for log in logs {
            if let last = records.last, last.subject >= log.subject { throw .outOfOrder }
            let record: IdentityRecord
            do {
                record = try IdentityLog.replay(log.entries, chain: chain)
            } catch {
                throw .badLog(log.subject, error)
            }
            guard record.subject == log.subject else {
                throw .badLog(log.subject, LogFailure(entry: 0, reason: .wrongSubject))
            }
            records.append(record)
        }
        return records
    }

    /// Reads a bundle.
    ///
    /// - Throws: ``BundleFailure/malformed(_:)``.
    public static func read(_ bytes: [UInt8]) throws(BundleFailure) -> IdentityBundle {
        do {
            return try IdentityBundle(canonicalBytes: bytes)
        } catch {
            throw .malformed(error)
        }
    }
}
