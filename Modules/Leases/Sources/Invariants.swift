// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Looks for what the law of leases forbids (LEASES-20).
struct LeasesInvariants {
    let bank: any LeaseBank

    /// The most breaches one audit reports: whoever reads them needs the first ones.
    private static let breachesMax = 100

    /// Checks the leases and capacities that a block changed. Cost: a few reads for each.
    func breaches(after block: ExecutionContext) -> [String] {
        var found: [String] = []
        for change in block.changes(of: .leases) where found.count < Self.breachesMax {
            guard let first = change.key.first else { continue }
            if [first] == LeasesKeys.records {
                found += tokens(change)
                found += lease(LeasesKeys.lease(endOf: change.key), in: block)
            } else if [first] == LeasesKeys.capacities, let bytes = change.after {
                found += capacity(bytes)
            } else if [first] == LeasesKeys.closed {
                found += ended(LeasesKeys.lease(endOf: change.key), in: block)
            }
        }
        return found.map { "leases: " + $0 }
    }

    /// Checks every lease, capacity and index. Cost: a walk through the state of leases.
    func breaches(in state: any StateReader) -> [String] {
        var found: [String] = []
        var held: [AccountID: ResourceAmounts] = [:]
        var holdings = 0
        var records = 0
        for pair in state.pairs(of: .leases, prefix: LeasesKeys.records) {
            found += lease(LeasesKeys.lease(endOf: pair.key), in: state)
            guard let record = try? LeaseRecord(canonicalBytes: pair.value) else { continue }
            records += 1
            holdings += record.holders.count
            for holder in record.holders {
                held[holder] = (held[holder] ?? .zero).adding(record.resources)
            }
        }
        for pair in state.pairs(of: .leases, prefix: LeasesKeys.closed) {
            found += ended(LeasesKeys.lease(endOf: pair.key), in: state)
        }
        for pair in state.pairs(of: .leases, prefix: LeasesKeys.capacities) {
            found += capacity(pair.value)
            guard let account = Bytes32(pair.key.dropFirst()).map(AccountID.init),
                let capacity = try? ProviderCapacity(canonicalBytes: pair.value)
            else { continue }
            if capacity.held != held.removeValue(forKey: account) ?? .zero {
                found.append("\(account) holds something else than its bids and leases")
            }
        }
        if !held.isEmpty { found.append("\(held.count) providers hold what they never declared") }
        for (prefix, name, count) in [
            (LeasesKeys.due, "due", records), (LeasesKeys.terms, "terms", records),
            (LeasesKeys.deployments, "deployment", records),
            (LeasesKeys.holdings, "holding", holdings),
        ] {
            let entries = state.pairs(of: .leases, prefix: prefix).reduce(0) { sum, _ in sum + 1 }
            if entries != count { found.append("\(entries) \(name) entries for \(count)") }
        }
        return found.prefix(Self.breachesMax).map { "leases: " + $0 }
    }

    /// A token never falls.
    private func tokens(_ change: StateChange) -> [String] {
        guard let before = change.before.flatMap({ try? LeaseRecord(canonicalBytes: $0) }),
            let after = change.after.flatMap({ try? LeaseRecord(canonicalBytes: $0) })
        else { return [] }
        let isSame = before.primary?.provider == after.primary?.provider
        guard after.token >= before.token, isSame || after.token > before.token else {
            return ["\(after.lease): another provider runs it under the token \(after.token)"]
        }
        return []
    }

    private func lease(_ lease: LeaseID, in state: any StateReader) -> [String] {
        guard let record = state.leases(LeaseRecord.self, at: LeasesKeys.record(lease)) else {
            return []
        }
        var found: [String] = []
        func expect(_ holds: Bool, _ sentence: String) {
            if !holds { found.append("\(lease): \(sentence)") }
        }
        let balance = bank.balance(of: lease, in: state)
        expect(balance == record.funds, "the bank holds \(balance), not \(record.funds)")
        let due = record.indexedDue.map { LeasesKeys.due($0, lease) }
        expect(
            due.map { state.value(.leases, $0) != nil } ?? false, "it is not in the index of due")
        expect(
            state.value(.leases, LeasesKeys.closed(lease)) == nil, "it is both live and ended")
        for holder in record.holders {
            expect(
                state.value(.leases, LeasesKeys.holding(holder, lease)) != nil,
                "\(holder) is there without holding anything")
        }
        expect(Set(record.holders).count == record.holders.count, "somebody is there twice")
        expect(
            record.standbys.count <= Int(record.standbysWanted), "it has more standbys than wanted")
        let isSeated = record.primary != nil
        if case .open = record.phase {
            expect(!isSeated, "it is open and somebody runs it")
        } else {
            expect(isSeated, "it is \(record.phase.name) and nobody runs it")
        }
        return found
    }

    private func ended(_ lease: LeaseID, in state: any StateReader) -> [String] {
        guard state.value(.leases, LeasesKeys.closed(lease)) != nil else { return [] }
        let balance = bank.balance(of: lease, in: state)
        return balance == .zero ? [] : ["\(lease): it ended and the bank holds \(balance)"]
    }

    private func capacity(_ bytes: [UInt8]) -> [String] {
        guard let capacity = try? ProviderCapacity(canonicalBytes: bytes) else {
            return ["a capacity does not read"]
        }
        return capacity.held.fits(in: capacity.declared)
            ? [] : ["a provider holds more than it declared"]
    }
}
