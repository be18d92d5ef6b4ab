// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// The network, its peers, announcements and negotiations.
    static var network: [(name: String, schema: JSON)] {
        [
            ("Network", networkStatus), ("NetworkPeer", networkPeer), ("NetworkBan", networkBan),
            ("NetworkTrace", networkTrace), ("Service", service), ("ServicePage", servicePage),
            ("Task", task),
        ]
    }

    private static var networkStatus: JSON {
        object([
            ("peer", text), ("addresses", list(text)), ("observedAddresses", list(text)),
            ("reachability", text), ("placesHeld", count), ("circuits", count),
            ("knownPeers", count),
            (
                "connections",
                list(
                    object([
                        ("peer", text), ("address", text), ("inbound", flag), ("streams", count),
                        ("roundTripMicroseconds?", count),
                    ]))
            ),
            (
                "protocols",
                list(
                    object([
                        ("name", text), ("inboundStreams", count), ("outboundStreams", count),
                        ("refusedStreams", count), ("bytesIn", count), ("bytesOut", count),
                    ]))
            ),
            ("bans", list(reference("NetworkBan"))),
            ("ends", list(object([("reason", text), ("count", count)]))),
            ("counters", list(object([("name", text), ("value", count)]))),
        ])
    }

    private static var networkBan: JSON {
        object([("banned", text), ("reason", text), ("millisecondsLeft", count)])
    }

    private static var networkPeer: JSON {
        object([
            ("peer", text), ("publicKey?", digest), ("connected", flag), ("protected", flag),
            ("added", flag),
            ("roles?", text), ("agent", text), ("addresses", list(text)),
            ("protocols", list(text)), ("roundTripMicroseconds?", count),
            ("ban?", reference("NetworkBan")), ("lastReason?", text),
        ])
    }

    private static var networkTrace: JSON {
        object([
            ("noted", count), ("running", flag),
            (
                "movements",
                list(
                    object([
                        ("number", count), ("milliseconds", count), ("peer", text),
                        ("protocol", text), ("stream", count), ("direction", word(["in", "out"])),
                        ("bytes", count),
                    ]))
            ),
        ])
    }

    private static var service: JSON {
        let offer = object([
            ("capability", text), ("base", amount), ("perMillionUnits", amount),
        ])
        return object([
            ("signer", digest), ("instance", count), ("account", digest),
            ("status", word(["available", "busy", "paused", "leaving"])), ("region", text),
            ("roles", list(text)), ("asset", count), ("offers", list(offer)), ("slots", count),
            ("freeSlots", count), ("sequence", count), ("issued", time), ("expires", time),
            ("score?", count), ("registered", flag), ("roundTripMicroseconds?", count),
            ("signed", text),
        ])
    }

    private static var servicePage: JSON {
        object([("services", list(reference("Service"))), ("complete", flag)])
    }

    private static var task: JSON {
        let bid = object([
            ("bidder", digest), ("revision", count), ("base", amount),
            ("perMillionUnits", amount), ("price?", amount), ("finishesInMilliseconds", count),
            ("standing", word(["standing", "countered", "refused", "withdrawn", "awarded"])),
            ("signed", text),
        ])
        let award = object([
            ("place", count), ("bidder", digest), ("base", amount), ("perMillionUnits", amount),
            ("refused", flag), ("signed", text),
        ])
        return object([
            ("task", digest), ("client", digest), ("kind", text),
            ("phase", word(["bidding", "choosing", "awarded", "withdrawn", "expired"])),
            ("budgetMax", amount), ("units", count), ("places", count), ("opened", time),
            ("bidsBy", time), ("awardBy", time), ("bids", list(bid)), ("awards", list(award)),
        ])
    }
}
