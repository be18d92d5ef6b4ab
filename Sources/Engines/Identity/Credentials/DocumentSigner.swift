// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import JSONText
import Vocabulary

/// What a new proof says beside its signature.
public struct ProofOptions: Hashable, Sendable {
    /// The name of the signing key.
    public var method: DIDURL
    /// What the key is used for.
    public var purpose: Relationship
    /// When the proof is made.
    public var created: Moment
    /// When it ends to count.
    public var expires: Moment?
    /// Its name, if others shall build on it.
    public var id: String?
    /// What a verifier asked to have signed.
    public var challenge: String?
    /// For whom it is made.
    public var domain: String?
    /// The proofs it builds on.
    public var previous: [String] = []

    /// Options with nothing that may be left out.
    public init(method: DIDURL, purpose: Relationship, created: Moment) {
        self.method = method
        self.purpose = purpose
        self.created = created
    }

    /// The options as they are signed for a document with these contexts.
    func json(context: JSON?) -> JSON {
        var members: [JSON.Member] = []
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSON.Member(name, value)) }
        }
        add("id", id.map { .string($0) })
        add("type", .string(DataIntegrityProof.type))
        add("cryptosuite", .string(DataIntegrityProof.suite))
        add("created", .string(created.description))
        add("expires", expires.map { .string($0.description) })
        add("verificationMethod", .string(method.description))
        add("proofPurpose", .string(purpose.rawValue))
        add("challenge", challenge.map { .string($0) })
        add("domain", domain.map { .string($0) })
        if previous.count == 1 {
            add("previousProof", .string(previous[0]))
        } else if !previous.isEmpty {
            add("previousProof", .array(previous.map { .string($0) }))
        }
        add("@context", context)
        return .object(members)
    }
}

/// Makes proofs (Data Integrity EdDSA Cryptosuites 1.0 §3.3.1).
public enum DocumentSigner {
    /// The document with one more proof, behind those it has.
    ///
    /// Cost: about 30 µs and the canonical bytes of the document.
    ///
    /// - Throws: ``ProofFailure``.
    public static func sign(
        _ json: JSON, as options: ProofOptions, by key: SigningKey
    ) throws(ProofFailure) -> JSON {
        guard let members = json.members else { throw .malformed("document") }
        let proofs = json["proof"].map { $0.elements ?? [$0] } ?? []
        guard proofs.count < SecuredDocument.proofsMax else { throw .tooMany }
        let document = JSON.object(members.filter { $0.name != "proof" })
        let previous = try options.previous.map { (name) throws(ProofFailure) in
            guard let proof = proofs.first(where: { $0["id"]?.text == name }) else {
                throw .unknownPrevious(name)
            }
            return proof
        }
        let signed = options.json(context: document["@context"])
        let message = try SecuredDocument.message(
            document: document, options: signed, previous: previous)
        let value = "z" + Base58.encode(key.sign(message).bytes)
        let proof = signed.replacing("proofValue", with: .string(value))
        return json.replacing("proof", with: proofs.isEmpty ? proof : .array(proofs + [proof]))
    }
}
