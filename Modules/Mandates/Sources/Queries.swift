// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of mandates and machines. It needs the state alone.
public struct MandatesQueries {
    private let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// A mandate, while it has not been ended.
    public func mandate(_ id: MandateID) -> Mandate? {
        Self.decoded(state.value(.mandates, MandatesKeys.mandate(id)))
    }

    /// What was spent under a mandate.
    public func expenses(of id: MandateID) -> Expenses {
        Self.decoded(state.value(.mandates, MandatesKeys.expenses(id))) ?? Expenses()
    }

    /// The mandates of a principal by ascending id, after `after`; at most `limit`.
    public func mandates(
        of principal: AccountID, after: MandateID? = nil, limit: Int = 100
    ) -> [Mandate] {
        state.scan(
            .mandates, prefix: MandatesKeys.granted(by: principal),
            after: after.map { MandatesKeys.granted(principal, $0) }, limit: limit
        ).compactMap { pair in
            Bytes32(pair.key.suffix(Bytes32.count)).flatMap { mandate(MandateID($0)) }
        }
    }

    /// A mandate and those it is a part of, from the one in hand to the principal's own.
    ///
    /// - Throws: `unknownMandate`; `mandateEnded` when one above it is no more.
    public func chain(to id: MandateID) throws(Refusal) -> [Mandate] {
        guard var link = mandate(id) else {
            throw .mandates(.unknownMandate, "there is no mandate \(id)")
        }
        var chain = [link]
        while let parent = link.parent, chain.count < Int(Mandate.linksMax) {
            guard let above = mandate(parent) else {
                throw .mandates(.mandateEnded, "mandate \(parent), which it is a part of, ended")
            }
            link = above
            chain.append(link)
        }
        return chain
    }

    /// A machine that has an owner.
    public func machine(_ account: AccountID) -> OwnedMachine? {
        Self.decoded(state.value(.mandates, MandatesKeys.machine(account)))
    }

    /// Checks that an account may agree to a contract (MANDATES-11): one without an owner may.
    ///
    /// - Throws: `notAuthorised`, `overAuthorization`.
    public func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID, at now: Timestamp
    ) throws(Refusal) {
        guard let machine = machine(account) else { return }
        guard let authorization = machine.authorization, now < authorization.until else {
            throw .mandates(
                .notAuthorised, "the owner of \(account) allows it no contract at this time")
        }
        guard asset == authorization.asset, value <= authorization.valueMax else {
            throw .mandates(
                .overAuthorization,
                "the contract is worth \(value) of asset \(asset); the owner allows "
                    + "\(authorization.valueMax) of asset \(authorization.asset)")
        }
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of mandates do not read as \(Value.self)")
        }
        return value
    }
}
