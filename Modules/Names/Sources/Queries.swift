// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of names. It needs the state alone.
public struct NamesQueries {
    private let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// A name that somebody holds, or held and has not lost to another.
    public func record(_ name: PlainName) -> NameRecord? {
        Self.decoded(state.value(.names, NamesKeys.name(name)))
    }

    /// Whom a name stands for at a moment (NAMES-9).
    public func resolve(_ name: PlainName, at now: Timestamp) -> AccountID? {
        record(name).flatMap { now < $0.expires ? $0.target : nil }
    }

    /// The open auction of a name.
    public func auction(_ name: PlainName) -> NameAuction? {
        Self.decoded(state.value(.names, NamesKeys.auction(name)))
    }

    /// Names with a record by their letters, after `after`; at most `limit`.
    public func names(
        after: PlainName? = nil, limit: Int = 100
    ) -> [(name: PlainName, record: NameRecord)] {
        state.scan(
            .names, prefix: [NamesKeys.namePrefix], after: after.map(NamesKeys.name), limit: limit
        ).compactMap { pair in
            guard let name = PlainName(String(decoding: pair.key.dropFirst(), as: UTF8.self)),
                let record: NameRecord = Self.decoded(pair.value)
            else { return nil }
            return (name, record)
        }
    }

    /// The names of an owner, those that have expired among them; at most `limit`.
    public func names(
        of owner: AccountID, after: PlainName? = nil, limit: Int = 100
    ) -> [PlainName] {
        let prefix = NamesKeys.owned(by: owner)
        return state.scan(
            .names, prefix: prefix, after: after.map { NamesKeys.owned(owner, $0) }, limit: limit
        ).compactMap { PlainName(String(decoding: $0.key.dropFirst(prefix.count), as: UTF8.self)) }
    }

    /// The module's figures.
    public var parameters: NamesParameters {
        Self.decoded(state.value(.names, NamesKeys.parameters)) ?? .standard
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of names do not read as \(Value.self)")
        }
        return value
    }
}
