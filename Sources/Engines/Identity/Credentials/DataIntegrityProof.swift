// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// Why a proof, or a document that should carry one, is not read.
public enum ProofFailure: Error, Hashable, Sendable {
    /// The property is missing, or has another form.
    case malformed(String)
    /// Another kind of proof than `DataIntegrityProof` with `eddsa-jcs-2022`.
    case unknownSuite(String)
    /// No proof at all.
    case none
    /// More than ``SecuredDocument/proofsMax``.
    case tooMany
    /// Two proofs of one name.
    case duplicate(String)
    /// It builds on a proof that is not there.
    case unknownPrevious(String)
    /// The document's contexts do not begin with those of the proof.
    case contextMismatch
    /// The document has no canonical form.
    case notCanonical(CanonicalFailure)
}

/// A proof of Data Integrity 1.0 by the suite `eddsa-jcs-2022` (IDENTITY-10).
public struct DataIntegrityProof: Hashable, Sendable {
    /// The only type there is.
    public static let type = "DataIntegrityProof"
    /// The only suite that is understood.
    public static let suite = "eddsa-jcs-2022"
    /// The most proofs one proof builds on.
    public static let previousMax = 16
    /// The most domains of one proof.
    public static let domainsMax = 8

    /// Its name among the proofs of the document.
    public let id: String?
    /// The key said to have signed.
    public let method: DIDURL
    /// What the signer used the key for.
    public let purpose: Relationship
    /// When it was made.
    public let created: Moment?
    /// When it ends to count.
    public let expires: Moment?
    /// What a verifier asked to have signed.
    public let challenge: String?
    /// For whom it was made.
    public let domains: [String]
    /// The names of the proofs it builds on.
    public let previous: [String]
    /// The signature.
    public let signature: Signature
    /// The proof without its signature, as it is signed.
    let options: JSON

    /// Reads a proof.
    ///
    /// - Throws: ``ProofFailure``.
    public init(reading json: JSON) throws(ProofFailure) {
        guard let members = json.members else { throw .malformed("proof") }
        guard json["type"]?.text == Self.type else {
            throw .unknownSuite(json["type"]?.text ?? "")
        }
        guard json["cryptosuite"]?.text == Self.suite else {
            throw .unknownSuite(json["cryptosuite"]?.text ?? "")
        }
        guard let method = json["verificationMethod"]?.text.flatMap({ DIDURL($0) }) else {
            throw .malformed("verificationMethod")
        }
        guard let purpose = json["proofPurpose"]?.text.flatMap(Relationship.init) else {
            throw .malformed("proofPurpose")
        }
        self.method = method
        self.purpose = purpose
        id = try Self.text("id", of: json)
        created = try Self.moment("created", of: json)
        expires = try Self.moment("expires", of: json)
        challenge = try Self.text("challenge", of: json)
        domains = try Self.texts("domain", of: json, max: Self.domainsMax)
        previous = try Self.texts("previousProof", of: json, max: Self.previousMax)
        signature = try Self.signature(of: json)
        options = .object(members.filter { $0.name != "proofValue" })
    }

    private static func text(_ name: String, of json: JSON) throws(ProofFailure) -> String? {
        guard let value = json[name] else { return nil }
        guard let text = value.text else { throw .malformed(name) }
        return text
    }

    private static func moment(_ name: String, of json: JSON) throws(ProofFailure) -> Moment? {
        guard let text = try text(name, of: json) else { return nil }
        guard let moment = Moment(text) else { throw .malformed(name) }
        return moment
    }

    private static func texts(
        _ name: String, of json: JSON, max: Int
    ) throws(ProofFailure) -> [String] {
        guard let value = json[name] else { return [] }
        let elements = value.elements ?? [value]
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count, texts.count <= max else { throw .malformed(name) }
        return texts
    }

    private static func signature(of json: JSON) throws(ProofFailure) -> Signature {
        guard let text = json["proofValue"]?.text, text.utf8.first == UInt8(ascii: "z"),
            let bytes = Base58.decode(text.dropFirst().utf8), let signature = Signature(bytes)
        else { throw .malformed("proofValue") }
        return signature
    }
}
