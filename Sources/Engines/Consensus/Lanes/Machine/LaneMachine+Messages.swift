// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension LaneMachine {
    /// A message that can count, and where its signatures lie among those to verify.
    private struct Work {
        let peer: PublicKey
        let message: LaneMessage
        let claims: Range<Int>
    }

    /// Takes messages that arrived together: all their signatures are verified at once.
    mutating func receive(_ deliveries: [LaneDelivery]) {
        guard isStarted else { return }
        var claims: [SignatureClaim] = []
        var work: [Work] = []
        for delivery in deliveries {
            let first = claims.count
            guard admit(delivery, to: &claims) else { continue }
            work.append(
                Work(
                    peer: delivery.peer, message: delivery.message, claims: first..<claims.count))
        }
        let verdicts = Ed25519Verifier.verify(claims)
        for item in work { take(item, verdicts[item.claims]) }
    }

    /// Looks whether a message can count, and notes its signatures.
    private mutating func admit(
        _ delivery: LaneDelivery, to claims: inout [SignatureClaim]
    ) -> Bool {
        let peer = delivery.peer
        guard peer != identity?.publicKey, peers.isHeard(peer) else { return false }
        switch delivery.message {
        case .batch(let batch):
            guard canUse(batch, from: peer) else { return false }
            claims.append(claim(of: batch))
        case .vector(let vector):
            guard isAddressed(vector) else {
                reject(peer, .misaddressed)
                return false
            }
            guard isNews(vector) else { return false }
            claims.append(
                SignatureClaim(
                    key: configuration.validators.validators[Int(vector.validator)].key,
                    signature: vector.signature, message: vector.signedBytes))
        case .request: break
        case .answer(let batches):
            guard isAwaited(batches, from: peer) else {
                if !isLate(batches) { reject(peer, .badAnswer) }
                return false
            }
            for batch in batches { claims.append(claim(of: batch)) }
        }
        return true
    }

    private func claim(of batch: Batch) -> SignatureClaim {
        batch.signed.claim(of: configuration.validators.validators[Int(batch.header.lane)].key)
    }

    private mutating func take(_ item: Work, _ verdicts: ArraySlice<Bool>) {
        guard verdicts.allSatisfy({ $0 }) else {
            reject(item.peer, .badSignature)
            return
        }
        switch item.message {
        case .batch(let batch):
            // Another of the same delivery may have changed what can be used.
            guard canUse(batch, from: item.peer) else { return }
            take(batch, from: item.peer)
        case .vector(let vector): count(vector)
        case .request(let request): serve(request, to: item.peer)
        case .answer(let batches): takeAnswer(batches, from: item.peer)
        }
    }
}
