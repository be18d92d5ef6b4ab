// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import Ledger
import Vocabulary

extension IdentitiesModule {
    /// Begins the logs of many identities (IDENTITIES-1).
    ///
    /// An entry that stands in the state already is passed over: whoever sends a part of somebody's
    /// batch before them must not make the whole of it fail.
    func create(
        _ message: CreateIdentities, in context: ExecutionContext
    ) throws(Refusal) {
        guard !message.identities.isEmpty else {
            throw .identities(.malformedMessage, "a batch begins at least one identity")
        }
        let chain = context.block.chain
        let entries = message.identities.map { $0.entry(on: chain) }
        try Self.decide(zip(message.identities, entries).map { $1.claim(by: $0.key) })
        for (index, entry) in entries.enumerated() {
            let record = try Self.begin(entry, index, chain)
            let key = IdentitiesKeys.identity(record.subject)
            let bytes = record.stored
            if let known = context.value(.identities, key) {
                guard known == bytes else {
                    throw .identities(.identityExists, "identity \(index) has begun already")
                }
                continue
            }
            context.set(.identities, key, bytes)
            context.emit(.identityCreated, about: record.subject, message.identities[index])
        }
    }

    /// Decides signatures together, eight at a time where the machine can.
    static func decide(_ claims: [SignatureClaim]) throws(Refusal) {
        guard let wrong = Ed25519Verifier.verify(claims).firstIndex(of: false) else { return }
        throw .operation(wrong, .badSignature)
    }

    static func begin(
        _ entry: SignedOperation, _ index: Int, _ chain: ChainID
    ) throws(Refusal) -> IdentityRecord {
        do {
            return try IdentityRecord(beginningWith: entry, chain: chain)
        } catch {
            throw .operation(index, error)
        }
    }
}
