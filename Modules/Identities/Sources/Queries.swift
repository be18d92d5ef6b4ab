// SPDX-License-Identifier: Apache-2.0
public import Identity
public import Ledger
public import Vocabulary

/// What may be read of identities and issuers. It needs the state alone.
public struct IdentitiesQueries {
    let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// An identity's record, or nothing when its log has not begun.
    ///
    /// - Parameter chain: The chain whose state this is.
    public func identity(_ account: AccountID, chain: ChainID) -> IdentityRecord? {
        guard let bytes = state.value(.identities, IdentitiesKeys.identity(account)) else {
            return nil
        }
        guard let record = try? IdentityRecord(stored: bytes, of: account, chain: chain) else {
            preconditionFailure("stored bytes of an identity do not read")
        }
        return record
    }

    /// Accounts with a record, ascending, after `after`; at most `limit`.
    public func identities(after: AccountID? = nil, limit: Int = 100) -> [AccountID] {
        state.scan(
            .identities, prefix: [IdentitiesKeys.identityPrefix],
            after: after.map(IdentitiesKeys.identity), limit: limit
        ).compactMap { Bytes32($0.key.dropFirst()).map(AccountID.init) }
    }

    /// Whether an account speaks for an identity (IDENTITIES-6): that of its controlling key, or
    /// its own while there is no log. Nobody speaks for an identity whose log has ended.
    public func speaks(_ sender: AccountID, for identity: AccountID, chain: ChainID) -> Bool {
        guard let record = self.identity(identity, chain: chain) else { return sender == identity }
        return !record.isDeactivated && AccountID(of: record.controller) == sender
    }

    /// An issuer, or nothing when the identity never was one.
    public func issuer(_ account: AccountID) -> Issuer? {
        Self.decoded(state.value(.identities, IdentitiesKeys.issuer(account)))
    }

    /// Issuers by ascending account, after `after`; at most `limit`.
    public func issuers(after: AccountID? = nil, limit: Int = 100) -> [Issuer] {
        state.scan(
            .identities, prefix: [IdentitiesKeys.issuerPrefix],
            after: after.map(IdentitiesKeys.issuer), limit: limit
        ).compactMap { Self.decoded($0.value) }
    }

    /// What is anchored of an issuer's list.
    public func anchor(of issuer: AccountID, list: String) -> StatusAnchor? {
        Self.decoded(state.value(.identities, IdentitiesKeys.anchor(issuer, list: list)))
    }

    /// All that is anchored by an issuer: at most ``Issuer/anchorsMax``.
    public func anchors(of issuer: AccountID) -> [StatusAnchor] {
        state.scan(
            .identities, prefix: IdentitiesKeys.anchors(of: issuer), after: nil,
            limit: Int(Issuer.anchorsMax)
        ).compactMap { Self.decoded($0.value) }
    }

    /// The module's figures.
    public var parameters: IdentitiesParameters {
        Self.decoded(state.value(.identities, IdentitiesKeys.parameters)) ?? .standard
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of identities do not read as \(Value.self)")
        }
        return value
    }
}
