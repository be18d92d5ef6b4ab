// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Why a log is not believed, and which entry is to blame.
public struct LogFailure: Error, Hashable, Sendable {
    /// The entry, from 0.
    public let entry: Int
    /// What is wrong with it.
    public let reason: OperationRefusal

    /// Blames an entry.
    public init(entry: Int, reason: OperationRefusal) {
        self.entry = entry
        self.reason = reason
    }
}

/// The whole log of an identity, from which anybody can compute what it says.
public enum IdentityLog {
    /// The most entries that are replayed at once: at one a day, thirteen years.
    public static let entriesMax = 4_096

    /// Replays a log; signatures are decided together, eight at a time where the machine can.
    ///
    /// Cost: about 5 µs an entry in full eights.
    ///
    /// - Throws: ``LogFailure`` for the first entry that is wrong.
    public static func replay(
        _ entries: [SignedOperation], chain: ChainID
    ) throws(LogFailure) -> IdentityRecord {
        guard let first = entries.first else {
            throw LogFailure(entry: 0, reason: .misplacedCreate)
        }
        guard entries.count <= entriesMax else {
            throw LogFailure(entry: entriesMax, reason: .tooMany)
        }
        var claims: [SignatureClaim] = []
        var wrong: LogFailure?
        var record: IdentityRecord
        do throws(OperationRefusal) {
            record = try IdentityRecord(beginningWith: first, chain: chain)
            claims.append(first.claim(by: record.controller))
        } catch {
            throw LogFailure(entry: 0, reason: error)
        }
        for (index, entry) in entries.enumerated().dropFirst() {
            do throws(OperationRefusal) {
                claims.append(try record.take(entry))
            } catch {
                wrong = LogFailure(entry: index, reason: error)
                break
            }
        }
        // A bad signature before the entry that does not fit comes first.
        if let index = Ed25519Verifier.verify(claims).firstIndex(of: false) {
            throw LogFailure(entry: index, reason: .badSignature)
        }
        if let wrong { throw wrong }
        return record
    }
}
