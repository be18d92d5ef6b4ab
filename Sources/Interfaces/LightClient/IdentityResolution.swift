// SPDX-License-Identifier: Apache-2.0
import Identities
public import Identity
import Ledger
public import Names
public import Vocabulary

/// Why a DID or a name gives no document (IDENTITY-26).
public enum ResolutionRefusal: Error, Equatable, Sendable {
    /// The DID is not one that a ledger, or its own name, resolves.
    case unknown(ResolutionFailure)
    /// The proof does not hold, or is about something else.
    case unproven(LightFailure)
    /// It is proven that no log of the identity had begun.
    case notBegun(AccountID)
    /// It is proven that the name stood for nobody.
    case nameless(String)
    /// The proof is older than the reader allows, or from the future.
    case stale(Timestamp)
}

/// A document with what vouches for it.
public struct ResolvedIdentity: Hashable, Sendable {
    /// The document at the moment of the reader.
    public let document: DIDDocument
    /// What the identity's log says; nothing for a DID that says all itself.
    public let record: IdentityRecord?
    /// The certified header whose state was read; nothing for a DID that says all itself.
    public let header: CertifiedHeader?
}

extension LightVerifier {
    /// How far ahead of a reader's clock a header may be: ten seconds.
    public static let aheadMillisecondsMax: UInt64 = 10_000

    /// Resolves a DID from a proof file, without a trusted resolver: `did:key` by its name alone,
    /// `did:atoll` and its aliases by the record that the file proves (IDENTITY-26).
    ///
    /// - Parameters:
    ///   - file: What a node gave, or a file that was kept.
    ///   - now: The reader's time.
    ///   - millisecondsMax: How old the proven state may be.
    /// - Throws: ``ResolutionRefusal``.
    public func resolve(
        _ did: DID, in file: ProofFile, at now: Timestamp, millisecondsMax: UInt64
    ) throws(ResolutionRefusal) -> ResolvedIdentity {
        if did.method == KeyMethod.name {
            do {
                return ResolvedIdentity(
                    document: try KeyMethod.resolve(did), record: nil, header: nil)
            } catch {
                throw .unknown(error)
            }
        }
        let account: AccountID
        do {
            account = try AtollMethod.account(of: did)
        } catch {
            throw .unknown(error)
        }
        return try resolve(account, in: file, at: now, millisecondsMax: millisecondsMax)
    }

    /// Resolves an identity from a proof file.
    ///
    /// - Throws: ``ResolutionRefusal``.
    public func resolve(
        _ account: AccountID, in file: ProofFile, at now: Timestamp, millisecondsMax: UInt64
    ) throws(ResolutionRefusal) -> ResolvedIdentity {
        let (statement, header) = try statement(
            .identities, IdentitiesKeys.identity(account), in: file, now, millisecondsMax)
        guard case .identity(_, let record?) = statement else { throw .notBegun(account) }
        return ResolvedIdentity(
            document: record.document(at: Moment(seconds: Int64(clamping: now.value / 1_000))),
            record: record, header: header)
    }

    /// Whom a name stands for, from a proof file (LIGHT-19).
    ///
    /// - Throws: ``ResolutionRefusal``.
    public func resolve(
        name: PlainName, in file: ProofFile, at now: Timestamp, millisecondsMax: UInt64
    ) throws(ResolutionRefusal) -> (target: AccountID, header: CertifiedHeader) {
        let (statement, header) = try statement(
            .names, NamesKeys.name(name), in: file, now, millisecondsMax)
        guard case .name(_, let record?) = statement, header.header.timestamp < record.expires,
            now < record.expires
        else { throw .nameless(name.text) }
        return (record.target, header)
    }

    private func statement(
        _ module: ModuleID, _ key: [UInt8], in file: ProofFile, _ now: Timestamp, _ oldest: UInt64
    ) throws(ResolutionRefusal) -> (StateStatement, CertifiedHeader) {
        let statement: StateStatement
        let header: CertifiedHeader
        do {
            // Of several proofs of one key the newest counts.
            let proven = try verify(file).filter { $0.module == module && $0.key == key }
            guard let entry = proven.max(by: { $0.header.stateHeight < $1.header.stateHeight })
            else { throw LightFailure.notInFile(module, key: key) }
            statement = try entry.statement()
            header = entry.header
        } catch let failure as LightFailure {
            throw .unproven(failure)
        } catch {
            preconditionFailure("checks of proofs throw failures of the light client alone")
        }
        let time = header.header.timestamp
        guard time <= now.advanced(by: Self.aheadMillisecondsMax),
            now <= time.advanced(by: oldest)
        else { throw .stale(time) }
        return (statement, header)
    }
}
