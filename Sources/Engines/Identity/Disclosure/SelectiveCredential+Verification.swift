// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// What a verifier asks of the holder.
public struct KeyBindingRequest: Hashable, Sendable {
    /// Who asks.
    public let audience: String
    /// What was asked, once.
    public let nonce: String
    /// How long the answer counts, in seconds.
    public let secondsMax: Int64
    /// How far the holder's clock may be ahead, in seconds.
    public static let skewSecondsMax: Int64 = 60

    /// Asks.
    public init(audience: String, nonce: String, secondsMax: Int64 = 300) {
        self.audience = audience
        self.nonce = nonce
        self.secondsMax = secondsMax
    }
}

extension SelectiveCredential {
    /// The claims that are shown, once everything about them has been checked (IDENTITY-14).
    ///
    /// Cost: a signature, or two with the holder's proof, and a hash for every disclosure.
    ///
    /// - Parameters:
    ///   - key: The issuer's key.
    ///   - request: What was asked of the holder; without it a proof is not looked at.
    ///
    /// - Throws: ``DisclosureFailure``.
    public func verified(
        by key: VerificationKey, at now: Moment, request: KeyBindingRequest? = nil
    ) throws(DisclosureFailure) -> JSON {
        guard token.isSigned(by: key) else { throw .badSignature }
        var walk = DisclosureWalk(disclosures)
        let claims = try walk.opened(token.payload)
        if let start = try Self.moment("nbf", of: claims), now < start { throw .notYetValid }
        if let end = try Self.moment("exp", of: claims), now >= end { throw .expired }
        if let request { try checkKeyBinding(request, at: now) }
        return claims
    }

    /// The same for SD-JWT VC, which states its type in the header and in the claim `vct`.
    ///
    /// - Throws: ``DisclosureFailure``.
    public func verifiedCredential(
        type: String, by key: VerificationKey, at now: Moment, request: KeyBindingRequest? = nil
    ) throws(DisclosureFailure) -> JSON {
        try checkKind()
        guard token.payload["vct"]?.text == type else {
            throw .wrongType(token.payload["vct"]?.text ?? "")
        }
        return try verified(by: key, at: now, request: request)
    }

    /// What is stated and shown by a credential of SD-JWT VC; no signature has been looked at.
    func openedCredential() throws(DisclosureFailure) -> JSON {
        try checkKind()
        var walk = DisclosureWalk(disclosures)
        return try walk.opened(token.payload)
    }

    /// That it is of SD-JWT VC, and hides nothing that decides whether the rest counts.
    private func checkKind() throws(DisclosureFailure) {
        guard let kind = header["typ"]?.text, Self.types.contains(kind) else {
            throw .wrongType(header["typ"]?.text ?? "")
        }
        for name in ["iss", "nbf", "exp", "cnf", "vct", "status"]
        where disclosures.contains(where: { $0.name == name }) {
            throw .badName(name)
        }
    }

    /// RFC 9901 §7.3, steps 3 to 5.
    func checkKeyBinding(
        _ request: KeyBindingRequest, at now: Moment
    ) throws(DisclosureFailure) {
        guard let keyBinding else { throw .keyBindingMissing }
        guard keyBinding.header["typ"]?.text == "kb+jwt" else { throw .wrongKeyBinding("typ") }
        guard let jwk = token.payload["cnf"]?["jwk"],
            let holder = try? VerificationKey(jwk: jwk), keyBinding.isSigned(by: holder)
        else { throw .badKeyBinding }
        let claims = keyBinding.payload
        try Self.check("aud", of: claims, is: request.audience)
        try Self.check("nonce", of: claims, is: request.nonce)
        try Self.check("sd_hash", of: claims, is: Disclosure.digest(of: unboundText))
        guard let made = try Self.moment("iat", of: claims) else { throw .wrongKeyBinding("iat") }
        let age = now.seconds - made.seconds
        guard age >= -KeyBindingRequest.skewSecondsMax, age <= request.secondsMax else {
            throw .staleKeyBinding
        }
    }

    /// Bytes are compared, so that no two texts that look alike pass for one.
    private static func check(
        _ name: String, of claims: JSON, is expected: String
    ) throws(DisclosureFailure) {
        guard let text = claims[name]?.text, text.utf8.elementsEqual(expected.utf8) else {
            throw .wrongKeyBinding(name)
        }
    }

    /// A NumericDate of whole seconds, within what the calendar of four digits holds.
    static func moment(
        _ name: String, of claims: JSON
    ) throws(DisclosureFailure) -> Moment? {
        guard let value = claims[name] else { return nil }
        // Other issuers write whole seconds as 1700000000.0; the canonical form has no point.
        guard case .number(let text) = value,
            let seconds = CanonicalNumber.text(of: text).flatMap({ Int64($0) }),
            (0...secondsMax).contains(seconds)
        else {
            throw .malformed(name)
        }
        return Moment(seconds: seconds)
    }

    /// The last second of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799
}
