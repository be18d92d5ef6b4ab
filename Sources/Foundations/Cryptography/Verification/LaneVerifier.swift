// SPDX-License-Identifier: Apache-2.0
import CShims.Ed25519Lanes

/// Decides eight signatures at a time in the lanes of AVX-512 (CRYPTO-13).
enum LaneVerifier {
    /// Whether the machine has the lanes, and they decide known signatures rightly (CRYPTO-14).
    ///
    /// The first look prepares the multiples of the base point, in a fifth of a millisecond.
    static let isReady: Bool = {
        guard atoll_ed25519_lanes_exist() else { return false }
        atoll_ed25519_lanes_start()
        return decidesKnownClaims()
    }()

    /// How many claims one call decides.
    static let lanes = Int(ATOLL_ED25519_LANES)

    /// The fewest claims worth a call, which costs as much for one as for eight: about as much as
    /// libsodium takes for one.
    static let claimsMin = 2

    /// An exact verdict for each claim. The lanes must be ready.
    ///
    /// Cost: about 27 µs for every eight claims begun, and the hashing of the longest message of
    /// the eight; good and bad alike.
    static func verify(_ claims: some Sequence<SignatureClaim>) -> [Bool] {
        var verdicts: [Bool] = []
        var group = LaneGroup()
        for claim in claims {
            group.append(claim)
            if group.isFull { group.decide(into: &verdicts) }
        }
        group.decide(into: &verdicts)
        return verdicts
    }

    // Signatures libsodium made, over messages of several lengths, every second one damaged.
    private static func decidesKnownClaims() -> Bool {
        guard let key = SigningKey(seed: [UInt8](repeating: 1, count: 32)) else { return false }
        var group = LaneGroup()
        var expected: [Bool] = []
        for lane in 0..<lanes {
            let message = [UInt8](repeating: UInt8(lane), count: 40 * lane)
            let isWhole = lane % 2 == 0
            group.append(
                SignatureClaim(
                    key: key.publicKey, signature: key.sign(message),
                    message: isWhole ? message : message + [1]))
            expected.append(isWhole)
        }
        var verdicts: [Bool] = []
        group.decide(into: &verdicts)
        return verdicts == expected
    }
}

/// Up to eight claims laid out for the lanes.
private struct LaneGroup {
    private static let lanes = LaneVerifier.lanes
    private static let claimBytes = Int(ATOLL_ED25519_CLAIM_BYTES)

    // Keys and signatures in a row, messages in a row: one copy each, so that no pointer outlives
    // its array.
    private var claims: [UInt8] = []
    private var messages: [UInt8] = []
    private var messageCounts: [Int] = []

    init() {
        claims.reserveCapacity(Self.lanes * Self.claimBytes)
        messageCounts.reserveCapacity(Self.lanes)
    }

    var isFull: Bool { messageCounts.count == Self.lanes }

    mutating func append(_ claim: SignatureClaim) {
        claim.key.raw.withUnsafeBytes { claims.append(contentsOf: $0) }
        claim.signature.point.withUnsafeBytes { claims.append(contentsOf: $0) }
        claim.signature.scalar.withUnsafeBytes { claims.append(contentsOf: $0) }
        messages.append(contentsOf: claim.message)
        messageCounts.append(claim.message.count)
    }

    /// Appends the verdicts of the claims and lets them go. Empty lanes hold zeros, which are an
    /// encoding like any other; nobody looks at their verdicts.
    mutating func decide(into verdicts: inout [Bool]) {
        let count = messageCounts.count
        guard count > 0 else { return }
        while !isFull {
            claims.append(contentsOf: repeatElement(0, count: Self.claimBytes))
            messageCounts.append(0)
        }
        let accepted = atoll_ed25519_lanes_verify(claims, messages, messageCounts)
        for lane in 0..<count { verdicts.append(accepted >> UInt8(lane) & 1 == 1) }
        claims.removeAll(keepingCapacity: true)
        messages.removeAll(keepingCapacity: true)
        messageCounts.removeAll(keepingCapacity: true)
    }
}
