// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import JSONText

/// Why a text is no credential as a token, or does not hold.
public enum TokenFailure: Error, Hashable, Sendable {
    /// The part is missing, or has another form.
    case malformed(String)
    /// Longer than ``CredentialToken/textBytesMax``.
    case tooLarge
    /// An algorithm that is not understood; `none` and critical headers are among these.
    case unknownAlgorithm(String)
    /// A claim of the token says another thing than the credential in it.
    case contradiction(String)
    /// The key did not sign this.
    case badSignature
    /// It does not count yet.
    case notYetValid
    /// It counts no more.
    case expired

    init(_ failure: DisclosureFailure) {
        self =
            switch failure {
            case .unknownAlgorithm(let name): .unknownAlgorithm(name)
            case .malformed(let part): .malformed(part)
            case .notYetValid: .notYetValid
            case .expired: .expired
            default: .malformed("JWT")
            }
    }
}

/// A credential as a JSON Web Token, in either of the two forms there are (IDENTITY-23).
public struct CredentialToken: Hashable, Sendable {
    /// How the credential lies in the token.
    public enum Form: Hashable, Sendable {
        /// The payload is the credential (VC JOSE COSE §3.1, data model 2.0): `typ` is `vc+jwt`.
        case enveloped
        /// The payload's claim `vc` is the credential, `iss`, `sub`, `jti`, `nbf` and `exp` stand
        /// beside it (data model 1.1 §6.3.1).
        case claim
    }

    /// The longest text: a document's in base64url, with a header.
    public static let textBytesMax = CanonicalJSON.documentBytesMax / 3 * 4 + 4_096
    /// The type of a token whose payload is the credential.
    public static let type = "vc+jwt"

    let token: CompactJWS
    /// How the credential lies in it.
    public let form: Form
    /// The credential, with what only the token's claims said filled in.
    public let credential: JSON
    /// The key that the header names, if it is a DID's.
    public let method: DIDURL?

    /// Reads a text; nothing is believed yet.
    ///
    /// - Throws: ``TokenFailure``.
    public init(_ text: String) throws(TokenFailure) {
        guard text.utf8.count <= Self.textBytesMax else { throw .tooLarge }
        do {
            token = try CompactJWS(Substring(text))
        } catch {
            throw TokenFailure(error)
        }
        let payload = token.payload
        let kid = token.header["kid"]?.text
        if token.header["typ"]?.text == Self.type {
            guard payload["vc"] == nil else { throw .malformed("vc") }
            form = .enveloped
            credential = payload
        } else {
            guard let inner = payload["vc"], inner.members != nil else { throw .malformed("vc") }
            form = .claim
            credential = try Self.filled(inner, from: payload)
        }
        let issuer = credential["issuer"]?.text ?? credential["issuer"]?["id"]?.text
        let base = issuer.flatMap { DID($0) }
        method = kid.flatMap { DIDURL($0, base: base) }
        try checkEnvelope(issuer: issuer)
    }

    /// Claims that stand in both places must agree.
    private func checkEnvelope(issuer: String?) throws(TokenFailure) {
        guard form == .enveloped else { return }
        if let stated = token.payload["iss"]?.text, stated != issuer {
            throw .contradiction("iss")
        }
        guard let stated = token.payload["sub"]?.text else { return }
        guard credential["credentialSubject"]?["id"]?.text == stated else {
            throw .contradiction("sub")
        }
    }

    /// The credential of the older form, with what the claims say in the properties that stand for
    /// it (data model 1.1 §6.3.1, decoding).
    private static func filled(
        _ credential: JSON, from claims: JSON
    ) throws(TokenFailure) -> JSON {
        var credential = credential
        func put(_ name: String, _ value: JSON?, _ claim: String) throws(TokenFailure) {
            guard let value else { return }
            if let present = credential[name], (present["id"] ?? present) != value {
                throw .contradiction(claim)
            }
            if credential[name] == nil { credential = credential.replacing(name, with: value) }
        }
        try put("issuer", claims["iss"], "iss")
        try put("id", claims["jti"], "jti")
        for (claim, property) in [("nbf", "issuanceDate"), ("exp", "expirationDate")]
        where credential[property] == nil {
            guard let moment = try moment(claim, of: claims) else { continue }
            credential = credential.replacing(property, with: .string(moment.description))
        }
        guard let subject = claims["sub"] else { return credential }
        guard let inner = credential["credentialSubject"], inner.members != nil else {
            throw .malformed("credentialSubject")
        }
        if let present = inner["id"], present != subject { throw .contradiction("sub") }
        return credential.replacing("credentialSubject", with: inner.replacing("id", with: subject))
    }

    static func moment(_ name: String, of claims: JSON) throws(TokenFailure) -> Moment? {
        do {
            return try SelectiveCredential.moment(name, of: claims)
        } catch {
            throw TokenFailure(error)
        }
    }
}

extension CredentialToken {
    /// The credential, once the signature holds and the token's own times allow it.
    ///
    /// Cost: a signature.
    ///
    /// - Throws: ``TokenFailure``.
    public func verified(by key: VerificationKey, at now: Moment) throws(TokenFailure) -> JSON {
        guard token.isSigned(by: key) else { throw .badSignature }
        if let start = try Self.moment("nbf", of: token.payload), now < start {
            throw .notYetValid
        }
        if let end = try Self.moment("exp", of: token.payload), now >= end { throw .expired }
        return credential
    }

    /// Signs a credential as the payload of a token. Cost: about 30 µs.
    ///
    /// - Throws: ``TokenFailure/malformed(_:)`` for what is no credential of the data model 2.0.
    public static func sign(
        _ credential: JSON, method: DIDURL, by key: SigningKey
    ) throws(TokenFailure) -> String {
        do {
            _ = try Credential(reading: credential)
        } catch {
            throw .malformed("credential")
        }
        let header: JSON = [
            "alg": "EdDSA", "typ": .string(type), "cty": "vc", "kid": .string(method.description),
        ]
        return CompactJWS.sign(header: header, payload: credential, by: key)
    }

    /// Signs a credential of the data model 1.1 in the claim `vc`, for those who read no newer.
    ///
    /// - Throws: ``TokenFailure/malformed(_:)`` when it names no issuer, subject or beginning.
    public static func signClaim(
        _ credential: JSON, method: DIDURL, by key: SigningKey
    ) throws(TokenFailure) -> String {
        guard let issuer = credential["issuer"]?.text else { throw .malformed("issuer") }
        guard let start = credential["issuanceDate"]?.text.flatMap({ Moment($0) }) else {
            throw .malformed("issuanceDate")
        }
        guard let subject = credential["credentialSubject"]?["id"]?.text else {
            throw .malformed("credentialSubject")
        }
        var claims: [JSON.Member] = [
            JSON.Member("iss", .string(issuer)), JSON.Member("sub", .string(subject)),
            JSON.Member("nbf", JSON(start.seconds)), JSON.Member("vc", credential),
        ]
        if let id = credential["id"] { claims.append(JSON.Member("jti", id)) }
        if let text = credential["expirationDate"]?.text {
            guard let end = Moment(text) else { throw .malformed("expirationDate") }
            claims.append(JSON.Member("exp", JSON(end.seconds)))
        }
        return CompactJWS.sign(
            header: ["alg": "EdDSA", "typ": "JWT", "kid": .string(method.description)],
            payload: .object(claims), by: key)
    }
}
