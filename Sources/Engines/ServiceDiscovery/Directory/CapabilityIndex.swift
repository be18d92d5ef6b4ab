// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// One record's place in an order.
struct IndexPlace: Comparable, Sendable {
    /// A region, or nothing for the order over all regions.
    let group: String
    /// The asset of a price, else 0.
    let asset: UInt64
    /// What the order is by, smallest first.
    let value: UInt128
    /// Whose.
    let id: ServiceID

    static func < (left: Self, right: Self) -> Bool {
        if left.group != right.group { return left.group < right.group }
        if left.asset != right.asset { return left.asset < right.asset }
        if left.value != right.value { return left.value < right.value }
        return left.id < right.id
    }

    /// Before every place of a group and an asset.
    static func start(group: String = "", asset: UInt64 = 0) -> IndexPlace {
        IndexPlace(
            group: group, asset: asset, value: 0,
            id: ServiceID(signer: PublicKey(.zero), instance: 0))
    }
}

/// The orders in which the records of one capability stand (DISCOVERY-11).
struct CapabilityIndex: Sendable {
    /// By list price, over all regions and in each.
    var prices = OrderedIndex<IndexPlace>()
    /// By round trip; only measured ones.
    var roundTrips = OrderedIndex<IndexPlace>()
    /// By score, the best first; only those the ledger knows.
    var scores = OrderedIndex<IndexPlace>()

    /// Puts a record in, or takes it out.
    mutating func place(_ record: DirectoryRecord, at price: Amount, _ isIn: Bool) {
        let id = record.announcement.id
        for group in ["", record.announcement.region.name] {
            let place = IndexPlace(
                group: group, asset: record.announcement.asset.value, value: price.units, id: id)
            if isIn { prices.insert(place) } else { prices.remove(place) }
        }
        if let time = record.roundTripMicroseconds {
            let place = IndexPlace(group: "", asset: 0, value: UInt128(time), id: id)
            if isIn { roundTrips.insert(place) } else { roundTrips.remove(place) }
        }
        if let standing = record.standing {
            let value = UInt128(ProviderStanding.scoreMax - standing.score)
            let place = IndexPlace(group: "", asset: 0, value: value, id: id)
            if isIn { scores.insert(place) } else { scores.remove(place) }
        }
    }

    var isEmpty: Bool { prices.count == 0 }
}

/// One announcement and what is known beside it.
struct DirectoryRecord: Sendable {
    let signed: SignedAnnouncement
    var standing: ProviderStanding?
    var roundTripMicroseconds: UInt64?

    var announcement: ServiceAnnouncement { signed.announcement }
    var listing: ServiceListing {
        ServiceListing(
            signed: signed, standing: standing, roundTripMicroseconds: roundTripMicroseconds)
    }
}
