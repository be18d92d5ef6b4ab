// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Vocabulary

/// The receipt of an order that nobody took, field by field as the market writes it.
struct ExpiredOrder {
    let chain: ChainID
    let job: JobID
    var endedAt: UInt64 = 9
    var refund: UInt128 = 500

    var bytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.write(Receipt.version)
        encoder.write(chain)
        encoder.write(job)
        encoder.write(TrustedChain.account(5))
        encoder.write(JobKind.wasm)
        encoder.write(VerificationRung.replicated)
        for _ in 0..<3 { encoder.write(Digest.zero) }
        encoder.write(UInt8(2))
        encoder.write(OrderEnding.expired)
        encoder.writeOptional(JobResult?.none)
        encoder.writeLength(0)
        encoder.write(AssetID.native)
        encoder.write(Amount(500))
        encoder.write(Amount.zero)
        encoder.write(Amount(refund))
        encoder.write(Moment(height: BlockHeight(3), time: Timestamp(1_700_000_000_003)))
        encoder.write(Moment(height: BlockHeight(endedAt), time: Timestamp(1_700_000_000_009)))
        return encoder.bytes
    }
}
