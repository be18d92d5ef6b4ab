// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Where a validator stands with the proposal of a slot.
enum Review {
    case notAsked, asked, accepted, refused
}

/// What is known of one slot: one vote of each kind per validator, one certificate of each kind.
struct SlotState {
    /// The first proposal that its leader signed, for evidence.
    var firstHeader: SignedHeader?
    /// Stored proposals: the one to vote on and, when another was notarized, that one.
    var proposals: [Digest] = []
    /// The votes of everybody, for certificates and evidence.
    var tally = VoteTally()
    /// Proof that a block may be built upon; a final certificate serves as one.
    var notarization: Certificate?
    /// Proof that the slot may pass.
    var skip: Certificate?
    /// Proof that a block is final.
    var finalization: Certificate?
    /// This machine's own votes.
    var own = OwnVotes()
    /// The proposal this machine made.
    var ownProposal: Digest?
    /// The parent for which this machine's host was asked for a payload.
    var askedParent: Digest?
    /// What is known about the validity of the first proposal.
    var review: Review = .notAsked
    /// A block that a notarized child shows to be notarized, though its certificate is not here.
    var impliedBlock: Digest?
    /// Whether a timer runs for the block.
    var isFetching = false
    /// Whether evidence against the leader has been given.
    var isLeaderAccused = false

    /// Whether the slot after this one may begin (CONSENSUS-8).
    var isCleared: Bool { notarization != nil || skip != nil }

    /// The block that this slot must hold.
    var neededBlock: Digest? { notarization?.statement.block ?? impliedBlock }

    /// The certificate of this statement's kind, whatever its block.
    func certificate(of kind: StatementKind) -> Certificate? {
        switch kind {
        case .notar: notarization
        case .skip: skip
        case .final: finalization
        }
    }
}

/// What this validator signed in one slot.
struct OwnVotes {
    private var votes: [Vote] = []

    /// In the order of signing.
    var all: [Vote] { votes }

    /// The vote of one kind.
    func vote(_ kind: StatementKind) -> Vote? { votes.first { $0.statement.kind == kind } }

    /// Whether a vote for `statement` keeps CONSENSUS-6 and CONSENSUS-7 and is not yet there.
    func allows(_ statement: Statement) -> Bool {
        votes.allSatisfy { $0.statement != statement && !$0.statement.contradicts(statement) }
    }

    /// Remembers a vote that ``allows(_:)`` permits.
    mutating func insert(_ vote: Vote) {
        guard allows(vote.statement) else { return }
        votes.append(vote)
    }
}

/// The votes of one slot: at most one of each kind per validator.
struct VoteTally {
    private var votes: [[Vote?]] = []
    /// Validators against whom evidence has been given.
    private var accused: [UInt16] = []

    /// What became of a vote.
    enum Outcome {
        case added, known
        case contradicts(Vote)
    }

    /// What adding `vote` would do; nothing is changed and no signature is checked.
    func outcome(of vote: Vote) -> Outcome {
        for kind in StatementKind.allCases {
            guard let earlier = self.vote(kind, of: vote.validator) else { continue }
            if earlier.statement == vote.statement { return .known }
            guard earlier.statement.contradicts(vote.statement) else { continue }
            return accused.contains(vote.validator) ? .known : .contradicts(earlier)
        }
        return .added
    }

    /// Whether exactly this vote is held, so that its signature needs no second check.
    func holds(_ vote: Vote) -> Bool {
        self.vote(vote.statement.kind, of: vote.validator) == vote
    }

    /// Keeps a vote whose signature was checked and whose outcome is `added`.
    mutating func add(_ vote: Vote, validators: Int) {
        if votes.isEmpty {
            let empty = [Vote?](repeating: nil, count: validators)
            votes = [[Vote?]](repeating: empty, count: StatementKind.allCases.count)
        }
        votes[Int(vote.statement.kind.rawValue)][Int(vote.validator)] = vote
    }

    /// Remembers that evidence against a validator has been given.
    mutating func accuse(_ validator: UInt16) { accused.append(validator) }

    /// The votes for one statement, in the order of the validators.
    func votes(for statement: Statement) -> [Vote] {
        guard !votes.isEmpty else { return [] }
        return votes[Int(statement.kind.rawValue)].compactMap { vote in
            vote.flatMap { $0.statement == statement ? $0 : nil }
        }
    }

    private func vote(_ kind: StatementKind, of validator: UInt16) -> Vote? {
        votes.isEmpty ? nil : votes[Int(kind.rawValue)][Int(validator)]
    }
}
