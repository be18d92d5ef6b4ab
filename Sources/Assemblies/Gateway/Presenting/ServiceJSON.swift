// SPDX-License-Identifier: Apache-2.0
import JSONText
import ServiceDiscovery
import Vocabulary

extension JSON {
    /// A provider's announcement and what this node knows beside it.
    init(_ listing: ServiceListing) {
        let told = listing.announcement
        self = JSON(members: [
            ("signer", JSON(told.id.signer)), ("instance", JSON(told.id.instance)),
            ("account", JSON(told.reputation.account)), ("status", .string(told.status.name)),
            ("region", .string(told.region.name)), ("roles", .texts(told.roles.names)),
            ("asset", JSON(told.asset)),
            (
                "offers",
                .array(
                    told.offers.map { offer in
                        [
                            "capability": .string(offer.capability.name),
                            "base": JSON(offer.tariff.base),
                            "perMillionUnits": JSON(offer.tariff.perMillionUnits),
                        ]
                    })
            ),
            ("slots", JSON(told.slots)), ("freeSlots", JSON(told.freeSlots)),
            ("sequence", JSON(told.sequence)), ("issued", JSON(told.issued)),
            ("expires", JSON(told.expires)),
            ("score", listing.standing.map { JSON($0.score) }),
            ("registered", .bool(listing.standing?.isActive ?? false)),
            ("roundTripMicroseconds", listing.roundTripMicroseconds.map { JSON($0) }),
            ("signed", .string(Hexadecimal.encode(listing.signed.canonicalBytes))),
        ])
    }

    /// A negotiation as this node heard it.
    init(_ negotiation: TaskNegotiation, at now: Timestamp) {
        let manifest = negotiation.manifest
        let bidders = negotiation.bidders.values.sorted { $0.key < $1.key }
        let places = negotiation.places.keys.sorted().compactMap { negotiation.places[$0] }
        self = JSON(members: [
            ("task", JSON(negotiation.task)), ("client", JSON(manifest.client)),
            ("kind", .string(manifest.kind.name)),
            ("phase", .string(negotiation.phase(at: now).rawValue)),
            ("budgetMax", JSON(manifest.requirements.budgetMax)),
            ("units", JSON(manifest.units)), ("places", JSON(manifest.places)),
            ("opened", JSON(manifest.opened)), ("bidsBy", JSON(manifest.bidsBy)),
            ("awardBy", JSON(manifest.awardBy)),
            ("bids", .array(bidders.map { JSON($0, units: manifest.units) })),
            ("awards", .array(places.map { JSON($0) })),
        ])
    }

    private init(_ bidder: TaskBidder, units: UInt64) {
        self = JSON(members: [
            ("bidder", JSON(bidder.key)), ("revision", JSON(bidder.bid.revision)),
            ("base", JSON(bidder.bid.tariff.base)),
            ("perMillionUnits", JSON(bidder.bid.tariff.perMillionUnits)),
            ("price", bidder.bid.tariff.bill(for: units).map { JSON($0) }),
            ("finishesInMilliseconds", JSON(bidder.bid.finishesInMilliseconds)),
            ("standing", .string(bidder.standing.name)),
            ("signed", .string(Hexadecimal.encode(bidder.signed.canonicalBytes))),
        ])
    }

    private init(_ place: TaskPlace) {
        self = [
            "place": JSON(place.award.place), "bidder": JSON(place.award.bidder),
            "base": JSON(place.award.tariff.base),
            "perMillionUnits": JSON(place.award.tariff.perMillionUnits),
            "refused": .bool(place.isRefused),
            "signed": .string(Hexadecimal.encode(place.signed.canonicalBytes)),
        ]
    }
}
