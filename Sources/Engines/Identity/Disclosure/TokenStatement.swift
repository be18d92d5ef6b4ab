// SPDX-License-Identifier: Apache-2.0
import JSONText
public import Vocabulary

/// What an issuer's token attests, read without its signature and without any number but whole
/// ones, so that every machine reads the same: for evidence on a ledger.
public struct TokenStatement: Hashable, Sendable {
    /// The issuer as the token states it.
    public let issuer: String
    /// The types it attests: those of a credential, or the one of an SD-JWT VC.
    public let types: [String]
    /// When it was issued: `iat`, else from when on it counts; nothing where it does not say.
    public let moment: Moment?

    /// Reads header and payload as they were signed: two texts of base64url with a point between.
    ///
    /// Understood are credentials as tokens (`vc+jwt`) and SD-JWT VC, signed with Ed25519.
    ///
    /// - Throws: ``TokenFailure/malformed(_:)`` with the part,
    ///   ``TokenFailure/unknownAlgorithm(_:)``.
    public init(signed: [UInt8]) throws(TokenFailure) {
        let parts = signed.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .malformed("JWT") }
        let header = try Self.json(parts[0], "header")
        let payload = try Self.json(parts[1], "payload")
        let name = header["alg"]?.text ?? ""
        switch CompactJWS.Algorithm(rawValue: name) {
        case .eddsa, .ed25519: break
        case .es256, .es256k, nil: throw .unknownAlgorithm(name)
        }
        let kind = header["typ"]?.text ?? ""
        if kind == CredentialToken.type {
            try self.init(credential: payload)
        } else if SelectiveCredential.types.contains(kind) {
            try self.init(selective: payload)
        } else {
            throw .malformed("typ")
        }
    }

    private init(credential payload: JSON) throws(TokenFailure) {
        guard let issuer = payload["issuer"]?.text ?? payload["issuer"]?["id"]?.text else {
            throw .malformed("issuer")
        }
        types = payload["type"]?.elements?.compactMap(\.text) ?? []
        guard types.contains(Credential.type) else { throw .malformed("type") }
        self.issuer = issuer
        moment =
            Self.moment("iat", of: payload) ?? Self.moment("nbf", of: payload)
            ?? payload["validFrom"]?.text.flatMap { Moment($0) }
    }

    private init(selective payload: JSON) throws(TokenFailure) {
        guard let issuer = payload["iss"]?.text else { throw .malformed("iss") }
        guard let type = payload["vct"]?.text else { throw .malformed("vct") }
        self.issuer = issuer
        types = [type]
        moment = Self.moment("iat", of: payload) ?? Self.moment("nbf", of: payload)
    }

    private static func moment(_ name: String, of payload: JSON) -> Moment? {
        guard let seconds = payload[name]?.signed, (0...secondsMax).contains(seconds) else {
            return nil
        }
        return Moment(seconds: seconds)
    }

    private static func json(
        _ text: ArraySlice<UInt8>, _ name: String
    ) throws(TokenFailure) -> JSON {
        guard let bytes = Base64URL.decode(String(decoding: text, as: UTF8.self)),
            let json = try? JSON(
                parsing: bytes, limits: JSONLimits(depth: CanonicalJSON.documentDepthMax)),
            json.members != nil
        else { throw .malformed(name) }
        return json
    }

    /// The last second of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799
}

/// A token in its parts: what was signed, by which key, and what it attests. Nothing is believed.
public struct IssuedToken: Hashable, Sendable {
    /// Header and payload as they were signed.
    public let signed: [UInt8]
    /// The signature, when it has the length of one by Ed25519.
    public let signature: Signature?
    /// The key that the header names, if it is a DID's.
    public let method: DIDURL?
    /// What it attests.
    public let statement: TokenStatement

    /// Reads a credential as a token, or the issuer's part of one with selective disclosure.
    ///
    /// - Throws: ``TokenFailure``.
    public init(_ text: String) throws(TokenFailure) {
        guard text.utf8.count <= CredentialToken.textBytesMax else { throw .tooLarge }
        let token: CompactJWS
        do {
            token = try CompactJWS(text.prefix { $0 != "~" })
        } catch {
            throw TokenFailure(error)
        }
        signed = token.signed
        signature = Signature(token.signature)
        statement = try TokenStatement(signed: token.signed)
        let issuer = DID(statement.issuer)
        method = token.header["kid"]?.text.flatMap { DIDURL($0, base: issuer) }
    }
}
