// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Vocabulary

/// Why JSON is not a DID document.
public enum DocumentFailure: Error, Hashable, Sendable {
    /// The property is missing, or has another form.
    case malformed(String)
    /// More keys or services than ``DIDDocument/partsMax``.
    case tooMany(String)
    /// Two keys have one name.
    case duplicate(String)
    /// A key says a kind and holds another.
    case badKey(String)
}

extension DIDDocument {
    /// Reads a document. Keys of kinds that are not understood stay in it, named and unusable.
    ///
    /// - Throws: ``DocumentFailure``.
    public init(reading json: JSON) throws(DocumentFailure) {
        guard let id = json["id"]?.text.flatMap({ DID($0) }) else { throw .malformed("id") }
        self.init(id: id)
        for name in try Self.list("alsoKnownAs", of: json) {
            guard let text = name.text else { throw .malformed("alsoKnownAs") }
            alsoKnownAs.append(text)
        }
        for name in try Self.list("controller", of: json) {
            guard let controller = name.text.flatMap({ DID($0) }) else {
                throw .malformed("controller")
            }
            controllers.append(controller)
        }
        for entry in try Self.list("verificationMethod", of: json) {
            try append(Self.method(entry, of: id))
        }
        for use in Relationship.allCases { try readRelationship(use, of: json) }
        services = try Self.list("service", of: json).map { (entry) throws(DocumentFailure) in
            try Self.service(entry)
        }
    }

    /// Keys that a relationship names, or holds itself.
    private mutating func readRelationship(
        _ use: Relationship, of json: JSON
    ) throws(DocumentFailure) {
        for entry in try Self.list(use.rawValue, of: json) {
            if let text = entry.text {
                guard let url = DIDURL(text, base: id) else { throw .malformed(use.rawValue) }
                relationships[use, default: []].append(url)
            } else {
                let method = try Self.method(entry, of: id)
                try append(method)
                relationships[use, default: []].append(method.id)
            }
        }
    }

    private mutating func append(_ method: VerificationMethod) throws(DocumentFailure) {
        guard methods.count < Self.partsMax else { throw .tooMany("verificationMethod") }
        guard !methods.contains(where: { $0.id == method.id }) else {
            throw .duplicate(method.id.description)
        }
        methods.append(method)
    }

    /// A property that is one value or several.
    private static func list(
        _ name: String, of json: JSON
    ) throws(DocumentFailure) -> [JSON] {
        guard let value = json[name] else { return [] }
        guard case .array(let elements) = value else { return [value] }
        guard elements.count <= partsMax else { throw .tooMany(name) }
        return elements
    }

    private static func method(
        _ json: JSON, of subject: DID
    ) throws(DocumentFailure) -> VerificationMethod {
        guard let text = json["id"]?.text, let id = DIDURL(text, base: subject),
            id.fragment != nil, let type = json["type"]?.text,
            let controller = json["controller"]?.text.flatMap({ DID($0) })
        else { throw .malformed("verificationMethod") }
        do {
            return VerificationMethod(
                id: id, controller: controller, key: try key(of: json, type: type))
        } catch .unknownKind {
            return VerificationMethod(id: id, controller: controller, key: nil)
        } catch {
            throw .badKey(text)
        }
    }

    /// The key of a method, in one of the forms that registries have used.
    private static func key(
        of json: JSON, type: String
    ) throws(VerificationKey.Failure) -> VerificationKey {
        if let text = json["publicKeyMultibase"]?.text {
            return try VerificationKey(multibase: text)
        }
        if let jwk = json["publicKeyJwk"] { return try VerificationKey(jwk: jwk) }
        guard let text = json["publicKeyBase58"]?.text else { throw .unknownKind }
        guard let bytes = Base58.decode(text[...].utf8) else { throw .malformed }
        switch type {
        case "Ed25519VerificationKey2018":
            return try VerificationKey(multicodec: [0xED, 0x01] + bytes)
        case "X25519KeyAgreementKey2019":
            return try VerificationKey(multicodec: [0xEC, 0x01] + bytes)
        case "EcdsaSecp256k1VerificationKey2019":
            return try VerificationKey(multicodec: [0xE7, 0x01] + bytes)
        default: throw .unknownKind
        }
    }

    private static func service(_ json: JSON) throws(DocumentFailure) -> ServiceEndpoint {
        guard let id = json["id"]?.text, let type = json["type"]?.text,
            let endpoint = json["serviceEndpoint"]
        else { throw .malformed("service") }
        let addresses = endpoint.elements ?? [endpoint]
        let texts = addresses.compactMap(\.text)
        guard texts.count == addresses.count, !texts.isEmpty, texts.count <= partsMax else {
            throw .malformed("serviceEndpoint")
        }
        return ServiceEndpoint(id: id, type: type, addresses: texts)
    }
}
