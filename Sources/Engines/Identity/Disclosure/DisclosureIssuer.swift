// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import JSONText

/// Issues credentials whose claims are shown one by one (RFC 9901 §4).
public enum DisclosureIssuer {
    /// Claims every verifier needs, which stay in the open.
    public static let openNames: Set<String> = [
        "iss", "nbf", "exp", "iat", "cnf", "vct", "vct#integrity", "status", "sub",
    ]

    /// Signs claims, of which those named may be kept.
    ///
    /// Digests are sorted, so that their order says nothing of the claims'. Cost: about 30 µs and
    /// a hash for every disclosure.
    ///
    /// - Parameters:
    ///   - claims: An object, `iss` and `vct` among its members.
    ///   - hidden: Members of the outermost object that the holder may keep, with 16 random bytes
    ///     or more for each.
    ///   - decoys: Random bytes for digests that hide how many claims there are.
    ///   - holder: The key the holder proves itself with.
    ///   - method: The name of the issuer's key, for verifiers that look it up.
    ///
    /// - Throws: ``DisclosureFailure``.
    public static func issue(
        _ claims: JSON, hidden: [(name: String, salt: [UInt8])], decoys: [[UInt8]] = [],
        holder: VerificationKey?, method: DIDURL? = nil, by key: SigningKey
    ) throws(DisclosureFailure) -> String {
        guard let members = claims.members, claims["iss"]?.text != nil, claims["vct"]?.text != nil
        else { throw .malformed("claims") }
        guard hidden.count <= SelectiveCredential.disclosuresMax else {
            throw .tooLarge("disclosures")
        }
        var disclosures: [Disclosure] = []
        for (name, salt) in hidden {
            guard !openNames.contains(name), !Disclosure.reserved.contains(name),
                !disclosures.contains(where: { $0.name == name })
            else { throw .badName(name) }
            guard let value = claims[name] else { throw .nothingToDisclose(name) }
            guard salt.count >= Disclosure.saltBytesMin else { throw .malformed("salt") }
            disclosures.append(Disclosure(salt: salt, name: name, value: value))
        }
        let names = Set(hidden.map(\.name))
        var payload = members.filter { !names.contains($0.name) }
        let digests =
            disclosures.map(\.digest) + decoys.map { Disclosure.digest(of: Base64URL.encode($0)) }
        if !digests.isEmpty {
            payload.append(JSON.Member("_sd", .array(digests.sorted().map { .string($0) })))
            payload.append(JSON.Member("_sd_alg", "sha-256"))
        }
        if let holder {
            guard let jwk = holder.jwk else { throw .unknownAlgorithm("cnf") }
            payload.append(JSON.Member("cnf", ["jwk": jwk]))
        }
        var header = [JSON.Member("alg", "EdDSA"), JSON.Member("typ", "dc+sd-jwt")]
        if let method { header.append(JSON.Member("kid", .string(method.description))) }
        let token = CompactJWS.sign(
            header: .object(header), payload: .object(payload), by: key)
        return token + "~" + disclosures.map { $0.text + "~" }.joined()
    }
}
