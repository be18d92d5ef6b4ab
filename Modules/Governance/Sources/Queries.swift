// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What may be read of governance. It needs the state alone.
public struct GovernanceQueries {
    let state: any StateReader

    /// Reads a state, finished or under way.
    public init(_ state: any StateReader) { self.state = state }

    /// The module's figures.
    public var parameters: GovernanceParameters {
        Self.decoded(state.value(.governance, GovernanceKeys.parameters)) ?? .standard
    }

    /// The rules of a kind.
    public func rules(of kind: ProposalKind) -> KindRules {
        Self.decoded(state.value(.governance, GovernanceKeys.rules(of: kind)))
            ?? .standard(kind)
    }

    /// The seats of a council.
    public func seats(of electorate: Electorate) -> CouncilSeats {
        Self.decoded(state.value(.governance, GovernanceKeys.seats(of: electorate)))
            ?? CouncilSeats([])
    }

    /// A proposal.
    public func proposal(_ number: UInt64) -> Proposal? {
        Self.decoded(state.value(.governance, GovernanceKeys.proposal(number)))
    }

    /// Proposals by number, after `after`; at most `limit`.
    public func proposals(
        after: UInt64? = nil, limit: Int = 100
    ) -> [(number: UInt64, proposal: Proposal)] {
        state.scan(
            .governance, prefix: [GovernanceKeys.proposalPrefix],
            after: after.map(GovernanceKeys.proposal), limit: limit
        ).compactMap { pair in
            Self.decoded(pair.value).map { (GovernanceKeys.number(in: pair.key, at: 1), $0) }
        }
    }

    /// What an account said of a proposal in an electorate.
    public func ballot(
        of account: AccountID, on number: UInt64, in electorate: Electorate
    ) -> Ballot? {
        Self.decoded(
            state.value(
                .governance, GovernanceKeys.ballot(number, electorate, account)))
    }

    /// What an account could vote with at the end of a block.
    public func power(of account: AccountID, at height: BlockHeight) -> Power {
        latest(GovernanceKeys.powers(of: account), height) ?? .none
    }

    /// What everybody could vote with at the end of a block.
    public func total(at height: BlockHeight) -> TotalPower { latest([5], height) ?? .none }

    /// The newest value at or before a height of those whose keys end with its complement.
    private func latest<Value: CanonicalCodable>(
        _ prefix: [UInt8], _ height: BlockHeight
    ) -> Value? {
        // The key before the wanted one: of the height after.
        let next = height.advanced(by: 1)
        let after = next == height ? nil : prefix + GovernanceKeys.bigEndian(~next.value)
        let page = state.scan(.governance, prefix: prefix, after: after, limit: 1)
        return page.first.flatMap { Self.decoded($0.value) }
    }

    /// What an account has locked here.
    public func lock(of account: AccountID) -> VoteLock? {
        Self.decoded(state.value(.governance, GovernanceKeys.lock(account)))
    }

    /// Earlier values of a figure as JSON text, by the height until which they held.
    public func history(
        of module: ModuleID, _ name: String, limit: Int = 100
    ) -> [(until: BlockHeight, value: String)] {
        let prefix = GovernanceKeys.history(module, name)
        return state.scan(.governance, prefix: prefix, after: nil, limit: limit).map { pair in
            (
                BlockHeight(GovernanceKeys.number(in: pair.key, at: prefix.count)),
                String(decoding: pair.value, as: UTF8.self)
            )
        }
    }

    /// Which kind alone may change a figure: nothing when any that changes figures may, and
    /// `never` when none.
    public func guardian(
        of module: ModuleID, _ name: String
    ) -> (kind: ProposalKind?, never: Bool) {
        let key = GovernanceKeys.guardian(module, name)
        guard let byte = state.value(.governance, key)?.first else { return (nil, false) }
        return (ProposalKind(rawValue: byte), byte == GovernanceGenesis.never)
    }

    /// The version of the rules that holds; the first is 1.
    public var version: UInt32 {
        guard let bytes = state.value(.governance, GovernanceKeys.version) else { return 1 }
        var decoder = CanonicalDecoder(bytes)
        return (try? decoder.read(UInt32.self)) ?? 1
    }

    /// An upgrade that passed and waits for its epoch.
    public var upgrade: Upgrade? {
        Self.decoded(state.value(.governance, GovernanceKeys.upgrade))
    }

    /// What a validator is ready for.
    public func ready(_ account: AccountID) -> Readiness? {
        Self.decoded(state.value(.governance, GovernanceKeys.ready(account)))
    }

    /// Whether an account voted on one of the latest proposals that are decided. Cost: at most 16
    /// proposals and the ballots of three.
    public func hasVoted(_ account: AccountID, latest count: Int = 3) -> Bool {
        var left = count
        for number in (0..<counts.next).suffix(16).reversed() where left > 0 {
            guard let proposal = proposal(number) else { continue }
            switch proposal.stage {
            case .discussion, .voting, .withdrawn: continue
            case .queued, .executed, .rejected, .vetoed, .failed: left -= 1
            }
            let isThere = Electorate.allCases.contains { house in
                ballot(of: account, on: number, in: house) != nil
            }
            if isThere { return true }
        }
        return false
    }

    var counts: ProposalCounts {
        Self.decoded(state.value(.governance, GovernanceKeys.counts)) ?? ProposalCounts()
    }

    /// A stored value; what this module wrote always reads.
    static func decoded<Value: CanonicalCodable>(_ bytes: [UInt8]?) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("stored bytes of governance do not read as \(Value.self)")
        }
        return value
    }
}
