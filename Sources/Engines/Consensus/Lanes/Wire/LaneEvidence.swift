// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Two batches of one key for one lane height, which no honest owner signs (LANES-16).
///
/// It stands alone: whoever knows the chain and the epoch's validators can check it.
public struct LaneEvidence: CanonicalCodable, Hashable {
    /// One header.
    public let first: SignedBatchHeader
    /// The other.
    public let second: SignedBatchHeader

    /// Joins two headers without checking them.
    public init(first: SignedBatchHeader, second: SignedBatchHeader) {
        self.first = first
        self.second = second
    }

    /// Checks both signatures and the contradiction. Cost: two signatures.
    ///
    /// - Returns: The offender's place in `validators`, which are those of the epoch, or nothing
    ///   when this proves nothing.
    public func offender(validators: ValidatorSet, chain: ChainID, epoch: Epoch) -> Int? {
        let (one, other) = (first.header, second.header)
        guard one.chain == chain, other.chain == chain else { return nil }
        guard one.epoch == epoch, other.epoch == epoch else { return nil }
        guard one.lane == other.lane, one.height == other.height else { return nil }
        guard one != other, Int(one.lane) < validators.count else { return nil }
        let key = validators.validators[Int(one.lane)].key
        let verdicts = Ed25519Verifier.verify([first.claim(of: key), second.claim(of: key)])
        return verdicts == [true, true] ? Int(one.lane) : nil
    }

    /// Appends the two headers.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(first)
        encoder.write(second)
    }

    /// Reads evidence without judging it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        first = try decoder.read()
        second = try decoder.read()
    }
}
