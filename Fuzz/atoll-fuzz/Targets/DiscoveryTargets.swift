// SPDX-License-Identifier: Apache-2.0
import Cryptography
import ServiceDiscovery
import Vocabulary

extension FuzzTarget {
    /// What strangers announce and negotiate.
    static let discovery: [FuzzTarget] = [
        FuzzTarget("service-announcement", SignedAnnouncement.self, samples: announcements) {
            _ = try? $0.checked(on: chain, at: moment)
        },
        FuzzTarget("task-message", SignedTaskMessage.self, samples: { talk.map(\.signed) }) {
            _ = try? $0.checked()
        },
        FuzzTarget("negotiation", samples: { [[0, 1, 2, 3, 4, 5, 6, 7], [0, 17, 33, 49, 2]] }) {
            negotiate($0)
        },
    ]

    private static let chain = ChainID(.zero)
    private static let moment = Timestamp(1_000_000)
    private static let client = key(1)
    private static let bidder = key(2)

    private static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: SigningKey.seedCount))
        else { preconditionFailure("a seed has 32 bytes") }
        return key
    }

    private static var capability: Capability {
        guard let capability = Capability("wasm/1") else { preconditionFailure("well-formed") }
        return capability
    }

    private static func reputation(of key: SigningKey) -> ReputationReference {
        ReputationReference(account: AccountID(of: key.publicKey), height: BlockHeight(1))
    }

    @Sendable private static func announcements() -> [SignedAnnouncement] {
        guard let region = Region("eu-central-1") else { return [] }
        let announcement = ServiceAnnouncement(
            chain: chain, id: ServiceID(signer: bidder.publicKey, instance: 1), sequence: 1,
            issued: moment, region: region,
            offers: [
                ServiceOffer(capability, Tariff(base: Amount(1), perMillionUnits: Amount(2)))
            ], slots: 2, freeSlots: 1, energyPercent: 50, reputation: reputation(of: bidder),
            addresses: [[4, 127, 0, 0, 1]])
        return [SignedAnnouncement(announcement, signedBy: bidder)]
    }

    /// A whole negotiation, and what could disturb it.
    private static let talk: [CheckedTaskMessage] = {
        let manifest = TaskManifest(
            chain: chain, client: client.publicKey, kind: capability, specification: [1],
            requirements: TaskRequirements(
                capabilities: [capability], deadline: Timestamp(1_060_000),
                budgetMax: Amount(100)), units: 1_000_000,
            pricing: .rising(start: Amount(50), step: Amount(1), stepMilliseconds: 10),
            opened: moment, bidsBy: Timestamp(1_001_000), awardBy: Timestamp(1_002_000),
            salt: .zero)
        let task = manifest.task
        func bid(_ revision: UInt32, _ base: UInt128) -> TaskBid {
            TaskBid(
                task: task, revision: revision,
                tariff: Tariff(base: Amount(base), perMillionUnits: .zero),
                finishesInMilliseconds: 5, reputation: reputation(of: bidder),
                validUntil: Timestamp(1_002_000))
        }
        let counter = CounterBid(
            task: task, bidder: bidder.publicKey, revision: 1,
            tariff: bid(1, 40).tariff, validUntil: Timestamp(1_002_000))
        let award = TaskAward(
            task: task, place: 0, bidder: bidder.publicKey, revision: 1,
            tariff: bid(1, 50).tariff, orderBy: Timestamp(1_050_000))
        let refusal = TaskRefusal(
            task: task, bidder: bidder.publicKey, revision: 1, reason: .price)
        let said: [(TaskMessage, SigningKey)] = [
            (.manifest(manifest), client), (.bid(bid(1, 50)), bidder),
            (.counterBid(counter), client), (.bid(bid(2, 40)), bidder), (.award(award), client),
            (.refusal(refusal), bidder), (.refusal(refusal), client),
            (.withdrawal(TaskWithdrawal(task: task, revision: 1)), bidder),
            (.withdrawal(TaskWithdrawal(task: task, revision: 0)), client),
            (.bid(bid(1, 49)), bidder),
        ]
        return said.compactMap { try? SignedTaskMessage($0.0, signedBy: $0.1).checked() }
    }()

    /// Each byte says one thing, and how much later than the one before.
    private static func negotiate(_ bytes: [UInt8]) {
        guard var negotiation = try? TaskNegotiation(talk[0], on: chain, at: moment) else { return }
        var now = moment
        for byte in bytes.prefix(512) {
            now = now.advanced(by: UInt64(byte >> 4) * 20)
            let before = negotiation
            let message = talk[Int(byte & 15) % talk.count]
            do throws(NegotiationRefusal) {
                _ = try negotiation.receive(message, at: now)
            } catch {
                precondition(negotiation == before, "what is refused changes nothing")
            }
            let given = negotiation.places.values.filter { !$0.isRefused }
            precondition(given.count <= 1, "one place is given once")
            for place in given {
                let bill = place.award.tariff.bill(for: negotiation.manifest.units)
                precondition(
                    bill.map { $0 <= negotiation.manifest.share } ?? false,
                    "an award is within the budget")
            }
        }
    }
}
