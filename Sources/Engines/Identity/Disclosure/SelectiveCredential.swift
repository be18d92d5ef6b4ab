// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import JSONText

/// A credential whose claims are shown one by one: SD-JWT (RFC 9901), issuer's part and
/// disclosures, with or without the holder's proof (IDENTITY-13).
public struct SelectiveCredential: Hashable, Sendable {
    /// The longest text: 256 KiB, a thousand claims of 256 bytes.
    public static let textBytesMax = 1 << 18
    /// The most disclosures.
    public static let disclosuresMax = 1_024
    /// The kinds of header that SD-JWT VC gives.
    public static let types: Set<String> = ["dc+sd-jwt", "vc+sd-jwt"]

    let token: CompactJWS
    let tokenText: String
    let disclosures: [Disclosure]
    let keyBinding: CompactJWS?

    /// Reads a text; nothing is believed yet. Cost: a hash for every disclosure.
    ///
    /// - Throws: ``DisclosureFailure``.
    public init(_ text: String) throws(DisclosureFailure) {
        guard text.utf8.count <= Self.textBytesMax else { throw .tooLarge("text") }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count >= 2 else {
            throw .malformed("SD-JWT")
        }
        guard parts.count - 2 <= Self.disclosuresMax else { throw .tooLarge("disclosures") }
        tokenText = String(first)
        token = try CompactJWS(first)
        disclosures = try parts[1..<parts.count - 1].map { (part) throws(DisclosureFailure) in
            try Disclosure(reading: part)
        }
        keyBinding = last.isEmpty ? nil : try CompactJWS(last)
    }

    /// The header of the issuer's part.
    public var header: JSON { token.header }
    /// The issuer as the credential states it, to look up its key.
    public var issuer: String? { token.payload["iss"]?.text }
    /// The key that signed by its name: the one the header names, or that of an issuer whose name
    /// is a key. Nothing for an issuer that is no DID.
    public var method: DIDURL? {
        guard let issuer = issuer.flatMap({ DID($0) }) else { return nil }
        if let kid = header["kid"]?.text { return DIDURL(kid, base: issuer) }
        guard let key = try? KeyMethod.key(of: issuer) else { return nil }
        return KeyMethod.url(of: key)
    }
    /// What the issuer's part states in the open.
    public var openClaims: JSON { token.payload }
    /// The key of the holder to whom it was given, if to anybody.
    public var holder: VerificationKey? {
        token.payload["cnf"]?["jwk"].flatMap { try? VerificationKey(jwk: $0) }
    }
    /// The paths of the claims that its disclosures show, in order (``showing(_:)``).
    ///
    /// - Throws: ``DisclosureFailure`` for disclosures that do not fit.
    public func disclosed() throws(DisclosureFailure) -> [String] {
        var walk = DisclosureWalk(disclosures)
        _ = try walk.opened(token.payload)
        return walk.chains.keys.sorted()
    }
    /// Whether the holder has signed.
    public var isBound: Bool { keyBinding != nil }

    /// The text without the holder's proof, ending in a tilde.
    public var unboundText: String {
        tokenText + "~" + disclosures.map { $0.text + "~" }.joined()
    }

    /// The credential with only the disclosures that are wanted, and those these lie in.
    ///
    /// - Parameter wanted: Paths: names of members as ``pathPart(_:)`` writes them, outermost
    ///   first, joined by `/`; elements of arrays by their place.
    ///
    /// - Throws: ``DisclosureFailure/nothingToDisclose(_:)`` for a path that shows nothing.
    public func showing(_ wanted: Set<String>) throws(DisclosureFailure) -> String {
        var walk = DisclosureWalk(disclosures)
        _ = try walk.opened(token.payload)
        var kept: Set<String> = []
        for path in wanted.sorted() {
            guard let chain = walk.chains[path] else { throw .nothingToDisclose(path) }
            kept.formUnion(chain)
        }
        let shown = disclosures.filter { kept.contains($0.text) }
        return tokenText + "~" + shown.map { $0.text + "~" }.joined()
    }

    /// A name as a part of a path: `~` and `/` are escaped as in RFC 6901, so that no two claims
    /// share a path.
    public static func pathPart(_ name: String) -> String {
        var part = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": part += "~0"
            case "/": part += "~1"
            default: part.unicodeScalars.append(scalar)
            }
        }
        return part
    }

    /// Adds the holder's proof to a text that ends in a tilde (RFC 9901 §4.3).
    ///
    /// Cost: about 30 µs and the hash of the text.
    public static func bind(
        _ text: String, audience: String, nonce: String, at now: Moment, by key: SigningKey
    ) -> String {
        let payload: JSON = [
            "iat": JSON(now.seconds), "aud": .string(audience), "nonce": .string(nonce),
            "sd_hash": .string(Disclosure.digest(of: text)),
        ]
        return text
            + CompactJWS.sign(
                header: ["alg": "EdDSA", "typ": "kb+jwt"], payload: payload, by: key)
    }
}
