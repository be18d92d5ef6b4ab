// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// A member of the validators as commands show it.
struct ValidatorRow {
    let member: MemberView

    /// The state in words, with the epoch it lasts to.
    var state: String {
        member.until.map { "\(member.state) until epoch \($0)" } ?? member.state
    }

    /// Bond and grant: money and weight without money.
    var stake: String {
        let granted = member.granted > 0 ? " + \(member.granted) granted" : ""
        return "\(member.bond)\(granted)"
    }

    /// All that is known of it, one fact a line.
    var facts: TextFacts {
        var facts = TextFacts()
        facts.add("account", "\(member.account)")
        facts.add("name", member.name)
        facts.add("state", state)
        facts.add("weight", member.weight.map { "\($0)" } ?? "none: it has no seat")
        facts.add("stake", stake)
        facts.add("slashed", "\(member.slashed)")
        facts.add("key", "\(member.publicKey)")
        facts.add("fees to", "\(member.fees)")
        return facts
    }
}
