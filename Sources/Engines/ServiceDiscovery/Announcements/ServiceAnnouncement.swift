// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Which ledger account speaks for a provider's conduct, and the height at which it was last looked
/// at by the provider itself. Whoever reads it asks the ledger, never the provider (DISCOVERY-3).
public struct ReputationReference: Hashable, Sendable, CanonicalCodable {
    /// The account.
    public let account: AccountID
    /// The height.
    public let height: BlockHeight

    /// Joins the fields.
    public init(account: AccountID, height: BlockHeight) {
        self.account = account
        self.height = height
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(height)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        height = try decoder.read()
    }
}

/// One machine of one signer: what an announcement replaces.
public struct ServiceID: Hashable, Comparable, Sendable {
    /// Who signs.
    public let signer: PublicKey
    /// Which of the signer's machines.
    public let instance: UInt16

    /// Joins the fields.
    public init(signer: PublicKey, instance: UInt16) {
        self.signer = signer
        self.instance = instance
    }

    /// Compares signers, then machines.
    public static func < (left: Self, right: Self) -> Bool {
        (left.signer, left.instance) < (right.signer, right.instance)
    }
}

/// What a provider tells everybody: status, capabilities with prices, region, slots, and where its
/// reputation stands. It holds until its end and is replaced by larger sequence numbers.
///
/// Source: requirements OP-04 and CO-38; DISCOVERY-1.
public struct ServiceAnnouncement: Hashable, Sendable {
    /// How long an announcement holds at most: the 3,600 s of CO-38.
    public static let lifeMillisecondsMax: UInt64 = 3_600_000
    /// How far a signer's clock may be ahead of the reader's.
    public static let skewMillisecondsMax: UInt64 = 60_000
    /// The most offers, as many as the registry's capabilities.
    public static let offersMax = 16
    /// The most addresses.
    public static let addressesMax = 4
    /// The most bytes of one address.
    public static let addressBytesMax = 128
    /// The longest encoding: 16 offers of 65 bytes, 4 addresses of 130 and 300 bytes of other
    /// fields and the signature are 1,860.
    public static let encodedBytesMax = 2_048
    static let domain = "atoll/service-announcement/1"

    /// For which chain's money and reputation it is.
    public var chain: ChainID
    /// Who speaks, and of which of its machines.
    public var id: ServiceID
    /// Rises with each announcement of one machine.
    public var sequence: UInt64
    /// When it was signed.
    public var issued: Timestamp
    /// Its last moment.
    public var expires: Timestamp
    /// Whether it takes work.
    public var status: ServiceStatus
    /// What it does for the network.
    public var roles: ServiceRoles
    /// Where it stands.
    public var region: Region
    /// The asset of its prices.
    public var asset: AssetID
    /// What it can do and for how much: ascending by capability, each once.
    public var offers: [ServiceOffer]
    /// How many jobs it takes at once.
    public var slots: UInt32
    /// How many of them are free.
    public var freeSlots: UInt32
    /// What it has.
    public var machine: Machine
    /// How full its battery is, in per cent; nothing for a machine that has none.
    public var energyPercent: UInt8?
    /// Where the ledger keeps its conduct.
    public var reputation: ReputationReference
    /// Where it is reached, as multiaddrs; the signer's key is the peer's name.
    public var addresses: [[UInt8]]

    /// Announces a machine of `signer`; offers are put in order, doubled ones left out.
    public init(
        chain: ChainID, id: ServiceID, sequence: UInt64, issued: Timestamp,
        lifeMilliseconds: UInt64 = lifeMillisecondsMax, status: ServiceStatus = .available,
        roles: ServiceRoles = .compute, region: Region, asset: AssetID = .native,
        offers: [ServiceOffer], slots: UInt32, freeSlots: UInt32, machine: Machine = Machine(),
        energyPercent: UInt8? = nil, reputation: ReputationReference, addresses: [[UInt8]] = []
    ) {
        self.chain = chain
        self.id = id
        self.sequence = sequence
        self.issued = issued
        expires = issued.advanced(by: min(lifeMilliseconds, Self.lifeMillisecondsMax))
        self.status = status
        self.roles = roles
        self.region = region
        self.asset = asset
        var known: Set<Capability> = []
        self.offers = Array(
            offers.filter { known.insert($0.capability).inserted }.prefix(Self.offersMax)
        ).sorted { $0.capability < $1.capability }
        self.slots = slots
        self.freeSlots = min(freeSlots, slots)
        self.machine = machine
        self.energyPercent = energyPercent.map { min($0, 100) }
        self.reputation = reputation
        self.addresses = Array(
            addresses.filter { $0.count <= Self.addressBytesMax }.prefix(Self.addressesMax))
    }

    /// What it asks for a capability.
    public func tariff(for capability: Capability) -> Tariff? {
        offers.first { $0.capability == capability }?.tariff
    }

    /// What makes fields of a decoded announcement impossible together.
    private var isSound: Bool {
        !offers.isEmpty && freeSlots <= slots && issued <= expires && energyPercent ?? 0 <= 100
            && expires.value - issued.value <= Self.lifeMillisecondsMax
            && zip(offers, offers.dropFirst()).allSatisfy { $0.capability < $1.capability }
    }
}

extension ServiceAnnouncement: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(id.signer)
        encoder.write(id.instance)
        encoder.write(sequence)
        encoder.write(issued)
        encoder.write(expires)
        encoder.write(status)
        encoder.write(roles)
        encoder.write(region)
        encoder.write(asset)
        encoder.writeList(offers)
        encoder.write(slots)
        encoder.write(freeSlots)
        encoder.write(machine)
        encoder.write(energyPercent != nil)
        if let energyPercent { encoder.write(energyPercent) }
        encoder.write(reputation)
        encoder.writeLength(addresses.count)
        for address in addresses { encoder.writeBytes(address) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        id = try ServiceID(signer: decoder.read(), instance: decoder.read())
        sequence = try decoder.read()
        issued = try decoder.read()
        expires = try decoder.read()
        status = try decoder.read()
        roles = try decoder.read()
        region = try decoder.read()
        asset = try decoder.read()
        offers = try decoder.readList(limit: Self.offersMax)
        slots = try decoder.read()
        freeSlots = try decoder.read()
        machine = try decoder.read()
        energyPercent = try decoder.readFlag() ? try decoder.read() : nil
        reputation = try decoder.read()
        addresses = []
        for _ in 0..<(try decoder.readLength(limit: Self.addressesMax)) {
            try addresses.append(decoder.readBytes(limit: Self.addressBytesMax))
        }
        guard isSound else { throw .outOfRange("ServiceAnnouncement") }
    }
}
