// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

extension IdentityRecord {
    /// The record as a ledger keeps it under its subject (IDENTITY-24): 98 bytes for an identity
    /// that has only begun, and what it has added since.
    ///
    /// Chain and subject are left out: the place says them.
    public var stored: [UInt8] {
        var encoder = CanonicalEncoder(capacity: 128)
        encoder.write(Parts(of: self).rawValue)
        encoder.write(controller)
        encoder.write(recovery)
        encoder.write(last)
        encoder.writeLength(Int(clamping: count))
        if let specification { encoder.write(specification) }
        if !delegates.isEmpty { encoder.writeList(delegates) }
        if !services.isEmpty { encoder.writeList(services) }
        return encoder.bytes
    }

    /// Reads a record as a ledger keeps it.
    ///
    /// - Throws: ``CanonicalError`` when the bytes are not the one form of a record.
    public init(
        stored bytes: [UInt8], of subject: AccountID, chain: ChainID
    ) throws(CanonicalError) {
        var decoder = CanonicalDecoder(bytes)
        let parts = Parts(rawValue: try decoder.read())
        guard Parts.all.isSuperset(of: parts) else { throw .outOfRange("IdentityRecord.parts") }
        let controller = try decoder.read(PublicKey.self)
        let recovery = try decoder.read(Digest.self)
        let last = try decoder.read(Digest.self)
        let count = try decoder.readLength(limit: IdentityLog.entriesMax)
        let specification = try parts.contains(.specification) ? decoder.read(Digest.self) : nil
        let delegates: [DelegateKey] =
            try parts.contains(.delegates)
            ? decoder.readList(limit: IdentityAction.delegatesMax) : []
        let services: [ServiceEndpoint] =
            try parts.contains(.services)
            ? decoder.readList(limit: IdentityAction.servicesMax) : []
        try decoder.finish()
        self.init(
            chain: chain, subject: subject, controller: controller, recovery: recovery, last: last,
            count: UInt64(count), isDeactivated: parts.contains(.deactivated),
            specification: specification, delegates: delegates, services: services)
        // An empty list that claims to be there would be a second form of the same record.
        guard count > 0, Parts(of: self) == parts else {
            throw .outOfRange("IdentityRecord.parts")
        }
    }

    /// What a kept record holds beside its keys and its place.
    private struct Parts: OptionSet {
        let rawValue: UInt8

        static let deactivated = Parts(rawValue: 1)
        static let specification = Parts(rawValue: 2)
        static let delegates = Parts(rawValue: 4)
        static let services = Parts(rawValue: 8)
        static let all: Parts = [.deactivated, .specification, .delegates, .services]

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(of record: IdentityRecord) {
            self = []
            if record.isDeactivated { insert(.deactivated) }
            if record.specification != nil { insert(.specification) }
            if !record.delegates.isEmpty { insert(.delegates) }
            if !record.services.isEmpty { insert(.services) }
        }
    }
}
