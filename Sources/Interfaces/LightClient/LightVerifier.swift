// SPDX-License-Identifier: Apache-2.0
import Accounts
public import Consensus
public import Ledger
import StateTree
public import Vocabulary

/// Checks headers and state values from a trusted genesis file alone (specs/light-client.md).
///
/// A value: no clock, no disk, no network. What it returns is proven; what it cannot prove it
/// throws. The cost of a proof is that of its signatures: 67 of 100 equal validators take 0.3 ms of
/// one core where eight are checked at a time, and 2.5 ms elsewhere.
public struct LightVerifier: Sendable {
    /// The most headers of one chain: as many as one finality proof may hold.
    public static let headersMax = FinalityProof.descendantsMax

    /// The genesis that is trusted.
    public let genesis: Genesis
    /// Whose signatures count in which epoch (LIGHT-2).
    public let trail: ValidatorTrail

    /// Takes the genesis that the reader trusts; it knows the validators of epoch 0 alone.
    ///
    /// - Throws: ``LightFailure/validators(_:)``.
    public init(genesis: Genesis) throws(LightFailure) {
        self.init(genesis: genesis, trail: try ValidatorTrail(genesis: genesis))
    }

    /// Takes the genesis that the reader trusts and how far it has followed the chain.
    public init(genesis: Genesis, trail: ValidatorTrail) {
        precondition(trail.chain == genesis.chain, "a trail is of its own chain")
        self.genesis = genesis
        self.trail = trail
    }

    /// Those whose signatures count in an epoch.
    ///
    /// - Throws: ``LightFailure/unknownEpoch(_:oldest:newest:)``.
    public func validators(of epoch: Epoch) throws(LightFailure) -> ValidatorSet {
        guard let validators = trail.validators(of: epoch) else {
            throw .unknownEpoch(epoch, oldest: trail.oldest, newest: trail.newest)
        }
        return validators
    }

    // MARK: Headers

    /// Checks that a header is final on the chain (LIGHT-3).
    ///
    /// - Throws: ``LightFailure/otherChain(_:_:)``, ``LightFailure/notFinal(_:_:)``,
    ///   ``LightFailure/unknownEpoch(_:oldest:newest:)``.
    public func verify(
        _ header: BlockHeader, _ finality: FinalityProof
    ) throws(LightFailure) -> CertifiedHeader {
        guard header.chain == genesis.chain else {
            throw .otherChain(header.height, header.chain)
        }
        let validators = try validators(of: header.epoch)
        do {
            try finality.verify(header, validators: validators, chain: genesis.chain)
        } catch {
            throw .notFinal(header.height, error)
        }
        return CertifiedHeader(header: header, signers: finality.certificate.signatures.count)
    }

    /// Checks headers that follow each other, oldest first; the proof of the last makes all of
    /// them final, so the signatures of one certificate serve for the whole chain (LIGHT-4).
    ///
    /// - Parameters:
    ///   - finality: Why the last is final.
    ///   - known: The certified header that the first follows; nothing begins the chain anywhere.
    /// - Throws: ``LightFailure``.
    public func verify(
        _ headers: [BlockHeader], _ finality: FinalityProof, after known: CertifiedHeader? = nil
    ) throws(LightFailure) -> [CertifiedHeader] {
        guard let last = headers.last, headers.count <= Self.headersMax else {
            throw .headerCount(headers.count)
        }
        var before = known?.header
        for (place, header) in headers.enumerated() {
            guard header.chain == genesis.chain else {
                throw .otherChain(header.height, header.chain)
            }
            if let before, !header.follows(before) { throw .brokenChain(place) }
            before = header
        }
        let signers = try verify(last, finality).signers
        return headers.map { CertifiedHeader(header: $0, signers: signers) }
    }

    // MARK: Values

    /// Checks that the state which a certified header vouches for holds what an entry says: this
    /// value, or none (LIGHT-5).
    ///
    /// - Throws: ``LightFailure/notInState(_:_:)``.
    public func verify(
        _ entry: ProofEntry, under header: CertifiedHeader
    ) throws(LightFailure) -> ProvenEntry {
        do {
            try entry.proof.verify(
                root: header.stateRoot, key: [entry.module.value] + entry.key, value: entry.value)
        } catch {
            throw .notInState(header.header.height, error)
        }
        return ProvenEntry(header: header, entry: entry)
    }

    /// Checks everything in a file.
    ///
    /// - Throws: ``LightFailure`` naming the first thing that does not hold.
    public func verify(_ file: ProofFile) throws(LightFailure) -> [ProvenEntry] {
        var proven: [ProvenEntry] = []
        for section in file.sections {
            let header = try verify(section.header, section.finality)
            for entry in section.entries { proven.append(try verify(entry, under: header)) }
        }
        return proven
    }

    // MARK: Accounts

    /// What a file proves an account to have of an asset (LIGHT-6); no value is zero.
    ///
    /// - Throws: ``LightFailure``; ``LightFailure/notInFile(_:key:)`` when it is about other keys.
    public func balance(
        of account: AccountID, _ asset: AssetID = .native, in file: ProofFile
    ) throws(LightFailure) -> (amount: Amount, header: CertifiedHeader) {
        let key = AccountsKeys.balance(of: account, asset)
        let entry = try entry(.accounts, key, in: file)
        guard case .balance(_, _, let amount) = try entry.statement() else {
            throw .notInFile(.accounts, key: key)
        }
        return (amount, entry.header)
    }

    /// Which nonce a file proves an account's next transaction to need (LIGHT-6); no value is 0.
    ///
    /// - Throws: ``LightFailure``; ``LightFailure/notInFile(_:key:)`` when it is about other keys.
    public func nonce(
        of account: AccountID, in file: ProofFile
    ) throws(LightFailure) -> (nonce: UInt64, header: CertifiedHeader) {
        let key = AccountsKeys.nonce(of: account)
        let entry = try entry(.accounts, key, in: file)
        guard case .nonce(_, let nonce) = try entry.statement() else {
            throw .notInFile(.accounts, key: key)
        }
        return (nonce, entry.header)
    }

    private func entry(
        _ module: ModuleID, _ key: [UInt8], in file: ProofFile
    ) throws(LightFailure) -> ProvenEntry {
        let proven = try verify(file)
        guard let entry = proven.last(where: { $0.module == module && $0.key == key }) else {
            throw .notInFile(module, key: key)
        }
        return entry
    }
}

extension BlockHeader {
    /// Whether this can be the child of `parent` (CONSENSUS-4).
    func follows(_ parent: BlockHeader) -> Bool {
        self.parent == parent.hash && parentSlot == parent.slot && slot > parent.slot
            && height == parent.height.advanced(by: 1) && timestamp > parent.timestamp
    }
}
