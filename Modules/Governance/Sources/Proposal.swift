// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What a proposal is about; raw values are stable. Each has a row of rules.
public enum ProposalKind: UInt8, CaseIterable, Hashable, Sendable {
    /// An opinion; nothing is done.
    case text = 0
    /// Figures of modules.
    case parameter = 1
    /// Common money.
    case treasury = 2
    /// Another version of the rules.
    case upgrade = 3
    /// Who votes.
    case validators = 4
    /// Roles and councils.
    case role = 5
    /// What the constitution protects.
    case constitutional = 6
    /// What cannot wait; it lapses unless it is ratified.
    case emergency = 7
    /// Who sits on the board: elected by persons, each with the root of its lock (R8).
    case board = 8

    /// The kind of a name such as `parameter`.
    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = kind
    }
}

extension ProposalKind: CanonicalCodable {
    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let kind = try ProposalKind(rawValue: decoder.read()) else {
            throw .outOfRange("ProposalKind")
        }
        self = kind
    }
}

/// Another value of one figure.
public struct FigureChange: Hashable, Sendable, CanonicalCodable {
    /// Whose figure.
    public let module: ModuleID
    /// Its name, as in a genesis file.
    public let name: String
    /// Its value as JSON text, such as `250000` or `"12.5"`.
    public let value: String

    /// The most bytes of a name.
    public static let nameBytesMax = 64
    /// The most bytes of a value.
    public static let valueBytesMax = 256

    /// Describes a change.
    public init(module: ModuleID, name: String, value: String) {
        self.module = module
        self.name = name
        self.value = value
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.writeText(name)
        encoder.writeText(value)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        name = try decoder.readText(limit: Self.nameBytesMax)
        value = try decoder.readText(limit: Self.valueBytesMax)
    }
}

/// Another version of the rules, and from when on.
public struct Upgrade: Hashable, Sendable, CanonicalCodable {
    /// Which version; one more than the present one.
    public let version: UInt32
    /// The plan: the hash of the programs' sources, which validators name when they are ready.
    public let digest: Digest
    /// The first epoch in which it holds, when enough validators are ready by then.
    public let epoch: Epoch

    /// Describes an upgrade.
    public init(version: UInt32, digest: Digest, epoch: Epoch) {
        self.version = version
        self.digest = digest
        self.epoch = epoch
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(version)
        encoder.write(digest)
        encoder.write(epoch)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        version = try decoder.read()
        digest = try decoder.read()
        epoch = try decoder.read()
    }
}

/// What somebody wants to be law.
public struct Draft: Hashable, Sendable, CanonicalCodable {
    /// What it is about.
    public let kind: ProposalKind
    /// What it is called: 1 to 128 bytes.
    public let title: String
    /// The hash of its text.
    public let text: Digest
    /// Other values of figures, in order; at most ``changesMax``.
    public let changes: [FigureChange]
    /// What the governance's account does, in order; at most ``messagesMax``.
    public let messages: [Message]
    /// Another version of the rules.
    public let upgrade: Upgrade?
    /// The emergency that it makes lasting.
    public let ratifies: UInt64?

    /// The most bytes of a title.
    public static let titleBytesMax = 128
    /// The most changes.
    public static let changesMax = 16
    /// The most messages.
    public static let messagesMax = 8

    /// Describes a draft.
    public init(
        kind: ProposalKind, title: String, text: Digest = .zero, changes: [FigureChange] = [],
        messages: [Message] = [], upgrade: Upgrade? = nil, ratifies: UInt64? = nil
    ) {
        self.kind = kind
        self.title = title
        self.text = text
        self.changes = changes
        self.messages = messages
        self.upgrade = upgrade
        self.ratifies = ratifies
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(kind)
        encoder.writeText(title)
        encoder.write(text)
        encoder.writeList(changes)
        encoder.writeList(messages)
        encoder.writeOptional(upgrade)
        encoder.write(ratifies != nil)
        if let ratifies { encoder.write(ratifies) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        kind = try decoder.read()
        title = try decoder.readText(limit: Self.titleBytesMax)
        text = try decoder.read()
        changes = try decoder.readList(limit: Self.changesMax)
        messages = try decoder.readList(limit: Self.messagesMax)
        upgrade = try decoder.readOptional()
        ratifies = try decoder.readFlag() ? decoder.read() : nil
    }
}

/// Where a proposal stands; raw values are stable.
public enum ProposalStage: UInt8, CaseIterable, Sendable {
    /// People talk about it; nobody votes.
    case discussion = 0
    /// People vote.
    case voting = 1
    /// It passed and waits for its time lock.
    case queued = 2
    /// It was done.
    case executed = 3
    /// It did not pass.
    case rejected = 4
    /// It was vetoed; its deposit is gone.
    case vetoed = 5
    /// It passed and could not be done.
    case failed = 6
    /// Its proposer took it back.
    case withdrawn = 7
}

extension ProposalStage: CanonicalCodable {
    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let stage = try ProposalStage(rawValue: decoder.read()) else {
            throw .outOfRange("ProposalStage")
        }
        self = stage
    }
}

