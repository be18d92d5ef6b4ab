// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Leases
import Vocabulary

/// `atoll order new`: asks for resources.
enum OrderNew {
    static let command = CommandSpec(
        path: ["order", "new"], summary: "order a lease of cores, memory and storage",
        discussion: """
            Providers bid and hold what they bid; when the time for bids is over the lowest price
            runs it and the next stand by, or you choose with `atoll order accept`. Only the digest
            of what is to run is on the ledger.
            """,
        example: "atoll order new --cpu 500 --memory 256MiB --ceiling 0.5 --deposit 10",
        options: LawSending.options + [
            OptionSpec(
                name: "manifest", value: "FILE", help: "what is to run; only its digest is sent"),
            OptionSpec(name: "cpu", value: "THOUSANDTHS", help: "of a core; default 1000"),
            OptionSpec(name: "memory", value: "SIZE", help: "such as 512MiB; default 512MiB"),
            OptionSpec(
                name: "storage", value: "CLASS=SIZE", help: "such as ssd=10GiB", repeats: true),
            OptionSpec(
                name: "device", value: "KIND=COUNT", help: "such as gpu/h200=1", repeats: true),
            OptionSpec(name: "count", value: "N", help: "how many of this; default 1"),
            OptionSpec(name: "period", value: "TIME", help: "what prices are for; default 1h"),
            OptionSpec(
                name: "ceiling", value: "AMOUNT", help: "the most a period costs; default 1"),
            OptionSpec(
                name: "deposit", value: "AMOUNT", help: "what is set aside; default 24 ceilings"),
            OptionSpec(name: "standbys", value: "N", help: "0 to 2; default 0"),
            OptionSpec(
                name: "standby-price", value: "AMOUNT",
                help: "the most each costs a period; default a tenth of --ceiling"),
            OptionSpec(name: "recovery", value: "TIME", help: "the oldest data; default 60s"),
            OptionSpec(name: "silence", value: "TIME", help: "before a takeover; default 60s"),
            OptionSpec(name: "notice", value: "TIME", help: "before a reclaim; default 24h"),
            OptionSpec(name: "spot", value: nil, help: "may be taken back at any time"),
            OptionSpec(name: "region", value: "NAME", help: "where; any of them", repeats: true),
            OptionSpec(
                name: "attribute", value: "WORD", help: "what a provider states", repeats: true),
            OptionSpec(name: "bids", value: "TIME", help: "how long bids are taken; default 30s"),
            OptionSpec(name: "choose", value: nil, help: "you accept bids yourself"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await TransactionSending(invocation, shell)
        let terms = try await OrderReading(invocation, shell).terms(
            key: sending.sender.builder.key.publicKey)
        let all = terms.ceilingOfAll.multiplied(by: 24) ?? Amount(.max)
        let order = OpenLease(terms: terms, deposit: try invocation.amount("deposit") ?? all)
        let sent = try await sending.send([LeasesMessage.openLease(order).message])
        let lease = order.lease(of: sending.account, transaction: sent.outcome.hash)
        let value: JSON = .object([JSON.Member("lease", JSON("\(lease)"))] + sent.members)
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("lease", "\(lease)")
            facts.add("set aside", "\(order.deposit)")
            facts.add(sent)
            return facts.text
        }
        return 0
    }
}

/// `atoll order list`: what wants bids.
enum OrderList {
    static let command = CommandSpec(
        path: ["order", "list"], summary: "list what wants bids, the oldest first",
        example: "atoll order list", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let page = try await calling { () async throws(ClientFailure) in
            try await client.leases(.open)
        }
        ResultText.write(page, as: invocation.format) { table(of: page) }
        return 0
    }

    private static func table(of page: JSON) -> String {
        var table = TextTable(
            ["lease", "state", "cores", "memory", "kind", "ceiling", "bids"],
            rightAligned: [2, 3, 5, 6])
        for lease in page["leases"]?.elements ?? [] {
            let needs = lease["resources"]
            let cores = needs?["milliCores"]?.unsigned ?? 0
            table.add([
                LeaseOptions.short(lease["lease"]), lease["state"]?.text ?? "-",
                "\(Amount(UInt128(cores) * (Amount.unitsPerWhole / 1_000)))",
                "\((needs?["memoryBytes"]?.unsigned ?? 0) >> 20) MiB",
                lease["terms"]?["kind"]?.text ?? "-",
                LawSending.amount(lease["terms"]?["ceiling"]),
                "\(lease["bids"]?.elements?.count ?? 0)",
            ])
        }
        return table.text
    }
}

/// `atoll order accept`: gives seats to bidders.
enum OrderAccept {
    static let command = CommandSpec(
        path: ["order", "accept"],
        summary: "accept bids: the first runs the lease, the others stand by",
        example: "atoll order accept 4f2a91c0 PROVIDER",
        arguments: [
            LeaseOptions.lease,
            ArgumentSpec(name: "provider", help: "a bidder's account", repeats: true),
        ],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let sending = try await LawSending(invocation, shell)
        let lease = try await LeaseOptions.lease(
            invocation, settings, sending.sending.sender.client)
        var providers: [AccountID] = []
        for text in invocation.arguments.dropFirst() {
            providers.append(try await settings.account(named: text))
        }
        return try await sending.send(
            LeasesMessage.acceptBids(AcceptBids(lease: lease, providers: providers)).message,
            done: "accepted")
    }
}
