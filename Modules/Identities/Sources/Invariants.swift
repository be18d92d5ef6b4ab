// SPDX-License-Identifier: Apache-2.0
import Identity
import Ledger
import Vocabulary

/// What must always hold: logs only grow and end once (IDENTITIES-4), and an issuer's record and
/// the bank agree on its bond (IDENTITIES-12).
enum IdentitiesInvariants {
    /// Checks what a block changed. Cost: the block's changes.
    static func breaches(after block: ExecutionContext, bank: any IssuerBank) -> [String] {
        block.changes(of: .identities).flatMap { change -> [String] in
            switch change.key.first {
            case IdentitiesKeys.identityPrefix: breach(of: change, block.block.chain)
            case IdentitiesKeys.issuerPrefix: breaches(of: change.after, bank, in: block)
            default: []
            }
        }
    }

    /// Checks every record.
    static func breaches(in state: any StateReader, bank: any IssuerBank) -> [String] {
        state.pairs(of: .identities, prefix: [IdentitiesKeys.issuerPrefix]).flatMap {
            breaches(of: $0.value, bank, in: state)
        }
    }

    private static func breach(of change: StateChange, _ chain: ChainID) -> [String] {
        guard let account = Bytes32(change.key.dropFirst()).map(AccountID.init) else {
            return ["an identity has a key of \(change.key.count) bytes"]
        }
        func read(_ bytes: [UInt8]?) -> IdentityRecord? {
            bytes.flatMap { try? IdentityRecord(stored: $0, of: account, chain: chain) }
        }
        guard let after = read(change.after) else { return ["identity \(account) has no record"] }
        guard let before = read(change.before) else {
            let isBegun = change.before == nil && (after.count > 1 || isOwn(after))
            return isBegun ? [] : ["identity \(account) began with a foreign key"]
        }
        guard after.count > before.count, !before.isDeactivated else {
            return ["identity \(account): a log that does not go on has changed"]
        }
        return []
    }

    private static func isOwn(_ record: IdentityRecord) -> Bool {
        AccountID(of: record.controller) == record.subject
    }

    private static func breaches(
        of bytes: [UInt8]?, _ bank: any IssuerBank, in state: any StateReader
    ) -> [String] {
        guard let issuer: Issuer = IdentitiesQueries.decoded(bytes) else { return [] }
        var found: [String] = []
        let held = bank.bond(of: issuer.account, in: state)
        if held != issuer.bond {
            found.append("issuer \(issuer.account): bond \(issuer.bond), held \(held)")
        }
        if issuer.status != .active, !issuer.types.isEmpty {
            found.append("issuer \(issuer.account): authority after it retired")
        }
        return found
    }
}
