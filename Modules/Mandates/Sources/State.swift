// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
public import Vocabulary

/// What the module stores, under which keys.
public enum MandatesKeys {
    /// 1, mandate: a ``Mandate``.
    public static func mandate(_ id: MandateID) -> [UInt8] { [mandatePrefix] + id.raw.bytes }
    /// 2, mandate: an ``Expenses``, once something was spent.
    public static func expenses(_ id: MandateID) -> [UInt8] { [expensesPrefix] + id.raw.bytes }
    /// 3, account of a machine: an ``OwnedMachine``.
    public static func machine(_ account: AccountID) -> [UInt8] {
        [machinePrefix] + account.raw.bytes
    }
    /// 4, principal, mandate: one byte, for every mandate of a principal.
    public static func granted(_ principal: AccountID, _ id: MandateID) -> [UInt8] {
        granted(by: principal) + id.raw.bytes
    }
    /// 4, principal: the prefix of a principal's mandates.
    public static func granted(by principal: AccountID) -> [UInt8] { [4] + principal.raw.bytes }

    static let mandatePrefix: UInt8 = 1
    static let expensesPrefix: UInt8 = 2
    static let machinePrefix: UInt8 = 3
    /// What stands under a key whose presence is all it says.
    static let mark: [UInt8] = [1]
}

/// Names a mandate: a hash of what granted it.
public struct MandateID: Identifier32 {
    /// The hash.
    public let raw: Bytes32
    /// Names a mandate.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// What a delegate may do for a principal.
public struct Mandate: Hashable, Sendable, CanonicalCodable {
    /// The most mandates from a principal's own to the one in hand: a firm, a department, a person,
    /// an agent and its helpers.
    public static let linksMax: UInt8 = 8

    /// Its name.
    public let id: MandateID
    /// For whom.
    public let principal: AccountID
    /// By whom.
    public let delegate: AccountID
    /// The mandate it is a part of; nothing when the principal granted it.
    public let parent: MandateID?
    /// Its place from the principal's own, which is 1.
    public let link: UInt8
    /// How far it reaches.
    public let scope: MandateScope

    init(
        id: MandateID, principal: AccountID, delegate: AccountID, parent: MandateID?, link: UInt8,
        scope: MandateScope
    ) {
        self.id = id
        self.principal = principal
        self.delegate = delegate
        self.parent = parent
        self.link = link
        self.scope = scope
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(id)
        encoder.write(principal)
        encoder.write(delegate)
        encoder.writeOptional(parent)
        encoder.write(link)
        encoder.write(scope)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        id = try decoder.read()
        principal = try decoder.read()
        delegate = try decoder.read()
        parent = try decoder.readOptional()
        link = try decoder.read()
        scope = try decoder.read()
    }
}

/// What was spent under a mandate, and under those that are parts of it.
public struct Expenses: Hashable, Sendable, CanonicalCodable {
    /// What was spent of one asset.
    public struct Item: Hashable, Sendable, CanonicalCodable {
        /// Of which asset.
        public let asset: AssetID
        /// In all.
        public var total: Amount
        /// The period of the last expense.
        public var period: UInt64
        /// Within that period.
        public var inPeriod: Amount

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(asset)
            encoder.write(total)
            encoder.write(period)
            encoder.write(inPeriod)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            asset = try decoder.read()
            total = try decoder.read()
            period = try decoder.read()
            inPeriod = try decoder.read()
        }

        init(asset: AssetID, total: Amount, period: UInt64, inPeriod: Amount) {
            self.asset = asset
            self.total = total
            self.period = period
            self.inPeriod = inPeriod
        }
    }

    /// The assets, ascending.
    public internal(set) var items: [Item]

    /// What was spent of an asset.
    public func item(of asset: AssetID) -> Item? { items.first { $0.asset == asset } }

    /// Appends the list.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(items) }

    /// Reads the list.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        items = try decoder.readList(limit: MandateScope.budgetsMax)
    }

    init() { items = [] }
}

/// What an owner lets a machine agree to (IDENTITY-19).
public struct MachineAuthorization: Hashable, Sendable, CanonicalCodable {
    /// The asset of the contracts.
    public let asset: AssetID
    /// The most one contract may be worth, in base units.
    public let valueMax: Amount
    /// Until just before.
    public let until: Timestamp
    /// The SHA-256 of the owner's credential, in canonical form, that says the rest: operations,
    /// place, hours.
    public let credential: Digest

    /// States an authorization.
    public init(
        asset: AssetID = .native, valueMax: Amount, until: Timestamp, credential: Digest
    ) {
        self.asset = asset
        self.valueMax = valueMax
        self.until = until
        self.credential = credential
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(asset)
        encoder.write(valueMax)
        encoder.write(until)
        encoder.write(credential)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        asset = try decoder.read()
        valueMax = try decoder.read()
        until = try decoder.read()
        credential = try decoder.read()
    }
}

/// A machine that has an owner; it agrees to what the owner allows and to nothing else.
public struct OwnedMachine: Hashable, Sendable, CanonicalCodable {
    /// The machine's identity and account.
    public let machine: AccountID
    /// Its owner's identity.
    public let owner: AccountID
    /// What it may agree to; nothing at all when there is none.
    public internal(set) var authorization: MachineAuthorization?

    init(machine: AccountID, owner: AccountID, authorization: MachineAuthorization?) {
        self.machine = machine
        self.owner = owner
        self.authorization = authorization
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(machine)
        encoder.write(owner)
        encoder.writeOptional(authorization)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        machine = try decoder.read()
        owner = try decoder.read()
        authorization = try decoder.readOptional()
    }
}
