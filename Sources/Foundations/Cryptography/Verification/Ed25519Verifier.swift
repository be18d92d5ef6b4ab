// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// What a signature claims: that the holder of a key signed a message.
public struct SignatureClaim: Hashable, Sendable {
    /// The key said to have signed.
    public let key: PublicKey
    /// The signature.
    public let signature: Signature
    /// What is said to be signed.
    public let message: [UInt8]

    /// Joins the three.
    public init(key: PublicKey, signature: Signature, message: [UInt8]) {
        self.key = key
        self.signature = signature
        self.message = message
    }
}

/// Decides Ed25519 signatures by one written rule, that of ZIP-215 (CRYPTO-2).
///
/// The verdict is a function of the three inputs alone: the same on every machine, alone and in a
/// batch, whichever code computes it. That is what lets every node agree on a block.
public enum Ed25519Verifier {
    /// How this machine decides batches, in words for people.
    public static var backend: String {
        LaneVerifier.isReady
            ? "AVX-512 IFMA, eight at a time" : "libsodium, one at a time"
    }

    /// An exact verdict for each claim, in the order of the claims (CRYPTO-5).
    ///
    /// Cost: about 3.4 µs a claim in full eights where the machine has AVX-512 IFMA; elsewhere
    /// 37 µs for a good signature and 90 µs for a bad one. One thread works; callers with many
    /// claims share them out among their workers.
    public static func verify(_ batch: [SignatureClaim]) -> [Bool] {
        guard LaneVerifier.isReady else { return verify(batch, by: .library) }
        let left = batch.count % LaneVerifier.lanes
        guard 0 < left, left < LaneVerifier.claimsMin else { return verify(batch, by: .lanes) }
        let full = batch.count - left
        return LaneVerifier.verify(batch[..<full]) + batch[full...].map(accepts)
    }

    /// The same verdicts from one backend alone, which must be available.
    package static func verify(_ batch: [SignatureClaim], by backend: Ed25519Backend) -> [Bool] {
        switch backend {
        case .lanes:
            precondition(LaneVerifier.isReady, "this machine does not have the lanes")
            return LaneVerifier.verify(batch)
        case .library: return batch.map(accepts)
        case .portable:
            return batch.map {
                PortableVerifier.accepts($0.signature, by: $0.key, over: $0.message)
            }
        }
    }

    private static func accepts(_ claim: SignatureClaim) -> Bool {
        accepts(claim.signature, by: claim.key, over: claim.message)
    }

    /// Whether `signature` is that of `key` over `message`.
    ///
    /// libsodium goes first. Its rule is narrower, and contained in ours (CRYPTO-4), so its yes
    /// is final; its no is decided again by the rule itself.
    static func accepts(_ signature: Signature, by key: PublicKey, over message: [UInt8]) -> Bool {
        guard let memory = VerdictMemory.current else {
            return decide(signature, by: key, over: message)
        }
        let claim = SignatureClaim(key: key, signature: signature, message: message)
        return memory.verdict(claim) { decide(signature, by: key, over: message) }
    }

    private static func decide(
        _ signature: Signature, by key: PublicKey, over message: [UInt8]
    ) -> Bool {
        isAcceptedBySodium(signature, by: key, over: message)
            || PortableVerifier.accepts(signature, by: key, over: message)
    }

    /// libsodium's verdict, which refuses some signatures that CRYPTO-2 accepts.
    static func isAcceptedBySodium(
        _ signature: Signature, by key: PublicKey, over message: [UInt8]
    ) -> Bool {
        CryptographyLibrary.start()
        return crypto_sign_verify_detached(
            signature.bytes, message, UInt64(message.count), key.raw.bytes) == 0
    }
}
