// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StateReader {
    /// A value of this module. Only leases write under their number, so it can be read.
    func leases<Value: CanonicalCodable>(_ type: Value.Type, at key: [UInt8]) -> Value? {
        guard let bytes = value(.leases, key) else { return nil }
        guard let value = try? Value(canonicalBytes: bytes) else {
            preconditionFailure("the state of leases holds what they cannot have written")
        }
        return value
    }

    /// The figures of the law.
    var leasesParameters: LeasesParameters {
        leases(LeasesParameters.self, at: LeasesKeys.parameters) ?? .standard
    }
}

/// Live leases, capacities and their indexes, written so that they never disagree.
struct LeaseBook {
    let context: ExecutionContext
    let parameters: LeasesParameters

    /// How much of the index of what is due is read at once.
    private static let duePage = 16

    /// A live lease.
    func record(_ lease: LeaseID) -> LeaseRecord? {
        context.leases(LeaseRecord.self, at: LeasesKeys.record(lease))
    }

    /// Whether a lease with this id has ended.
    func hasEnded(_ lease: LeaseID) -> Bool {
        context.value(.leases, LeasesKeys.closed(lease)) != nil
    }

    /// The terms of a live lease.
    func terms(of record: LeaseRecord) -> LeaseTerms {
        guard let terms = context.leases(LeaseTerms.self, at: LeasesKeys.terms(record.lease))
        else { preconditionFailure("a live lease has terms") }
        return terms
    }

    /// Writes a live lease and moves it in the indexes.
    func save(_ changed: LeaseRecord) {
        var record = changed
        let due = record.due(under: parameters)
        if record.indexedDue != due {
            removeDue(record)
            set(LeasesKeys.due(due, record.lease), [])
            record.indexedDue = due
        }
        if record.isIndexedWanting != record.wantsBids {
            set(LeasesKeys.wanting(record), record.wantsBids ? [] : nil)
            record.isIndexedWanting = record.wantsBids
        }
        set(LeasesKeys.record(record.lease), record.canonicalBytes)
    }

    /// Enters a new lease.
    func enter(_ record: LeaseRecord, _ terms: LeaseTerms) {
        set(LeasesKeys.tenant(record), [])
        set(deploymentKey(record, terms), [])
        set(LeasesKeys.terms(record.lease), terms.canonicalBytes)
        save(record)
    }

    /// Replaces a lease by the record of its end, and frees what anybody held for it.
    func end(_ record: LeaseRecord, _ terms: LeaseTerms, with closed: ClosedLease) {
        removeDue(record)
        if record.isIndexedWanting { set(LeasesKeys.wanting(record), nil) }
        for provider in record.holders { free(provider, from: record) }
        set(deploymentKey(record, terms), nil)
        set(LeasesKeys.terms(record.lease), nil)
        set(LeasesKeys.record(record.lease), nil)
        set(LeasesKeys.closed(record.lease), closed.canonicalBytes)
    }

    /// Up to `limit` leases whose next moment lies before `time`, the earliest first.
    func due(before time: Timestamp, limit: UInt64) -> [LeaseID] {
        var found: [LeaseID] = []
        var after: [UInt8]?
        // In small pages: mostly nothing is due, and what is not is not read.
        while found.count < Int(limit) {
            let page = context.scan(
                .leases, prefix: LeasesKeys.due, after: after,
                limit: min(Self.duePage, Int(limit) - found.count))
            let due = page.prefix { LeasesKeys.time(ofDue: $0.key) < time }
            found += due.map { LeasesKeys.lease(endOf: $0.key) }
            after = page.last?.key
            guard due.count == Self.duePage else { break }
        }
        return found
    }

    private func deploymentKey(_ record: LeaseRecord, _ terms: LeaseTerms) -> [UInt8] {
        LeasesKeys.deployment(terms.deployment, of: record.tenant) + record.lease.raw.bytes
    }

    private func removeDue(_ record: LeaseRecord) {
        guard let due = record.indexedDue else { return }
        set(LeasesKeys.due(due, record.lease), nil)
    }

    private func set(_ key: [UInt8], _ value: [UInt8]?) { context.set(.leases, key, value) }
}

// MARK: - What providers have

extension LeaseBook {
    /// What a provider declared and holds.
    func capacity(of provider: AccountID) -> ProviderCapacity? {
        context.leases(ProviderCapacity.self, at: LeasesKeys.capacity(provider))
    }

    /// Writes what a provider has; nothing is kept of one that has nothing and holds nothing.
    func write(_ capacity: ProviderCapacity, of provider: AccountID) {
        let isNothing = capacity.declared == .zero && capacity.held == .zero
        set(LeasesKeys.capacity(provider), isNothing ? nil : capacity.canonicalBytes)
    }

    /// Holds a lease's resources at a provider; says no when it has not so much left (LEASES-2).
    func hold(at provider: AccountID, for record: LeaseRecord) -> Bool {
        guard var capacity = capacity(of: provider),
            let held = capacity.held.adding(record.resources), held.fits(in: capacity.declared)
        else { return false }
        capacity.held = held
        write(capacity, of: provider)
        set(LeasesKeys.holding(provider, record.lease), [])
        return true
    }

    /// Frees what a provider held for a lease.
    func free(_ provider: AccountID, from record: LeaseRecord) {
        guard var capacity = capacity(of: provider),
            let held = capacity.held.subtracting(record.resources)
        else { preconditionFailure("whoever holds resources has declared them") }
        capacity.held = held
        write(capacity, of: provider)
        set(LeasesKeys.holding(provider, record.lease), nil)
    }
}
