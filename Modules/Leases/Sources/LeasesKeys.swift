// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Where leases keep what, below their module byte (README.md, State).
public enum LeasesKeys {
    /// The parameters: one value.
    public static let parameters: [UInt8] = [0]
    static let records: [UInt8] = [1]
    static let closed: [UInt8] = [2]
    static let due: [UInt8] = [3]
    static let capacities: [UInt8] = [4]
    static let holdings: [UInt8] = [5]
    static let tenants: [UInt8] = [6]
    static let wanting: [UInt8] = [7]
    static let deployments: [UInt8] = [8]
    static let terms: [UInt8] = [9]

    /// A ``LeaseRecord``.
    public static func record(_ lease: LeaseID) -> [UInt8] { records + lease.raw.bytes }

    /// A ``ClosedLease``.
    public static func closed(_ lease: LeaseID) -> [UInt8] { closed + lease.raw.bytes }

    /// The ``LeaseTerms`` of a lease that has not ended.
    public static func terms(_ lease: LeaseID) -> [UInt8] { terms + lease.raw.bytes }

    /// A provider's ``ProviderCapacity``.
    public static func capacity(_ provider: AccountID) -> [UInt8] {
        capacities + provider.raw.bytes
    }

    /// A lease in the index of what is due: time, then lease.
    static func due(_ time: Timestamp, _ lease: LeaseID) -> [UInt8] {
        due + bigEndian(time.value) + lease.raw.bytes
    }

    /// All that a provider holds resources for.
    static func holdings(of provider: AccountID) -> [UInt8] { holdings + provider.raw.bytes }

    /// One lease that a provider holds resources for.
    static func holding(_ provider: AccountID, _ lease: LeaseID) -> [UInt8] {
        holdings(of: provider) + lease.raw.bytes
    }

    /// All leases of a tenant.
    static func leases(of tenant: AccountID) -> [UInt8] { tenants + tenant.raw.bytes }

    /// A lease among its tenant's, the newest first: tenant, height counted down, lease.
    static func tenant(_ record: LeaseRecord) -> [UInt8] {
        leases(of: record.tenant) + bigEndian(UInt64.max - record.openedHeight.value)
            + record.lease.raw.bytes
    }

    /// A lease that wants bids: height opened, then lease.
    static func wanting(_ record: LeaseRecord) -> [UInt8] {
        wanting + bigEndian(record.openedHeight.value) + record.lease.raw.bytes
    }

    /// The live leases of a deployment.
    static func deployment(_ deployment: Bytes32, of tenant: AccountID) -> [UInt8] {
        deployments + tenant.raw.bytes + deployment.bytes
    }

    static func bigEndian(_ value: UInt64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The lease at the end of an index key.
    static func lease(endOf key: [UInt8]) -> LeaseID {
        guard let raw = Bytes32(key.suffix(Bytes32.count)) else {
            preconditionFailure("an index key ends with a lease")
        }
        return LeaseID(raw)
    }

    /// The time at the start of a key of the due index.
    static func time(ofDue key: [UInt8]) -> Timestamp {
        Timestamp(key.dropFirst().prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
