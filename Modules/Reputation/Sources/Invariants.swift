// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: evidence is only added, and the counters count it (REPUTATION-4).
enum ReputationInvariants {
    /// Compares the evidence a block added with what its counters say. Cost: the block's changes.
    static func breaches(after block: ExecutionContext) -> [String] {
        var found: [String] = []
        var added: [AccountID: UInt64] = [:]
        var counted: [AccountID: UInt64] = [:]
        for change in block.changes(of: .reputation) {
            guard let provider = provider(of: change.key) else { continue }
            if change.key.first == ReputationKeys.evidencePrefix {
                if change.before != nil || change.after == nil {
                    found.append("evidence about \(provider) was changed")
                }
                added[provider, default: 0] += 1
            } else {
                counted[provider, default: 0] = total(change.after) &- total(change.before)
            }
        }
        for provider in Set(added.keys).union(counted.keys).sorted()
        where added[provider] != counted[provider] {
            found.append("counters and evidence about \(provider) differ")
        }
        return found
    }

    /// Counts everything again. Cost: all evidence.
    static func breaches(in state: any StateReader) -> [String] {
        let module = ReputationModule()
        let weights = module.weights(in: state)
        var found: [String] = []
        for pair in state.pairs(of: .reputation, prefix: [ReputationKeys.standingPrefix]) {
            guard let provider = provider(of: pair.key) else { continue }
            var recounted = Standing.unknown
            for kind in kinds(of: provider, in: state) { recounted.add(kind) }
            recounted.score = weights.score(of: recounted)
            if recounted != module.standing(of: provider, in: state) {
                found.append("the standing of \(provider) does not follow from its evidence")
            }
        }
        return found
    }

    private static func kinds(of provider: AccountID, in state: any StateReader) -> [EvidenceKind] {
        var kinds: [EvidenceKind] = []
        while true {
            let page = ReputationModule().evidence(
                of: provider, from: UInt64(kinds.count), limit: 1_000, in: state)
            guard !page.isEmpty else { return kinds }
            kinds += page.map(\.kind)
        }
    }

    private static func provider(of key: [UInt8]) -> AccountID? {
        Bytes32(key.dropFirst().prefix(Bytes32.count)).map(AccountID.init)
    }

    private static func total(_ bytes: [UInt8]?) -> UInt64 {
        let standing: Standing? = ReputationModule.decoded(bytes)
        return standing?.total ?? 0
    }
}
