// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Common money.
    static var treasury: [(name: String, schema: JSON)] {
        [
            ("Treasury", pool), ("Grant", grant), ("Airdrop", airdrop), ("Auction", auction),
            ("Bounty", bounty), ("Multisig", multisig),
            ("TreasuryPage", page("treasuries", of: "Treasury")),
            ("GrantPage", page("grants", of: "Grant")),
            ("AirdropPage", page("airdrops", of: "Airdrop")),
            ("AuctionPage", page("auctions", of: "Auction")),
            ("BountyPage", page("bounties", of: "Bounty")),
        ]
    }

    /// What an account earned and cannot give away.
    static let badges: JSON = object([
        (
            "badges",
            list(
                object([
                    ("holder", digest), ("giver", digest), ("name", text), ("evidence", digest),
                    ("sinceHeight", count),
                ]))
        )
    ])

    /// What a proposal would change, key by key.
    static let changes: JSON = object([
        ("refusal?", text),
        (
            "changes",
            list(
                object([
                    ("module", text), ("key", text), ("before?", text), ("after?", text),
                    ("words?", text),
                ]))
        ),
    ])

    /// An account's digits, or `pool N`.
    private static let source: JSON = text

    private static var pool: JSON {
        object([
            ("number", count), ("name", text), ("owner", digest),
            (
                "holdings",
                list(
                    object([
                        ("asset", count), ("amount", amount), ("limit?", amount),
                        ("periodMilliseconds?", count), ("spentInPeriod?", amount),
                    ]))
            ),
        ])
    }

    private static var grant: JSON {
        object([
            ("number", count), ("grantor", digest), ("source", source), ("receiver", source),
            ("asset", count), ("total", amount), ("earned", amount), ("claimed", amount),
            ("claimable", amount), ("schedule", ["type": "object"]), ("isRevocable", flag),
            ("revoked?", time), ("reached", count),
        ])
    }

    private static var airdrop: JSON {
        object([
            ("number", count), ("owner", digest), ("source", source), ("asset", count),
            ("root", digest), ("leaves", count), ("opens", time), ("expires", time),
            ("held", amount),
        ])
    }

    private static var auction: JSON {
        object([
            ("number", count), ("owner", digest), ("source", source), ("asset", count),
            ("supply", amount), ("startPrice", amount), ("endPrice", amount), ("start", time),
            ("end", time), ("cap", amount), ("isForPersons", flag), ("paid", amount),
            ("price", amount), ("isOver", flag), ("goods", amount), ("bids", amount),
            ("isClosed", flag),
        ])
    }

    private static var bounty: JSON {
        object([
            ("number", count), ("pool", count), ("asset", count), ("subject", digest),
            (
                "rows",
                list(object([("severity", text), ("least", amount), ("most", amount)]))
            ), ("isOpen", flag), ("paid", amount),
        ])
    }

    private static var multisig: JSON {
        object([
            ("account", digest), ("members", list(digest)), ("threshold", count),
            (
                "decisions",
                list(
                    object([
                        ("number", count), ("proposer", digest),
                        ("messages", list(object([("module", text), ("payload", text)]))),
                        ("approvals", list(digest)), ("expires", time), ("isVoid", flag),
                    ]))
            ),
        ])
    }
}
