// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import JSONText

/// A document and the proofs it carries: one, a set, or a chain (IDENTITY-11).
public struct SecuredDocument: Hashable, Sendable {
    /// The most proofs of one document. Each is a signature and two hashes to check.
    public static let proofsMax = 16

    /// The document without its proofs.
    public let document: JSON
    /// The proofs, in their order.
    public let proofs: [DataIntegrityProof]
    private let proofTexts: [JSON]

    /// Takes a document apart.
    ///
    /// - Throws: ``ProofFailure``.
    public init(reading json: JSON) throws(ProofFailure) {
        guard let members = json.members else { throw .malformed("document") }
        guard let value = json["proof"] else { throw .none }
        let texts = value.elements ?? [value]
        guard !texts.isEmpty else { throw .none }
        guard texts.count <= Self.proofsMax else { throw .tooMany }
        document = .object(members.filter { $0.name != "proof" })
        proofTexts = texts
        proofs = try texts.map { (text) throws(ProofFailure) in
            try DataIntegrityProof(reading: text)
        }
        try checkNames()
    }

    private func checkNames() throws(ProofFailure) {
        var names: Set<String> = []
        for case let id? in proofs.map(\.id) {
            guard names.insert(id).inserted else { throw .duplicate(id) }
        }
        for proof in proofs {
            for name in proof.previous where !names.contains(name) {
                throw .unknownPrevious(name)
            }
        }
    }

    /// The 64 bytes a proof signs: the hash of its options, then that of the document.
    ///
    /// Cost: the document's canonical bytes and their hash.
    ///
    /// - Throws: ``ProofFailure/contextMismatch``, ``ProofFailure/notCanonical(_:)``.
    public func message(of index: Int) throws(ProofFailure) -> [UInt8] {
        Self.hashes(try signedParts(of: index))
    }

    /// What a proof signs the hashes of: the document, with the proofs it builds on, and the proof
    /// without its value, both in canonical form.
    ///
    /// - Throws: ``ProofFailure/contextMismatch``, ``ProofFailure/notCanonical(_:)``.
    public func signedParts(
        of index: Int
    ) throws(ProofFailure) -> (document: [UInt8], options: [UInt8]) {
        let proof = proofs[index]
        return try Self.signedParts(
            document: document, options: proof.options,
            previous: proofTexts.filter { text in
                text["id"]?.text.map(proof.previous.contains) ?? false
            })
    }

    /// The bytes that `options` sign over a document and the proofs they build on (Data Integrity
    /// EdDSA Cryptosuites 1.0 §3.3; Data Integrity 1.0 §4.3 for chains).
    static func message(
        document: JSON, options: JSON, previous: [JSON]
    ) throws(ProofFailure) -> [UInt8] {
        hashes(try signedParts(document: document, options: options, previous: previous))
    }

    private static func hashes(_ parts: (document: [UInt8], options: [UInt8])) -> [UInt8] {
        SHA256.hash(parts.options).raw.bytes + SHA256.hash(parts.document).raw.bytes
    }

    private static func signedParts(
        document: JSON, options: JSON, previous: [JSON]
    ) throws(ProofFailure) -> (document: [UInt8], options: [UInt8]) {
        var document = document
        if let context = options["@context"] {
            guard Self.context(of: document, beginsWith: context) else { throw .contextMismatch }
            document = document.replacing("@context", with: context)
        }
        if !previous.isEmpty { document = document.replacing("proof", with: .array(previous)) }
        do {
            return (try CanonicalJSON.bytes(of: document), try CanonicalJSON.bytes(of: options))
        } catch {
            throw .notCanonical(error)
        }
    }

    private static func context(of document: JSON, beginsWith context: JSON) -> Bool {
        guard let own = document["@context"] else { return false }
        return (own.elements ?? [own]).starts(with: context.elements ?? [context])
    }
}

extension JSON {
    /// An object with this member set, in its place or at the end.
    func replacing(_ name: String, with value: JSON) -> JSON {
        var members = self.members ?? []
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index] = Member(name, value)
        } else {
            members.append(Member(name, value))
        }
        return .object(members)
    }
}
