// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension MarketDesk {
    /// Takes a provider's result; the last one decides the order (MARKET-8, MARKET-11).
    func revealResult(_ message: RevealResult, from sender: AccountID) throws(Refusal) {
        var order = try liveOrder(message.job)
        let index = try lease(of: sender, in: order)
        guard case .revealing(let revealBy) = order.phase else {
            throw MarketRefusal.notRevealing.refusal("not every result is committed yet")
        }
        guard case .committed(let commitment) = order.leases[index].progress else {
            throw MarketRefusal.alreadyRevealed.refusal("the lease has shown its result")
        }
        try expect(by: revealBy, "the time for results")
        try expect(by: order.terms.deadline, "the order")
        try check(message, against: commitment, from: sender, limits: order.terms.limits)
        order.leases[index].progress = .revealed(
            RevealedResult(
                result: message.result, salt: message.salt, key: message.key,
                signature: message.signature))
        emit(
            .resultRevealed(provider: sender, resultDigest: message.result.digest),
            about: order.job)
        guard order.leases.allSatisfy({ $0.revealed != nil }) else { return book.save(order) }
        try decide(order)
    }

    private func check(
        _ message: RevealResult, against commitment: Digest, from sender: AccountID,
        limits: JobLimits
    ) throws(Refusal) {
        let result = message.result
        guard result.commitment(salt: message.salt, provider: sender) == commitment else {
            throw MarketRefusal.commitmentMismatch.refusal(
                "the result and salt are not those the provider committed to")
        }
        guard result.fuelUsed <= limits.fuelMax, result.outputBytes <= limits.outputBytesMax else {
            throw MarketRefusal.usageAboveLimit.refusal(
                "the result states \(result.fuelUsed) fuel of \(limits.fuelMax) and "
                    + "\(result.outputBytes) output bytes of \(limits.outputBytesMax)")
        }
        guard AccountID(of: message.key) == sender else {
            throw MarketRefusal.foreignKey.refusal("the key is not \(sender)'s")
        }
        let statement = ResultStatement(
            chain: context.block.chain, job: message.job, provider: sender,
            resultDigest: result.digest)
        guard message.key.accepts(message.signature, over: statement.signedBytes) else {
            throw MarketRefusal.badResultSignature.refusal(
                "the signature is not the key's over this result")
        }
    }
}
