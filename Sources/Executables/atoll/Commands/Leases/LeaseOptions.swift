// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Leases
import Vocabulary

/// What the commands about leases share.
enum LeaseOptions {
    static let lease = ArgumentSpec(
        name: "lease", help: "its id, or the first digits of one of your leases")

    /// The fewest digits that may stand for a lease.
    static let prefixMin = 4

    /// A lease that is named by its id, or by the first digits of one of your newest hundred.
    static func lease(
        _ invocation: Invocation, _ settings: ClientSettings, _ client: GatewayClient
    ) async throws -> LeaseID {
        let text = invocation.arguments[0].lowercased()
        if let lease = LeaseID(hexadecimal: text) { return lease }
        guard text.utf8.count >= prefixMin, text.allSatisfy(\.isHexDigit) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no lease: an id has 64 hexadecimal digits",
                next: "atoll lease list")
        }
        let account = try await settings.account()
        let page = try await calling { () async throws(ClientFailure) in
            try await client.leases(.tenant(account))
        }
        let found = (page["leases"]?.elements ?? []).compactMap { $0["lease"]?.text }
            .filter { $0.hasPrefix(text) }
        guard found.count == 1, let lease = LeaseID(hexadecimal: found[0]) else {
            throw CommandFailure(
                status: found.isEmpty ? .refused : .misused,
                what: "\(found.count) of your leases begin with '\(text)'",
                next: "atoll lease list")
        }
        return lease
    }

    /// Asks for a lease.
    static func show(_ lease: LeaseID, _ client: GatewayClient) async throws -> JSON {
        try await calling { () async throws(ClientFailure) in try await client.lease(lease) }
    }

    /// An account in the first digits people tell apart.
    static func short(_ json: JSON?) -> String {
        json?.text.map { String($0.prefix(12)) } ?? "-"
    }

    static func moment(_ json: JSON?) -> String? {
        json?.unsigned.map { Timestamp($0).utc }
    }

    /// Leases in a table.
    static func table(of page: JSON) -> String {
        var table = TextTable(
            ["lease", "state", "provider", "standbys", "funds", "paid", "funds end"],
            rightAligned: [3, 4, 5])
        for lease in page["leases"]?.elements ?? [] {
            table.add([
                short(lease["lease"]), lease["state"]?.text ?? "-",
                short(lease["primary"]?["provider"] ?? lease["provider"]),
                "\(lease["standbys"]?.elements?.count ?? 0)",
                LawSending.amount(lease["funds"] ?? lease["refund"]),
                LawSending.amount(lease["paid"]), moment(lease["fundsEnd"]) ?? "-",
            ])
        }
        return table.text
    }

    /// A lease in words.
    static func text(_ lease: JSON) -> String {
        var facts = TextFacts()
        facts.add("lease", lease["lease"]?.text ?? "")
        facts.add("state", lease["state"]?.text ?? "")
        if let reason = lease["reason"]?.text { facts.add("reason", reason) }
        facts.add("tenant", lease["tenant"]?.text ?? "")
        facts.add("manifest", lease["manifest"]?.text ?? "")
        if let until = moment(lease["until"]) { facts.add("until", until) }
        if let seat = lease["primary"] ?? lease["provider"] {
            facts.add("provider", seat.text ?? seat["provider"]?.text ?? "")
            facts.add("token", "\(lease["token"]?.unsigned ?? 0)")
        }
        for standby in lease["standbys"]?.elements ?? [] {
            facts.add(
                "standby",
                "\(standby["provider"]?.text ?? ""), snapshot "
                    + (moment(standby["snapshot"]?["takenAt"]) ?? "none"))
        }
        if let funds = lease["funds"] { facts.add("funds", LawSending.amount(funds)) }
        if let end = moment(lease["fundsEnd"]) { facts.add("funds end", end) }
        facts.add("paid", LawSending.amount(lease["paid"]))
        if let refund = lease["refund"] { facts.add("came back", LawSending.amount(refund)) }
        facts.add("receipts", "\(lease["receipts"]?.unsigned ?? 0)")
        if let claim = lease["claim"] {
            facts.add(
                "claimed",
                "\(LawSending.amount(claim["amount"])), to contest by "
                    + (moment(claim["contestBy"]) ?? ""))
        }
        if let leaving = lease["leaving"]?.text {
            facts.add("leaving", "\(leaving), \(moment(lease["leavesAt"]) ?? "")")
        }
        for bid in lease["bids"]?.elements ?? [] {
            facts.add(
                "bid",
                "\(bid["provider"]?.text ?? ""), \(LawSending.amount(bid["prices"]?["base"])) a "
                    + "period and use, holds until \(moment(bid["heldUntil"]) ?? "")")
        }
        return facts.text
    }
}
