// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why a provider leaves a task alone.
public enum BidPass: Error, Hashable, Sendable {
    /// It cannot do what is asked, or not there.
    case capability
    /// It lacks a certification that is asked for.
    case credential
    /// The price is below its own.
    case profit
    /// It has no room, or cannot be done in time.
    case schedule
}

/// How a provider decides on a task: capability, then credential, then profit, then schedule
/// (requirement OP-06, DISCOVERY-25).
public struct BidderPolicy: Sendable {
    /// What it does, and at which price.
    public var offers: [ServiceOffer]
    /// How much of that price it takes when it is asked for less, in percent, 1 to 100.
    public var leastPercent: UInt8 = 100
    /// In which asset.
    public var asset: AssetID
    /// Where it stands.
    public var region: Region
    /// What it is certified for, by name, with the hash of the credential.
    public var certifications: [(name: String, credential: Digest)]
    /// How many jobs it can take now.
    public var freeSlots: UInt32
    /// How long a million units take on its machine, in milliseconds.
    public var millisecondsPerMillionUnits: UInt64
    /// What it promises.
    public var guarantees: [String]
    /// Where the ledger keeps its conduct.
    public var reputation: ReputationReference

    /// A provider's way to decide.
    public init(
        offers: [ServiceOffer], asset: AssetID = .native, region: Region,
        certifications: [(name: String, credential: Digest)] = [], freeSlots: UInt32,
        millisecondsPerMillionUnits: UInt64 = 1, guarantees: [String] = [],
        reputation: ReputationReference
    ) {
        self.offers = offers
        self.asset = asset
        self.region = region
        self.certifications = certifications
        self.freeSlots = freeSlots
        self.millisecondsPerMillionUnits = millisecondsPerMillionUnits
        self.guarantees = guarantees
        self.reputation = reputation
    }

    /// The bid this provider makes on a task, at its own price.
    ///
    /// - Throws: ``BidPass``, for the first of the four reasons that holds.
    public func bid(on manifest: TaskManifest, at now: Timestamp) throws(BidPass) -> TaskBid {
        let wanted = manifest.requirements
        guard let tariff = tariff(for: manifest.kind),
            wanted.capabilities.allSatisfy({ self.tariff(for: $0) != nil }),
            wanted.region?.contains(region) ?? true
        else { throw .capability }
        guard
            wanted.certifications.allSatisfy({ name in
                certifications.contains { $0.name == name }
            })
        else { throw .credential }
        guard wanted.asset == asset, let bill = tariff.bill(for: manifest.units),
            bill <= manifest.ceiling(at: now)
        else { throw .profit }
        let time = duration(of: manifest.units)
        guard freeSlots > 0, now <= manifest.bidsBy,
            manifest.awardBy.advanced(by: time) <= wanted.deadline
        else { throw .schedule }
        return TaskBid(
            task: manifest.task, revision: 1, tariff: tariff, finishesInMilliseconds: time,
            guarantees: guarantees, credentials: credentials(for: wanted),
            reputation: reputation, validUntil: manifest.awardBy)
    }

    /// The answer to a counter-bid: the next bid at the client's price, when that is not below the
    /// least this provider takes.
    ///
    /// - Throws: ``BidPass/profit``.
    public func answer(
        _ counter: CounterBid, to last: TaskBid, of manifest: TaskManifest
    ) throws(BidPass) -> TaskBid {
        guard
            let least = tariff(for: manifest.kind)?.bill(for: manifest.units)?
                .scaledUp(by: UInt128(leastPercent), over: 100),
            let wish = counter.tariff.bill(for: manifest.units), wish >= least
        else { throw .profit }
        var next = last
        next.revision += 1
        next.tariff = counter.tariff
        return next
    }

    private func tariff(for capability: Capability) -> Tariff? {
        offers.first { $0.capability == capability }?.tariff
    }

    private func duration(of units: UInt64) -> UInt64 {
        let (product, overflow) = (units / Tariff.unitsPerRate + 1)
            .multipliedReportingOverflow(by: millisecondsPerMillionUnits)
        return overflow ? .max : product
    }

    private func credentials(for wanted: TaskRequirements) -> [Digest] {
        certifications.filter { wanted.certifications.contains($0.name) }.map(\.credential)
    }
}
