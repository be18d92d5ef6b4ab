// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// A room of on-chain law: it owns the state under its id and decides its messages.
///
/// Modules never import each other. What one needs of another it declares as a narrow protocol in
/// its `Needs.swift`; the node wires an adapter. Everything here is deterministic: no clock, no
/// chance, no floating point, no hash order (specs/ledger.md LEDGER-1).
public protocol LedgerModule: Sendable {
    /// The module's number: the first byte of its state keys, the tag of its messages.
    var id: ModuleID { get }
    /// The name people use, in lower case.
    var name: String { get }

    /// Decides one message of a transaction.
    ///
    /// - Throws: A ``Refusal``; the caller then undoes every change of the transaction.
    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Reads a native message: one that only moves amounts from its sender to others
    /// (EXECUTION-2).
    ///
    /// Called by several threads at once; it must say the same of the same bytes always.
    ///
    /// - Parameter effects: Where its movements are added, in the order they shall happen.
    /// - Returns: False when the message is another one, or does not read.
    func readNative(_ payload: [UInt8], into effects: inout NativeEffects) -> Bool

    /// Who or what a message touches besides its sender, of its bytes alone: receivers, a program,
    /// a job. A mandate that names resources covers only messages whose resources it names
    /// (MANDATES-5).
    ///
    /// - Returns: Nothing when the module does not say, or the payload does not read.
    func resources(of payload: [UInt8]) -> [Bytes32]?

    /// Whom one of this module's events concerns besides its subject, so that they find it.
    func parties(to event: Event) -> [Bytes32]

    /// Does what falls due at the end of a block, such as expiries; must be bounded.
    func endBlock(in context: ExecutionContext)

    /// Writes the first state from this module's part of the genesis file.
    func initialise(from genesis: JSON, in context: ExecutionContext) throws(GenesisFailure)

    /// Takes the validators that the genesis names, after every module has its first state.
    ///
    /// - Throws: ``GenesisFailure`` with a place in the whole file.
    func found(
        _ validators: [GenesisValidator], in context: ExecutionContext) throws(GenesisFailure)

    /// Checks what one block must keep, from its changes alone, and returns each breach in words.
    ///
    /// Runs at the end of every block; its cost must not grow with the state.
    func breaches(after block: ExecutionContext) -> [String]

    /// Checks what must hold of the whole state and returns each breach in words.
    ///
    /// Runs in tests, in simulations and on request; it may read everything.
    func breaches(in state: any StateReader) -> [String]
}

extension LedgerModule {
    /// No message is native.
    public func readNative(_ payload: [UInt8], into effects: inout NativeEffects) -> Bool { false }
    /// It does not say.
    public func resources(of payload: [UInt8]) -> [Bytes32]? { nil }
    /// Nobody else.
    public func parties(to event: Event) -> [Bytes32] { [] }
    /// They are no matter of this module.
    public func found(
        _ validators: [GenesisValidator], in context: ExecutionContext
    ) throws(GenesisFailure) {}
    /// Nothing falls due.
    public func endBlock(in context: ExecutionContext) {}
    /// Nothing to check.
    public func breaches(after block: ExecutionContext) -> [String] { [] }
    /// Nothing to check.
    public func breaches(in state: any StateReader) -> [String] { [] }
}

/// A module's number.
public struct ModuleID: Hashable, Comparable, Sendable, CanonicalCodable {
    /// The number.
    public let value: UInt8
    /// Numbers a module.
    public init(_ value: UInt8) { self.value = value }

    /// The ledger's own parameters.
    public static let ledger = ModuleID(0)
    /// Accounts, assets and fees.
    public static let accounts = ModuleID(1)
    /// Providers.
    public static let registry = ModuleID(2)
    /// Orders, bids, leases, results.
    public static let market = ModuleID(3)
    /// Evidence about providers.
    public static let reputation = ModuleID(4)
    /// Validators and their stakes.
    public static let validators = ModuleID(5)
    /// Bonds, delegations and their rewards.
    public static let staking = ModuleID(6)
    /// Pools, vesting, airdrops, auctions, grants.
    public static let treasury = ModuleID(7)
    /// Proposals, votes, parameters.
    public static let governance = ModuleID(8)
    /// Swaps of assets.
    public static let exchange = ModuleID(9)
    /// Long-running work: reservations, leases, usage, standbys.
    public static let leases = ModuleID(10)
    /// How fees and payments are divided.
    public static let revenue = ModuleID(15)
    /// Identities, issuers, status anchors.
    public static let identities = ModuleID(16)
    /// Names that people read.
    public static let names = ModuleID(17)
    /// Who may act for whom, and within which limits.
    public static let mandates = ModuleID(18)

    /// Compares numbers.
    public static func < (left: ModuleID, right: ModuleID) -> Bool { left.value < right.value }
    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(value) }
    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        value = try decoder.read()
    }
}

/// Why a module or the ledger says no. Codes are stable; words may improve.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who refuses; nil is the ledger itself.
    public let module: ModuleID?
    /// Stable within the module.
    public let code: UInt16
    /// Stable short name in lower camel case, such as `insufficientBalance`.
    public let name: String
    /// What happened and what to do about it, for people.
    public let detail: String

    /// Describes a refusal.
    public init(module: ModuleID?, code: UInt16, name: String, detail: String) {
        self.module = module
        self.code = code
        self.name = name
        self.detail = detail
    }

    /// The name and the detail.
    public var description: String { "\(name): \(detail)" }
}

/// Why a genesis file cannot start a chain.
public struct GenesisFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where in the file, as a JSON pointer (RFC 6901).
    public let pointer: String
    /// What is wrong there.
    public let reason: String

    /// Describes a failure.
    public init(pointer: String, reason: String) {
        self.pointer = pointer
        self.reason = reason
    }

    /// The place and the reason.
    public var description: String { "genesis\(pointer): \(reason)" }
}

/// Something that happened, for indexes, streams and agents.
public struct Event: Hashable, Sendable, CanonicalCodable {
    /// Whose event.
    public let module: ModuleID
    /// Stable within the module.
    public let kind: UInt16
    /// What it is about: a job, an account, a provider.
    public let subject: Bytes32
    /// Canonical bytes of the module's own event value.
    public let payload: [UInt8]

    /// The most bytes one payload may hold: 4 KiB, so 1,000 events of a block stay within 4 MiB.
    public static let payloadBytesMax = 4_096

    /// Describes an event.
    public init(module: ModuleID, kind: UInt16, subject: Bytes32, payload: [UInt8]) {
        precondition(payload.count <= Self.payloadBytesMax, "an event is larger than its limit")
        self.module = module
        self.kind = kind
        self.subject = subject
        self.payload = payload
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.write(kind)
        encoder.write(subject)
        encoder.writeBytes(payload)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        kind = try decoder.read()
        subject = try decoder.read()
        payload = try decoder.readBytes(limit: Self.payloadBytesMax)
    }
}
