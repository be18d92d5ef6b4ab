// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Members of the validators.
    static var membership: [(name: String, schema: JSON)] {
        [("Member", member), ("MemberPage", memberPage)]
    }

    private static var member: JSON {
        object([
            ("account", digest), ("name", text), ("publicKey", digest), ("fees", digest),
            ("state", word(["active", "leaving", "jailed", "unbonding", "withdrawn"])),
            ("untilEpoch?", count), ("sinceHeight", count), ("bond", amount),
            ("backing", amount), ("granted", count),
            ("slashed", amount), ("weight?", count),
        ])
    }

    private static var memberPage: JSON {
        object([
            ("epoch", count), ("seats", count), ("totalWeight", count), ("stakeMin", amount),
            ("validators", list(reference("Member"))), ("next?", text),
        ])
    }
}