/// What an electorate says of a proposal.
public struct Tally: Hashable, Sendable, CanonicalCodable {
    /// For it.
    public internal(set) var yes: UInt128 = 0
    /// Against it.
    public internal(set) var no: UInt128 = 0
    /// Neither.
    public internal(set) var abstain: UInt128 = 0
    /// Against it, and that it was asked at all.
    public internal(set) var veto: UInt128 = 0
    /// All that could vote when voting began.
    public internal(set) var total: UInt128 = 0

    init() {}

    /// All that voted.
    public var cast: UInt128 { yes + no + abstain + veto }

    subscript(choice: Choice) -> UInt128 {
        get {
            switch choice {
            case .yes: yes
            case .no: no
            case .abstain: abstain
            case .veto: veto
            }
        }
        set {
            switch choice {
            case .yes: yes = newValue
            case .no: no = newValue
            case .abstain: abstain = newValue
            case .veto: veto = newValue
            }
        }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for count in [yes, no, abstain, veto, total] { encoder.write(count) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        yes = try decoder.read()
        no = try decoder.read()
        abstain = try decoder.read()
        veto = try decoder.read()
        total = try decoder.read()
    }
}

/// What a voter says; raw values are stable.
public enum Choice: UInt8, CaseIterable, Hashable, Sendable, CanonicalCodable {
    /// For it.
    case yes = 0
    /// Against it.
    case no = 1
    /// Neither; it counts as having voted.
    case abstain = 2
    /// Against it, and that it was asked at all.
    case veto = 3

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        guard let choice = try Choice(rawValue: decoder.read()) else { throw .outOfRange("Choice") }
        self = choice
    }
}

/// A draft that was submitted.
public struct Proposal: Hashable, Sendable {
    /// What it wants.
    public let draft: Draft
    /// Who submitted it.
    public let proposer: AccountID
    /// What was paid in for it.
    public internal(set) var deposit: Amount
    /// Where it stands.
    public internal(set) var stage: ProposalStage
    /// When the stage began.
    public internal(set) var since: Timestamp
    /// At the end of which block voters had what counts; 0 before voting.
    public internal(set) var snapshot: BlockHeight
    /// When the stage ends.
    public internal(set) var ends: Timestamp
    /// Whether a late quorum has made voting longer.
    public internal(set) var isExtended: Bool
    /// What each of its electorates says, in the order of its row.
    public internal(set) var tallies: [Tally]

    init(
        _ draft: Draft, by proposer: AccountID, deposit: Amount, from now: Timestamp,
        to end: Timestamp
    ) {
        self.draft = draft
        self.proposer = proposer
        self.deposit = deposit
        stage = .discussion
        since = now
        snapshot = BlockHeight(0)
        ends = end
        isExtended = false
        tallies = []
    }
}

extension Proposal: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(draft)
        encoder.write(proposer)
        encoder.write(deposit)
        encoder.write(stage)
        encoder.write(since)
        encoder.write(snapshot)
        encoder.write(ends)
        encoder.write(isExtended)
        encoder.writeList(tallies)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        draft = try decoder.read()
        proposer = try decoder.read()
        deposit = try decoder.read()
        stage = try decoder.read()
        since = try decoder.read()
        snapshot = try decoder.read()
        ends = try decoder.read()
        isExtended = try decoder.readFlag()
        tallies = try decoder.readList(limit: KindRules.housesMax)
    }
}
