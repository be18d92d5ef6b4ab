// SPDX-License-Identifier: Apache-2.0
import Governance
import JSONText
import Staking

extension Schema {
    /// Stakes, pools, proposals.
    static var economy: [(name: String, schema: JSON)] {
        [
            ("Stakes", stakes), ("Bond", bond), ("Pool", pool), ("Proposal", proposal),
            ("ProposalPage", page("proposals", of: "Proposal")),
        ]
    }

    /// The figures of six modules, each with the names of its genesis part.
    static let figures: JSON = object([
        ("validators", ["type": "object"]), ("staking", ["type": "object"]),
        ("governance", ["type": "object"]), ("exchange", ["type": "object"]),
        ("leases", ["type": "object"]),
        ("revenue", ["type": "object"]),
    ])

    /// Another version of the rules.
    static let upgrade: JSON = object([
        ("version", count), ("epoch", count), ("digest", digest),
    ])

    private static var stakes: JSON {
        object([
            ("account", digest),
            (
                "delegations",
                list(
                    object([
                        ("operator", digest), ("steady", amount), ("compounding", amount),
                        ("compoundingShares", amount), ("reward", amount),
                    ]))
            ), ("bonds", list(reference("Bond"))), ("lockedForVotes", amount), ("power", amount),
            ("receivedPower", amount), ("delegate?", digest),
        ])
    }

    private static var bond: JSON {
        object([
            ("account", digest), ("role", word(Role.allCases.map { "\($0)" })),
            ("state", word(["bonded", "paused", "jailed", "unbonding", "withdrawn", "banned"])),
            ("until?", time), ("base", amount), ("second", amount), ("lock", count),
            ("lockedUntil", time), ("signer?", digest), ("country?", text), ("region?", text),
            ("entity?", text),
            (
                "leaving",
                list(object([("base", amount), ("second", amount), ("due", time)]))
            ), ("offences", count), ("slashed", amount), ("sinceHeight", count),
        ])
    }

    private static var pool: JSON {
        object([
            ("operator", digest), ("commission", count), ("nextCommission?", count),
            ("nextCommissionEpoch?", count), ("insuredSinceEpoch?", count), ("backing", amount),
            ("steady", amount), ("compounding", amount), ("compoundingShares", amount),
            ("liquidShares", amount), ("earned", amount), ("flowing", amount), ("leaving", amount),
        ])
    }

    private static var proposal: JSON {
        object([
            ("number", count), ("kind", word(ProposalKind.allCases.map { "\($0)" })),
            ("title", text), ("text", digest), ("proposer", digest),
            ("stage", word(ProposalStage.allCases.map { "\($0)" })), ("since", time),
            ("ends", time), ("snapshot", count), ("deposit", amount),
            ("upgrade?", upgrade),
            (
                "changes",
                list(object([("module", text), ("name", text), ("value", text)]))
            ), ("messages", count),
            ("acts", list(object([("module", text), ("payload", text)]))),
            (
                "tallies",
                list(
                    object([
                        ("yes", amount), ("no", amount), ("abstain", amount), ("veto", amount),
                        ("total", amount),
                    ]))
            ),
        ])
    }
}
