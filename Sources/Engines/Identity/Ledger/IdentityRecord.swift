// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// Why an entry does not continue a log.
public enum OperationRefusal: Error, Hashable, Sendable {
    /// Meant for another chain.
    case wrongChain
    /// The subject is not the hash of the first key, or not that of the log.
    case wrongSubject
    /// Not the next place in the log.
    case wrongSequence(expected: UInt64)
    /// It names another entry before it.
    case wrongPrevious
    /// The log begins with something else, or is begun twice.
    case misplacedCreate
    /// The key is not the one that was committed to.
    case wrongRecoveryKey
    /// The log has ended.
    case deactivated
    /// More than one operation may hold.
    case tooMany
    /// The signature is not that of the key that may ask.
    case badSignature
}

/// What a log says so far: an identity's state (IDENTITY-8).
public struct IdentityRecord: Hashable, Sendable {
    /// The chain the log belongs to.
    public let chain: ChainID
    /// Whose it is.
    public let subject: AccountID
    /// The key that may ask for operations.
    public private(set) var controller: PublicKey
    /// The hash of the key that may recover.
    public private(set) var recovery: Digest
    /// The keys beside the controlling one.
    public private(set) var delegates: [DelegateKey] = []
    /// The services.
    public private(set) var services: [ServiceEndpoint] = []
    /// The hash of the machine's specification.
    public private(set) var specification: Digest?
    /// Whether the log has ended.
    public private(set) var isDeactivated = false
    /// How many entries there are.
    public private(set) var count: UInt64 = 1
    /// The hash of the last entry.
    public private(set) var last: Digest

    /// What a key is committed to as, until it recovers.
    public static func commitment(to key: PublicKey) -> Digest {
        key.digest(domain: "atoll/identity/recovery/1")
    }

    /// Joins the parts of a record that was kept.
    init(
        chain: ChainID, subject: AccountID, controller: PublicKey, recovery: Digest, last: Digest,
        count: UInt64, isDeactivated: Bool, specification: Digest?, delegates: [DelegateKey],
        services: [ServiceEndpoint]
    ) {
        self.chain = chain
        self.subject = subject
        self.controller = controller
        self.recovery = recovery
        self.last = last
        self.count = count
        self.isDeactivated = isDeactivated
        self.specification = specification
        self.delegates = delegates
        self.services = services
    }

    /// Begins a log, without deciding the signature: the first entry counts only when its claim by
    /// ``controller`` holds.
    ///
    /// - Throws: ``OperationRefusal``.
    public init(beginningWith entry: SignedOperation, chain: ChainID) throws(OperationRefusal) {
        let operation = entry.operation
        guard operation.chain == chain else { throw .wrongChain }
        guard case .create(let key, let recovery) = operation.action else {
            throw .misplacedCreate
        }
        guard operation.subject == AccountID(of: key) else { throw .wrongSubject }
        guard operation.sequence == 0 else { throw .wrongSequence(expected: 0) }
        guard operation.previous == .zero else { throw .wrongPrevious }
        self.chain = chain
        subject = operation.subject
        controller = key
        self.recovery = recovery
        last = entry.digest
    }

    /// Takes the next entry, and gives the claim that the caller must decide: the record counts
    /// only when it holds. So the signatures of many entries can be decided together.
    ///
    /// - Throws: ``OperationRefusal``; the record is then as it was.
    public mutating func take(_ entry: SignedOperation) throws(OperationRefusal) -> SignatureClaim {
        let operation = entry.operation
        guard operation.chain == chain else { throw .wrongChain }
        guard operation.subject == subject else { throw .wrongSubject }
        guard !isDeactivated else { throw .deactivated }
        guard operation.sequence == count else { throw .wrongSequence(expected: count) }
        guard operation.previous == last else { throw .wrongPrevious }
        guard count < UInt64(IdentityLog.entriesMax) else { throw .tooMany }
        let signer = try apply(operation.action)
        count += 1
        last = entry.digest
        return entry.claim(by: signer)
    }

    /// Does what an action asks, and says whose signature it needs.
    private mutating func apply(_ action: IdentityAction) throws(OperationRefusal) -> PublicKey {
        let signer = controller
        switch action {
        case .create: throw .misplacedCreate
        case .rotate(let key): controller = key
        case .recover(let spare, let key, let next):
            guard Self.commitment(to: spare) == recovery else { throw .wrongRecoveryKey }
            controller = key
            recovery = next
            // Whoever held the lost key may have lent keys of its own.
            delegates = []
            return spare
        case .setDelegates(let keys):
            guard keys.count <= IdentityAction.delegatesMax else { throw .tooMany }
            delegates = keys
        case .setServices(let list):
            guard list.count <= IdentityAction.servicesMax else { throw .tooMany }
            services = list
        case .setSpecification(let digest): specification = digest
        case .deactivate: isDeactivated = true
        }
        return signer
    }
}

extension SignedOperation {
    /// The claim that `key` signed this.
    public func claim(by key: PublicKey) -> SignatureClaim {
        SignatureClaim(
            key: key, signature: signature,
            message: operation.signedBytes(domain: IdentityOperation.domain))
    }
}

extension IdentityRecord {
    /// Begins a log. Cost: one signature.
    ///
    /// - Throws: ``OperationRefusal``.
    public static func begun(
        by entry: SignedOperation, chain: ChainID
    ) throws(OperationRefusal) -> IdentityRecord {
        let record = try IdentityRecord(beginningWith: entry, chain: chain)
        let claim = entry.claim(by: record.controller)
        guard claim.key.accepts(claim.signature, over: claim.message) else { throw .badSignature }
        return record
    }

    /// The record after one more entry. Cost: one signature.
    ///
    /// - Throws: ``OperationRefusal``.
    public func applying(_ entry: SignedOperation) throws(OperationRefusal) -> IdentityRecord {
        var next = self
        let claim = try next.take(entry)
        guard claim.key.accepts(claim.signature, over: claim.message) else { throw .badSignature }
        return next
    }
}
