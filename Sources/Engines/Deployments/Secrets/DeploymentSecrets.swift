// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What a provider must know beside the manifest, and nobody else: the values of its secrets, and
/// how to fetch its images (DEPLOY-13).
public struct DeploymentSecrets: Hashable, Sendable {
    /// Values, sorted by name, each name once.
    public let values: [NamedSecret]
    /// Credentials, sorted by registry, each registry once.
    public let credentials: [RegistryCredential]

    /// What parcels are sealed for.
    static let purpose = Array("atoll/deployment-secrets/1".utf8)
    /// What the length of a parcel is rounded up to, so that it tells little: 1 KiB.
    static let paddingBytes = 1_024
    /// The most bytes of a sealed parcel: 16 MiB. 128 values of 64 KiB are 8 MiB, 128 names of
    /// registries and users of 32 KiB are 4 MiB.
    public static let parcelBytesMax = 16 << 20

    /// Takes values and credentials in any order.
    ///
    /// - Returns: Nothing when a name or a registry stands twice, or there are more than 64.
    public init?(_ values: [NamedSecret], credentials: [RegistryCredential] = []) {
        self.values = values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.credentials = credentials.sorted {
            $0.registry.utf8.lexicographicallyPrecedes($1.registry.utf8)
        }
        guard isSound else { return nil }
    }

    private var isSound: Bool {
        values.count <= DeploymentLimits.partsMax && credentials.count <= DeploymentLimits.partsMax
            && Deployment.rises(values.map(\.name))
            && Deployment.rises(credentials.map(\.registry))
    }

    /// Whether these are the secrets that a manifest names, no more and no fewer.
    public func fit(_ deployment: Deployment) -> Bool { values.map(\.name) == deployment.secrets }

    /// Seals them to a provider, for one manifest.
    ///
    /// - Parameters:
    ///   - provider: The provider's X25519 key.
    ///   - ephemeral: A key made from fresh random bytes for this parcel alone.
    /// - Throws: ``AgreementFailure/degenerateKey`` when the provider's key is none.
    public func seal(
        to provider: Bytes32, for manifest: Digest, ephemeral: AgreementKey
    ) throws(AgreementFailure) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.writeBytes(canonicalBytes)
        let rest = encoder.bytes.count % Self.paddingBytes
        let padding = rest == 0 ? 0 : Self.paddingBytes - rest
        return try HPKE.seal(
            encoder.bytes + [UInt8](repeating: 0, count: padding), to: provider,
            ephemeral: ephemeral, info: Self.purpose, associatedData: manifest.raw.bytes)
    }

    /// Opens a parcel that was sealed to this key for this manifest.
    ///
    /// - Throws: ``ParcelFailure``.
    public init(
        opening parcel: [UInt8], with key: AgreementKey, for manifest: Digest
    ) throws(ParcelFailure) {
        guard parcel.count <= Self.parcelBytesMax else { throw .tooLarge }
        let padded: [UInt8]
        do {
            padded = try HPKE.open(
                parcel, with: key, info: Self.purpose, associatedData: manifest.raw.bytes)
        } catch {
            throw .notForThis
        }
        do {
            var decoder = CanonicalDecoder(padded)
            let bytes = try decoder.readBytes(limit: Self.parcelBytesMax)
            let padding = try decoder.readFixed(decoder.remaining)
            guard padding.count < Self.paddingBytes, padding.allSatisfy({ $0 == 0 }) else {
                throw CanonicalError.badLength
            }
            self = try DeploymentSecrets(canonicalBytes: bytes)
        } catch {
            throw .malformed
        }
    }
}

/// Why a parcel of secrets is refused.
public enum ParcelFailure: Error, Equatable, Sendable {
    /// It is larger than any parcel.
    case tooLarge
    /// It was sealed to another key or for another manifest, or was changed.
    case notForThis
    /// Who sealed it put something else into it.
    case malformed
}

extension DeploymentSecrets: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(values)
        encoder.writeList(credentials)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        values = try decoder.readList(limit: DeploymentLimits.partsMax)
        credentials = try decoder.readList(limit: DeploymentLimits.partsMax)
        guard isSound else { throw .outOfRange("DeploymentSecrets") }
    }
}
