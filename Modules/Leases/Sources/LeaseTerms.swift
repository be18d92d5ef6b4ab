// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One kind of part of a deployment, and how many of it run.
public struct ResourceGroup: Hashable, Sendable, CanonicalCodable {
    /// The tenant's name for it, such as `web`.
    public let name: String
    /// How many run.
    public let count: UInt32
    /// What each of them has.
    public let each: ResourceAmounts

    /// Joins the fields.
    public init(name: String, count: UInt32, each: ResourceAmounts) {
        self.name = name
        self.count = count
        self.each = each
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(count)
        encoder.write(each)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readText(limit: ResourceAmounts.nameBytesMax)
        count = try decoder.read()
        each = try decoder.read()
    }
}

/// Whether a provider may take a lease back at once.
public enum LeaseKind: UInt8, Hashable, Sendable, ByteCase, CaseIterable {
    /// Only after the notice that was agreed, or it loses a part of its bond.
    case reserved = 0
    /// At any time, for nothing: bids are lower.
    case spot = 1
}

/// What runs for a long time.
public enum LeaseWork: UInt8, Hashable, Sendable, ByteCase, CaseIterable {
    /// Containers of a manifest.
    case containers = 0
    /// A model that answers requests.
    case model = 1
    /// An agent.
    case agent = 2
}

/// What a tenant asks for and offers.
public struct LeaseTerms: Hashable, Sendable {
    /// What runs.
    public var work = LeaseWork.containers
    /// The tenant's own number for everything that belongs together; leases of one deployment may
    /// be at different providers.
    public var deployment: Bytes32
    /// The SHA-256 of what is to run; the manifest and its secrets go to the provider alone.
    public var manifest: Digest
    /// What is needed; one provider takes all of it.
    public var groups: [ResourceGroup]
    /// Reserved or spot.
    public var kind = LeaseKind.reserved
    /// Where it may be, any of them; none means anywhere. Ascending.
    public var regions: [String] = []
    /// What a provider must state of itself, all of them. Ascending.
    public var attributes: [String] = []
    /// In which asset everything is paid.
    public var asset = AssetID.native
    /// The period that prices and ceilings are for.
    public var periodMilliseconds: UInt64
    /// The most that a period costs.
    public var ceiling: Amount
    /// What is expected to be used in a period: what bids are compared by.
    public var expected = UsageAmounts.zero
    /// How many further providers stand by.
    public var standbys: UInt8 = 0
    /// The most that a period of one standby costs.
    public var standbyCeiling = Amount.zero
    /// The oldest that a standby's data may be; 0 when there is none to keep.
    public var recoveryMilliseconds: UInt64 = 60_000
    /// How long the provider may be silent before a standby may take over.
    public var takeoverMilliseconds: UInt64 = 60_000
    /// How long before the end a provider of a reserved lease says that it takes it back.
    public var noticeMilliseconds: UInt64 = 0
    /// With which key usage is co-signed for the tenant: its own or a delegate's.
    public var receiptKey: PublicKey
    /// How long bids are taken.
    public var decideMilliseconds: UInt64
    /// Whether the best bids are accepted without the tenant when that time is over.
    public var isAutomatic = true
    /// Makes two orders of one transaction different.
    public var salt = Bytes32.zero

    /// The most groups of one lease: all of them together stay within 8 × 720 bytes.
    public static let groupsMax = 8
    /// The most regions, and the most attributes.
    public static let wordsMax = 16
    /// The most standbys.
    public static let standbysMax: UInt8 = 2

    /// Asks for resources; what has a usual value can be changed afterwards.
    public init(
        deployment: Bytes32, manifest: Digest, groups: [ResourceGroup],
        periodMilliseconds: UInt64, ceiling: Amount, receiptKey: PublicKey,
        decideMilliseconds: UInt64
    ) {
        self.deployment = deployment
        self.manifest = manifest
        self.groups = groups
        self.periodMilliseconds = periodMilliseconds
        self.ceiling = ceiling
        self.receiptKey = receiptKey
        self.decideMilliseconds = decideMilliseconds
    }

    /// Everything that one provider must have.
    ///
    /// - Returns: Nothing when it is more than numbers hold.
    public var resources: ResourceAmounts? {
        var sum = ResourceAmounts.zero
        for group in groups {
            guard let all = group.each.multiplied(by: group.count), let next = sum.adding(all)
            else { return nil }
            sum = next
        }
        return sum
    }

    /// The most that a period of the provider and all standbys costs.
    public var ceilingOfAll: Amount {
        (standbyCeiling.multiplied(by: UInt64(standbys)) ?? Amount(.max)).addingHeld(ceiling)
    }
}

extension LeaseTerms: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(work)
        encoder.write(deployment)
        encoder.write(manifest)
        encoder.writeList(groups)
        encoder.write(kind)
        encoder.writeNames(regions)
        encoder.writeNames(attributes)
        encoder.write(asset)
        encoder.write(periodMilliseconds)
        encoder.write(ceiling)
        encoder.write(expected)
        encoder.write(standbys)
        encoder.write(standbyCeiling)
        encoder.write(recoveryMilliseconds)
        encoder.write(takeoverMilliseconds)
        encoder.write(noticeMilliseconds)
        encoder.write(receiptKey)
        encoder.write(decideMilliseconds)
        encoder.write(isAutomatic)
        encoder.write(salt)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        work = try decoder.read()
        deployment = try decoder.read()
        manifest = try decoder.read()
        groups = try decoder.readList(limit: Self.groupsMax)
        kind = try decoder.read()
        regions = try decoder.readNames(limit: Self.wordsMax)
        attributes = try decoder.readNames(limit: Self.wordsMax)
        asset = try decoder.read()
        periodMilliseconds = try decoder.read()
        ceiling = try decoder.read()
        expected = try decoder.read()
        standbys = try decoder.read()
        standbyCeiling = try decoder.read()
        recoveryMilliseconds = try decoder.read()
        takeoverMilliseconds = try decoder.read()
        noticeMilliseconds = try decoder.read()
        receiptKey = try decoder.read()
        decideMilliseconds = try decoder.read()
        isAutomatic = try decoder.readFlag()
        salt = try decoder.read()
    }
}
