// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Vocabulary

/// A JSON Web Signature in compact form (RFC 7515 §7.1), with the text it was read from.
struct CompactJWS: Hashable, Sendable {
    /// The algorithms that are understood; `none` is not among them.
    enum Algorithm: String, Sendable {
        case eddsa = "EdDSA"
        case ed25519 = "Ed25519"
        case es256 = "ES256"
        case es256k = "ES256K"

        /// Whether a key is of the kind the algorithm asks for.
        func fits(_ key: VerificationKey) -> Bool {
            switch (self, key) {
            case (.eddsa, .ed25519), (.ed25519, .ed25519), (.es256, .p256), (.es256k, .secp256k1):
                true
            default: false
            }
        }
    }

    let algorithm: Algorithm
    let header: JSON
    let payload: JSON
    /// Header and payload as they were signed.
    let signed: [UInt8]
    let signature: [UInt8]

    /// Reads header, payload and signature, strictly.
    init(_ text: Substring) throws(DisclosureFailure) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0].utf8),
            let payload = Base64URL.decode(parts[1].utf8),
            let signature = Base64URL.decode(parts[2].utf8)
        else { throw .malformed("JWT") }
        self.header = try Self.json(header, "header")
        self.payload = try Self.json(payload, "payload")
        let name = self.header["alg"]?.text ?? ""
        guard let algorithm = Algorithm(rawValue: name) else { throw .unknownAlgorithm(name) }
        // What must be understood and is not would change what the signature means.
        guard self.header["crit"] == nil else { throw .unknownAlgorithm("crit") }
        self.algorithm = algorithm
        self.signature = signature
        signed = Array(parts[0].utf8) + [UInt8(ascii: ".")] + Array(parts[1].utf8)
    }

    private static func json(_ bytes: [UInt8], _ name: String) throws(DisclosureFailure) -> JSON {
        guard let json = try? CanonicalJSON.read(bytes), json.members != nil else {
            throw .malformed(name)
        }
        return json
    }

    /// Whether `key` signed this.
    func isSigned(by key: VerificationKey) -> Bool {
        algorithm.fits(key) && key.accepts(signature, over: signed)
    }

    /// Signs header and payload.
    static func sign(header: JSON, payload: JSON, by key: SigningKey) -> String {
        let signed = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload.bytes)
        return signed + "." + Base64URL.encode(key.sign(Array(signed.utf8)).bytes)
    }
}
