// SPDX-License-Identifier: Apache-2.0
import Cryptography
import ServiceDiscovery
import Testing
import Vocabulary

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// The bytes with a few changed, cut or put in.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...Int.random(in: 0...3, using: &self) {
            guard !result.isEmpty else { return [1, 2, 3] }
            let index = Int.random(in: 0..<result.count, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0: result[index] ^= 1 << UInt8.random(in: 0...7, using: &self)
            case 1: result[index] = [0, 0x7f, 0x80, 0xff].randomElement(using: &self) ?? 0
            case 2: result.remove(at: index)
            case 3: result.insert(UInt8.random(in: 0...255, using: &self), at: index)
            default: result = Array(result.prefix(index))
            }
        }
        return result
    }
}

/// A value that must be there for a test to make sense.
func must<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a test's own value is missing") }
    return value
}

/// Keys, announcements and tasks by number.
enum Sample {
    static let chain = ChainID(must(Bytes32([UInt8](repeating: 9, count: 32))))
    static let otherChain = ChainID(must(Bytes32([UInt8](repeating: 8, count: 32))))
    static let now = Timestamp(1_000_000_000)
    static let wasm = must(Capability("wasm/1"))
    static let prove = must(Capability("prove/1"))
    static let eu = must(Region("eu-central-1"))

    static func key(_ number: Int) -> SigningKey {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return must(SigningKey(seed: bytes + [UInt8](repeating: 5, count: 28)))
    }

    static func account(_ number: Int) -> AccountID { AccountID(of: key(number).publicKey) }

    static func tariff(_ base: UInt128, _ rate: UInt128 = 0) -> Tariff {
        Tariff(base: Amount(base), perMillionUnits: Amount(rate))
    }

    static func announcement(
        _ number: Int, instance: UInt16 = 0, sequence: UInt64 = 1, issued: Timestamp = now,
        life: UInt64 = 600_000, price: UInt128 = 100, capabilities: [Capability] = [wasm],
        _ change: (inout ServiceAnnouncement) -> Void = { _ in }
    ) -> SignedAnnouncement {
        let key = key(number)
        var announcement = ServiceAnnouncement(
            chain: chain, id: ServiceID(signer: key.publicKey, instance: instance),
            sequence: sequence, issued: issued, lifeMilliseconds: life, region: eu,
            offers: capabilities.map { ServiceOffer($0, tariff(price)) }, slots: 4, freeSlots: 2,
            reputation: ReputationReference(account: account(number), height: BlockHeight(7)),
            addresses: [[4, 10, 0, 0, 1, 6, 0x0f, 0xa1]])
        change(&announcement)
        return SignedAnnouncement(announcement, signedBy: key)
    }

    static func manifest(
        client: Int = 1, places: UInt8 = 1, budget: UInt128 = 1_000, salt: UInt8 = 0,
        _ change: (inout TaskManifest) -> Void = { _ in }
    ) -> TaskManifest {
        var manifest = TaskManifest(
            chain: chain, client: key(client).publicKey, kind: wasm, specification: [1, 2, 3],
            requirements: TaskRequirements(
                capabilities: [wasm], deadline: now.advanced(by: 120_000),
                budgetMax: Amount(budget)),
            deliverables: ["stdout"], units: 1_000_000, places: places, opened: now,
            bidsBy: now.advanced(by: 5_000), awardBy: now.advanced(by: 10_000),
            salt: must(Bytes32([UInt8](repeating: salt, count: 32))))
        change(&manifest)
        return manifest
    }

    static func bid(
        _ number: Int, on task: TaskID, revision: UInt32 = 1, base: UInt128 = 500,
        validUntil: Timestamp = now.advanced(by: 10_000)
    ) -> TaskBid {
        TaskBid(
            task: task, revision: revision, tariff: tariff(base), finishesInMilliseconds: 1_000,
            guarantees: ["uptime/99.9"], credentials: [.zero],
            reputation: ReputationReference(account: account(number), height: BlockHeight(7)),
            validUntil: validUntil)
    }

    static func signed(_ message: TaskMessage, by number: Int) -> CheckedTaskMessage {
        guard let checked = try? SignedTaskMessage(message, signedBy: key(number)).checked() else {
            preconditionFailure("an own signature is good")
        }
        return checked
    }
}

extension SignedAnnouncement {
    /// Checked at the samples' moment.
    var sure: CheckedAnnouncement {
        guard let checked = try? checked(on: Sample.chain, at: Sample.now) else {
            preconditionFailure("a sample is good")
        }
        return checked
    }
}
