// SPDX-License-Identifier: Apache-2.0
import CCrypto
import CSodium
import Cryptography
import Vocabulary

/// Exact Ed25519 verdicts on one core, beside the two libraries alone.
enum SignatureVerify {
    static let figure = FigureID(
        "crypto.ed25519.verify", "1/s", "exact Ed25519 verdicts per second per core",
        bar: .atLeast(150_000))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    /// The size of a signed transfer.
    private static let messageBytes = 240
    /// Different keys, so that no cache can hold what belongs to one.
    private static let keys = 512

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(9, quick: 5)
        let claims = try claims()
        return try await bench.compute {
            let ours = try rate(runs) { Ed25519Verifier.verify(claims).allSatisfy { $0 } }
            let single = try rate(runs) {
                claims.allSatisfy { $0.key.accepts($0.signature, over: $0.message) }
            }
            let sodium = try rate(runs) { claims.allSatisfy(isAcceptedBySodium) }
            let openssl = try rate(runs) { claims.allSatisfy(isAcceptedByOpenSSL) }
            let meter =
                "thread CPU, a batch of \(keys) good signatures of as many keys over "
                + "\(messageBytes) B; one at a time \(NumberText.of(single)); median of \(runs)"
            return [
                Measurement(
                    figure: figure, value: ours,
                    peers: [
                        .init(name: "libsodium", value: sodium),
                        .init(name: "openssl", value: openssl),
                    ], meter: meter)
            ]
        }
    }

    private static func claims() throws -> [SignatureClaim] {
        try (0..<keys).map { number in
            guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
                throw BenchFailure("no key")
            }
            var dice = Dice(seed: UInt64(number))
            let message = (0..<messageBytes).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
            return SignatureClaim(
                key: key.publicKey, signature: key.sign(message), message: message)
        }
    }

    private static func rate(_ runs: Int, _ verify: () -> Bool) throws -> Double {
        let seconds = try timed(runs: runs) {
            guard verify() else { throw BenchFailure("a good signature was refused") }
        }
        return Double(keys) / seconds.median
    }

    private static func isAcceptedBySodium(_ claim: SignatureClaim) -> Bool {
        crypto_sign_verify_detached(
            claim.signature.bytes, claim.message, UInt64(claim.message.count),
            claim.key.raw.bytes) == 0
    }

    private static func isAcceptedByOpenSSL(_ claim: SignatureClaim) -> Bool {
        guard
            let key = EVP_PKEY_new_raw_public_key(
                EVP_PKEY_ED25519, nil, claim.key.raw.bytes, Bytes32.count),
            let context = EVP_MD_CTX_new()
        else { return false }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        let signature = claim.signature.bytes
        return EVP_DigestVerify(
            context, signature, signature.count, claim.message, claim.message.count) == 1
    }
}
