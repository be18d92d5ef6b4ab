// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum GovernanceKeys {
    /// 0: the ``GovernanceParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1: the number of the next proposal, and how many are open.
    static let counts: [UInt8] = [1]
    /// 2, kind: its ``KindRules``.
    public static func rules(of kind: ProposalKind) -> [UInt8] { [2, kind.rawValue] }
    /// 3, electorate: the ``CouncilSeats`` of a council.
    public static func seats(of electorate: Electorate) -> [UInt8] { [3, electorate.rawValue] }
    /// 4, account, complement of a height: the ``Power`` from that height on, the latest first.
    static func power(_ account: AccountID, _ height: BlockHeight) -> [UInt8] {
        powers(of: account) + bigEndian(~height.value)
    }
    /// 5, complement of a height: the ``TotalPower`` from that height on, the latest first.
    static func total(_ height: BlockHeight) -> [UInt8] { [5] + bigEndian(~height.value) }
    /// 6, proposal: a ``Proposal``.
    public static func proposal(_ number: UInt64) -> [UInt8] {
        [proposalPrefix] + bigEndian(number)
    }
    /// 7, time, proposal: whose stage ends then.
    static func due(_ time: Timestamp, _ number: UInt64) -> [UInt8] {
        [duePrefix] + bigEndian(time.value) + bigEndian(number)
    }
    /// 8, proposal, electorate, account: a ``Ballot``.
    public static func ballot(
        _ number: UInt64, _ electorate: Electorate, _ account: AccountID
    ) -> [UInt8] {
        [8] + bigEndian(number) + [electorate.rawValue] + account.raw.bytes
    }
    /// 9, proposal, account: how much of what others let it vote with they voted themselves.
    static func overridden(_ number: UInt64, _ account: AccountID) -> [UInt8] {
        [9] + bigEndian(number) + account.raw.bytes
    }
    /// 10, account: what it has locked here, and until when its votes keep it.
    static func lock(_ account: AccountID) -> [UInt8] { [lockPrefix] + account.raw.bytes }
    /// 11, module, name, height: a figure's earlier value.
    static func history(_ module: ModuleID, _ name: String) -> [UInt8] {
        [11, module.value] + Array(name.utf8) + [0]
    }
    /// 12: the version of the rules that holds.
    public static let version: [UInt8] = [12]
    /// 13: an ``Upgrade`` that passed and waits for its epoch.
    public static let upgrade: [UInt8] = [13]
    /// 14, account: the ``Readiness`` that a validator stated.
    static func ready(_ account: AccountID) -> [UInt8] { [14] + account.raw.bytes }
    /// 15, proposal: what an emergency changed, to be undone unless it is ratified.
    static func lapse(_ number: UInt64) -> [UInt8] { [15] + bigEndian(number) }
    /// 16, module, name: which kind of proposal alone may change a figure; 0 is none.
    static func guardian(_ module: ModuleID, _ name: String) -> [UInt8] {
        [16, module.value] + Array(name.utf8)
    }

    static let proposalPrefix: UInt8 = 6
    static let duePrefix: UInt8 = 7
    static let lockPrefix: UInt8 = 10

    static func powers(of account: AccountID) -> [UInt8] { [4] + account.raw.bytes }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The number of eight bytes at a place of a key.
    static func number(in key: [UInt8], at offset: Int) -> UInt64 {
        key[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The account that acts for everybody; nobody has a key for it.
    public static let account = AccountID(SHA256.hash(Array("atoll/governance/1".utf8)).raw)
}

/// How many proposals there were and are.
struct ProposalCounts: Hashable, Sendable, CanonicalCodable {
    var next: UInt64 = 0
    var open: UInt64 = 0

    init() {}

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(next)
        encoder.write(open)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        next = try decoder.read()
        open = try decoder.read()
    }
}

/// What a validator's node is ready for.
public struct Readiness: Hashable, Sendable, CanonicalCodable {
    /// Which version of the rules.
    public let version: UInt32
    /// The digest that the upgrade's plan names: of the programs' sources.
    public let plan: Digest

    /// States it.
    public init(version: UInt32, plan: Digest) {
        self.version = version
        self.plan = plan
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(version)
        encoder.write(plan)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        version = try decoder.read()
        plan = try decoder.read()
    }
}

/// Stake that an account locked to vote with.
public struct VoteLock: Hashable, Sendable, CanonicalCodable {
    /// How much.
    public internal(set) var amount: Amount
    /// Until when its votes keep it.
    public internal(set) var busy: Timestamp

    init(amount: Amount, busy: Timestamp) {
        self.amount = amount
        self.busy = busy
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(amount)
        encoder.write(busy)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        amount = try decoder.read()
        busy = try decoder.read()
    }
}

/// What an emergency changed, as it was before.
struct Lapse: Hashable, Sendable, CanonicalCodable {
    let changes: [FigureChange]

    func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(changes) }

    init(changes: [FigureChange]) { self.changes = changes }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        changes = try decoder.readList(limit: Draft.changesMax)
    }
}
