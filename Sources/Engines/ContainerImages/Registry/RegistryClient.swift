// SPDX-License-Identifier: Apache-2.0

/// How a client of registries behaves.
public struct RegistryOptions: Sendable {
    /// Which layers are fetched at the same time: 4.
    public var parallel = 4
    /// How often a layer is tried before the pull ends: 5 times.
    public var tries = 5
    /// The first pause between two tries; it doubles: 250 ms.
    public var pauseMilliseconds: UInt64 = 250
    /// Whether the registry is spoken to without TLS. Docker's rule by default: only on this
    /// machine.
    public var isPlain: Bool?

    /// The usual.
    public init() {}
}

/// What a pull or push tells while it goes on.
public enum RegistryProgress: Hashable, Sendable {
    /// This content is there already.
    case present(ContentDigest)
    /// So many bytes of this content have come or gone.
    case moved(ContentDigest, done: Int64, of: Int64)
    /// This content is whole and checked.
    case done(ContentDigest)
}

/// Fetches and stores images at registries (OCI distribution specification 1.1; IMAGE-11).
public struct RegistryClient: Sendable {
    let reference: ImageReference
    let access: RegistryAccess
    let options: RegistryOptions

    /// A client for one repository.
    public init(
        _ reference: ImageReference, _ transport: any RegistryTransport,
        credential: RegistryCredential? = nil, options: RegistryOptions = RegistryOptions()
    ) {
        self.reference = reference
        self.options = options
        access = RegistryAccess(
            registry: reference.registry, transport, credential: credential,
            isPlain: options.isPlain ?? Self.isLocal(reference.registry))
    }

    /// Whether a registry is on this machine, where nobody listens between.
    static func isLocal(_ registry: String) -> Bool {
        if registry.hasPrefix("[::1]") { return true }
        let host = registry.prefix { $0 != ":" }
        let isLoopback =
            host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
        return host == "localhost" || isLoopback
    }

    func address(_ path: String) -> String {
        "\(access.base)/v2/\(reference.repository)/\(path)"
    }

    var pullScope: String { "repository:\(reference.repository):pull" }
    var pushScope: String { "repository:\(reference.repository):pull,push" }

    /// Fetches a manifest or index and checks it against its name.
    func document(
        _ name: String, expecting descriptor: Descriptor? = nil
    ) async throws(ImageFailure) -> (bytes: [UInt8], descriptor: Descriptor) {
        let accepted = MediaType.accepted.map { (name: "accept", value: $0) }
        let answer = try await access.send(
            RegistryRequest("GET", address("manifests/\(name)"), fields: accepted),
            scope: pullScope)
        guard answer.status == 200 else { throw await answer.refusal(reference.description) }
        let said = answer.field("content-type").map { $0.prefix { $0 != ";" && $0 != " " } }
        let bytes = try await answer.gather(bytesMax: ImageLimits.manifestBytesMax)
        let found = Descriptor(
            mediaType: said.map(String.init) ?? descriptor?.mediaType ?? MediaType.manifest,
            of: bytes)
        let named = name.contains(":") ? try ContentDigest(name) : nil
        let expected = descriptor?.digest ?? named
        if let expected, expected != found.digest {
            throw .wrongDigest(expected: expected, found: found.digest)
        }
        // A tag's digest is the registry's word, which must at least agree with itself.
        if let header = answer.field("docker-content-digest"),
            let told = try? ContentDigest(header), told != found.digest
        {
            throw .wrongDigest(expected: told, found: found.digest)
        }
        guard MediaType.isManifest(found.mediaType) || MediaType.isIndex(found.mediaType) else {
            throw .badDocument("manifest", reason: "the media type \(found.mediaType)")
        }
        return (bytes, found)
    }
}
