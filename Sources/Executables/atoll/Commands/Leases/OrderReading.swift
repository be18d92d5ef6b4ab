// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Leases
import Vocabulary

/// Reads what `atoll order new` asks for.
struct OrderReading {
    let invocation: Invocation
    let shell: Shell

    init(_ invocation: Invocation, _ shell: Shell) {
        self.invocation = invocation
        self.shell = shell
    }

    /// The most bytes of a manifest: 4 MiB.
    private static let manifestBytesMax = 4 << 20

    /// The terms, with the key that signs as the key of receipts.
    func terms(key: PublicKey) async throws -> LeaseTerms {
        let day: UInt64 = 86_400_000
        let ceiling = try invocation.amount("ceiling") ?? Amount(whole: 1)
        let manifest = try await manifest()
        var terms = LeaseTerms(
            deployment: manifest.raw, manifest: manifest,
            groups: [
                ResourceGroup(
                    name: "main", count: UInt32(try number("count", 1, in: 1...1_000_000)),
                    each: try resources())
            ],
            periodMilliseconds: try time("period", 3_600_000, in: 1_000...31 * day),
            ceiling: ceiling, receiptKey: key,
            decideMilliseconds: try time("bids", 30_000, in: 1_000...day))
        terms.kind = invocation.has("spot") ? .spot : .reserved
        terms.regions = Array(Set(invocation.values("region"))).sorted()
        terms.attributes = Array(Set(invocation.values("attribute"))).sorted()
        terms.standbys = UInt8(try number("standbys", 0, in: 0...2))
        terms.standbyCeiling =
            try invocation.amount("standby-price") ?? ceiling.scaled(by: 1, over: 10) ?? .zero
        terms.recoveryMilliseconds = try time("recovery", 60_000, in: 0...365 * day)
        terms.takeoverMilliseconds = try time("silence", 60_000, in: 1_000...365 * day)
        terms.noticeMilliseconds = try time("notice", day, in: 0...365 * day)
        terms.isAutomatic = !invocation.has("choose")
        return terms
    }

    private func number(
        _ name: String, _ standard: UInt64, in range: ClosedRange<UInt64>
    ) throws -> UInt64 { try invocation.number(name, default: standard, in: range) }

    private func time(
        _ name: String, _ standard: UInt64, in range: ClosedRange<UInt64>
    ) throws -> UInt64 {
        try invocation.quantity(
            name, default: standard, in: range, such: "60s", read: QuantityText.milliseconds)
    }

    private func resources() throws -> ResourceAmounts {
        ResourceAmounts(
            milliCores: try number("cpu", 1_000, in: 0...1_000_000_000),
            memoryBytes: try invocation.quantity(
                "memory", default: 512 << 20, in: 0...1 << 50, such: "512MiB",
                read: QuantityText.bytes),
            storage: try named("storage", QuantityText.bytes),
            devices: try named("device", QuantityText.count))
    }

    private func named(
        _ option: String, _ read: (String) -> UInt64?
    ) throws -> [NamedAmount] {
        try invocation.values(option).map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let amount = read(String(parts[1])) else {
                throw CommandFailure(
                    status: .misused, what: "--\(option) is '\(text)'; it takes NAME=AMOUNT",
                    kept: "nothing was sent")
            }
            return NamedAmount(String(parts[0]), amount)
        }.sorted { $0.name < $1.name }
    }

    private func manifest() async throws -> Digest {
        guard let path = invocation.value("manifest") else { return .zero }
        return SHA256.hash(try await shell.read(path, limit: Self.manifestBytesMax))
    }
}
