// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Identities, issuers, names, mandates and machines.
    static var records: [(name: String, schema: JSON)] {
        [
            ("IdentityRecord", identityRecord), ("Issuer", issuer),
            ("IssuerPage", page("issuers", of: "Issuer")),
            ("Name", name), ("NamePage", page("names", of: "Name")), ("Mandate", mandate),
            ("MandatePage", page("mandates", of: "Mandate")), ("Machine", machine),
        ]
    }

    private static var identityRecord: JSON {
        object([
            ("did", text), ("account", digest), ("controller", digest), ("recovery", digest),
            ("entries", count), ("last", digest), ("isDeactivated", flag),
            ("specification?", digest), ("document", ["type": "object"]), ("height", count),
            ("time", time),
        ])
    }

    private static var issuer: JSON {
        let authority = object([("type", text), ("from", time), ("until?", time)])
        let anchor = object([("address", text), ("digest", digest), ("time", time)])
        return object([
            ("account", digest), ("did", text),
            ("state", word(["active", "retiring", "withdrawn"])),
            ("until?", time), ("address", text), ("authorities", list(authority)),
            ("bond", amount), ("slashed", amount), ("since", time), ("lists?", list(anchor)),
        ])
    }

    private static var name: JSON {
        let auction = object([
            ("bidder", digest), ("owner", digest), ("amount", amount), ("ends", time),
            ("bids", count), ("nextBid?", amount),
        ])
        return object([
            ("name", text), ("state", word(["free", "auction", "held", "grace"])),
            ("price", amount), ("owner?", digest), ("target?", digest), ("expires?", time),
            ("auction?", auction),
        ])
    }

    private static var mandate: JSON {
        let kind = object([("module", text), ("tag", count)])
        let budget = object([
            ("asset", count), ("total", amount), ("perPeriod?", amount), ("spent?", amount),
            ("period?", count), ("spentInPeriod?", amount),
        ])
        return object([
            ("mandate", digest), ("principal", digest), ("delegate", digest),
            ("parent?", digest), ("link", count), ("kinds", list(kind)),
            ("resources?", list(digest)), ("budgets", list(budget)),
            ("periodMilliseconds", count), ("from", time), ("until", time), ("paysFees", flag),
        ])
    }

    private static var machine: JSON {
        let authorization = object([
            ("asset", count), ("valueMax", amount), ("until", time), ("credential", digest),
        ])
        return object([
            ("machine", digest), ("owner", digest), ("authorization?", authorization),
        ])
    }
}
