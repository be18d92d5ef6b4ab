// SPDX-License-Identifier: Apache-2.0
public import StateTree
public import Vocabulary

/// What the state of one height holds under one key, with the proof against that height's root.
///
/// It is as good as the header that carries this root: take the header whose `stateRoot` is
/// ``root`` and the certificate over it (LEDGER-16).
public struct ProvenValue: Hashable, Sendable {
    /// The height whose state this is.
    public let height: BlockHeight
    /// The root of that state.
    public let root: Digest
    /// Whose key.
    public let module: ModuleID
    /// The module's key.
    public let key: [UInt8]
    /// The value, or nothing when the key has none.
    public let value: [UInt8]?
    /// Shows it under ``root``.
    public let proof: StateProof

    /// Joins the parts; ``verify(root:)`` says whether they hold.
    public init(
        height: BlockHeight, root: Digest, module: ModuleID, key: [UInt8], value: [UInt8]?,
        proof: StateProof
    ) {
        self.height = height
        self.root = root
        self.module = module
        self.key = key
        self.value = value
        self.proof = proof
    }

    /// Checks the value against a root that the caller trusts.
    ///
    /// - Throws: ``ProofFailure`` naming the first thing that does not hold.
    public func verify(root trusted: Digest) throws(ProofFailure) {
        try proof.verify(root: trusted, key: [module.value] + key, value: value)
    }
}

extension ProvenValue: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(root)
        encoder.write(module)
        encoder.writeBytes(key)
        encoder.write(value != nil)
        if let value { encoder.writeBytes(value) }
        encoder.write(proof)
    }

    /// Reads the fields in order, within the limits of keys and values.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        root = try decoder.read()
        module = try decoder.read()
        key = try decoder.readBytes(limit: ExecutionContext.keyBytesMax)
        value =
            try decoder.readFlag()
            ? decoder.readBytes(limit: ExecutionContext.valueBytesMax) : nil
        proof = try decoder.read()
    }
}
