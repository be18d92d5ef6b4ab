// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText

/// Why a text is no selective disclosure, or does not hold.
public enum DisclosureFailure: Error, Hashable, Sendable {
    /// The part is missing, or has another form.
    case malformed(String)
    /// Longer than the limit, or with more disclosures.
    case tooLarge(String)
    /// An algorithm of signatures or hashes that is not understood.
    case unknownAlgorithm(String)
    /// The issuer's key did not sign this.
    case badSignature
    /// A digest stands twice.
    case duplicateDigest
    /// A disclosure stands twice, or under no digest.
    case strayDisclosure
    /// A disclosed name is reserved, or stands there already.
    case badName(String)
    /// Something is to be disclosed that is not there.
    case nothingToDisclose(String)
    /// Another type than the one that was asked for.
    case wrongType(String)
    /// The holder's proof is missing, or was not asked for.
    case keyBindingMissing
    /// The holder's proof is by another key.
    case badKeyBinding
    /// The holder's proof is for another audience, question or presentation.
    case wrongKeyBinding(String)
    /// The holder's proof is too old, or from the future.
    case staleKeyBinding
    /// It does not count yet.
    case notYetValid
    /// It counts no more.
    case expired
}

/// One claim that a holder may show or keep (RFC 9901 §4.2).
struct Disclosure: Hashable, Sendable {
    /// The text, whose hash stands in the credential.
    let text: String
    /// The name of the claim; nothing for an element of an array.
    let name: String?
    /// The value of the claim.
    let value: JSON

    /// The shortest salt of a disclosure that this house makes: 128 bits (RFC 9901 §9.3).
    static let saltBytesMin = 16

    /// Names that no disclosure may bring.
    static let reserved: Set<String> = ["_sd", "..."]

    init(reading text: Substring) throws(DisclosureFailure) {
        guard let bytes = Base64URL.decode(text.utf8),
            let parts = (try? CanonicalJSON.read(bytes))?.elements,
            (2...3).contains(parts.count), parts[0].text != nil, let value = parts.last
        else { throw .malformed("disclosure") }
        self.text = String(text)
        self.value = value
        guard parts.count == 3 else {
            name = nil
            return
        }
        guard let name = parts[1].text else { throw .malformed("disclosure") }
        guard !Self.reserved.contains(name) else { throw .badName(name) }
        self.name = name
    }

    /// Makes a disclosure.
    init(salt: [UInt8], name: String?, value: JSON) {
        let salt = JSON.string(Base64URL.encode(salt))
        let parts = name.map { [salt, .string($0), value] } ?? [salt, value]
        text = Base64URL.encode(JSON.array(parts).bytes)
        self.name = name
        self.value = value
    }

    /// The hash that stands in the credential (RFC 9901 §4.2.3).
    var digest: String { Self.digest(of: text) }

    static func digest(of text: String) -> String {
        Base64URL.encode(SHA256.hash(Array(text.utf8)).raw.bytes)
    }
}
