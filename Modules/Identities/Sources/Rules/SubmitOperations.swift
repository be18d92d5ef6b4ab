// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import Ledger
import Vocabulary

extension IdentitiesModule {
    /// Adds signed operations to logs (IDENTITIES-2); who sends them does not matter.
    func submit(
        _ message: SubmitOperations, in context: ExecutionContext
    ) throws(Refusal) {
        guard !message.operations.isEmpty else {
            throw .identities(.malformedMessage, "there is no operation")
        }
        var claims: [SignatureClaim] = []
        for (index, entry) in message.operations.enumerated() {
            claims.append(try add(entry, index, in: context))
        }
        try Self.decide(claims)
    }

    /// Adds one operation as if its signature held; the caller decides the claim.
    private func add(
        _ entry: SignedOperation, _ index: Int, in context: ExecutionContext
    ) throws(Refusal) -> SignatureClaim {
        let size = entry.canonicalBytes.count
        guard size <= SubmitOperations.operationBytesMax else {
            throw .identities(
                .operationTooLarge,
                "operation \(index) has \(size) bytes; the most is "
                    + "\(SubmitOperations.operationBytesMax)")
        }
        let chain = context.block.chain
        let subject = entry.operation.subject
        let known = IdentitiesQueries(context).identity(subject, chain: chain)
        guard var record = known else { return try begin(entry, index, in: context) }
        let claim: SignatureClaim
        do {
            claim = try record.take(entry)
        } catch {
            throw .operation(index, error)
        }
        context.set(.identities, IdentitiesKeys.identity(subject), record.stored)
        context.emit(.operationAdded, about: subject, entry)
        if issuer(subject, in: context) != nil { remember(keysOf: record, in: context) }
        return claim
    }

    private func begin(
        _ entry: SignedOperation, _ index: Int, in context: ExecutionContext
    ) throws(Refusal) -> SignatureClaim {
        guard case .create(let key, let recovery) = entry.operation.action else {
            throw .identities(
                .unknownIdentity, "operation \(index): no log of \(entry.operation.subject)")
        }
        let record = try Self.begin(entry, index, context.block.chain)
        context.set(.identities, IdentitiesKeys.identity(record.subject), record.stored)
        context.emit(
            .identityCreated, about: record.subject,
            NewIdentity(key: key, recovery: recovery, signature: entry.signature))
        return entry.claim(by: record.controller)
    }
}
