// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a client looks for. Source: DISCOVERY-10.
public struct ServiceQuery: Hashable, Sendable {
    /// By what answers are in order.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// The lowest list price first.
        case price
        /// The nearest first; those never measured are left out.
        case latency
        /// The best score first; those the ledger does not know are left out.
        case reputation
    }

    /// The most answers of one query.
    public static let limitMax = 100
    /// The most records one query looks at: at about a microsecond each, four milliseconds.
    public static let examinedMax = 4_096
    /// The most regions below one region that a query looks into.
    public static let regionsMax = 64

    /// What is to be done; nothing for any.
    public var capability: Capability?
    /// Where; this region and those in it.
    public var region: Region?
    /// In which asset prices are.
    public var asset = AssetID.native
    /// How many units ``priceMax`` is to be enough for.
    public var units = Tariff.unitsPerRate
    /// What one execution may cost.
    public var priceMax: Amount?
    /// How far away, as the round trip of a ping.
    public var roundTripMicrosecondsMax: UInt64?
    /// The least score on the ledger, 0 to 1,000; nothing also finds those it does not know.
    public var scoreMin: UInt32?
    /// How many slots must be free.
    public var freeSlotsMin: UInt32 = 0
    /// What the machine must do.
    public var roles: ServiceRoles = []
    /// What the machine must have.
    public var machine = Machine()
    /// Whether those that take no work now are found as well.
    public var findsUnavailable = false
    /// The order of the answers.
    public var order = Order.price
    /// How many answers are wanted, 1 to ``limitMax``.
    public var limit = 20

    /// Everything available, the cheapest first.
    public init() {}
}

/// What the ledger says of a provider.
public struct ProviderStanding: Hashable, Sendable {
    /// Of 1,000.
    public let score: UInt32
    /// Whether it is registered, bonded and neither paused nor in jail.
    public let isActive: Bool

    /// The best score.
    public static let scoreMax: UInt32 = 1_000

    /// Joins the fields; scores end at ``scoreMax``.
    public init(score: UInt32, isActive: Bool) {
        self.score = min(score, Self.scoreMax)
        self.isActive = isActive
    }
}

/// One answer.
public struct ServiceListing: Hashable, Sendable {
    /// The announcement with its proof.
    public let signed: SignedAnnouncement
    /// What the ledger says of the signer, when this node has looked.
    public let standing: ProviderStanding?
    /// The round trip to the signer, when this node has measured it.
    public let roundTripMicroseconds: UInt64?

    /// What is announced.
    public var announcement: ServiceAnnouncement { signed.announcement }

    /// Joins the fields.
    public init(
        signed: SignedAnnouncement, standing: ProviderStanding?, roundTripMicroseconds: UInt64?
    ) {
        self.signed = signed
        self.standing = standing
        self.roundTripMicroseconds = roundTripMicroseconds
    }
}

/// The answers of one query.
public struct ServicePage: Hashable, Sendable {
    /// The answers in the order that was asked for.
    public var listings: [ServiceListing]
    /// Whether there were no more to look at: when not, narrower questions find more.
    public var isComplete: Bool
    /// How many records and nodes of indexes were looked at.
    public var examined: Int

    /// Joins the fields.
    public init(listings: [ServiceListing], isComplete: Bool, examined: Int) {
        self.listings = listings
        self.isComplete = isComplete
        self.examined = examined
    }
}
