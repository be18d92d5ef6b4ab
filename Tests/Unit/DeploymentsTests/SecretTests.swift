// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Deployments

@Suite("Secrets travel sealed to one provider, for one manifest (DEPLOY-13)")
struct SecretTests {
    private let word = "hunter2-correct-horse"

    private func key(_ byte: UInt8) throws -> AgreementKey {
        try #require(AgreementKey(seed: [UInt8](repeating: byte, count: 32)))
    }

    private func secrets() throws -> DeploymentSecrets {
        let value = try #require(SecretValue(Array(word.utf8)))
        return try #require(
            DeploymentSecrets(
                [NamedSecret("db_password", value)],
                credentials: [
                    RegistryCredential(
                        registry: "registry.example", user: "shop", password: value)
                ]))
    }

    @Test("a parcel opens with the provider's key for its manifest, and not otherwise")
    func bound() throws {
        let secrets = try secrets()
        let provider = try key(1)
        let manifest = try ManifestTests.deployment().digest
        let parcel = try secrets.seal(
            to: provider.publicKey, for: manifest, ephemeral: key(2))
        #expect(
            try DeploymentSecrets(opening: parcel, with: provider, for: manifest) == secrets)
        #expect(throws: ParcelFailure.notForThis) {
            try DeploymentSecrets(opening: parcel, with: key(3), for: manifest)
        }
        #expect(throws: ParcelFailure.notForThis) {
            try DeploymentSecrets(opening: parcel, with: provider, for: .zero)
        }
        #expect(throws: ParcelFailure.notForThis) {
            try DeploymentSecrets(opening: [], with: provider, for: manifest)
        }
        let large = [UInt8](repeating: 0, count: DeploymentSecrets.parcelBytesMax + 1)
        #expect(throws: ParcelFailure.tooLarge) {
            try DeploymentSecrets(opening: large, with: provider, for: manifest)
        }
    }

    @Test("what a sender put into a parcel instead of secrets is refused")
    func malformed() throws {
        let provider = try key(1)
        for inner in [[], [5, 1, 2], [1, 0xFF], [2, 0, 0, 1], [1, 0]] as [[UInt8]] {
            let parcel = try HPKE.seal(
                inner, to: provider.publicKey, ephemeral: key(2),
                info: DeploymentSecrets.purpose, associatedData: Digest.zero.raw.bytes)
            #expect(throws: ParcelFailure.malformed) {
                try DeploymentSecrets(opening: parcel, with: provider, for: .zero)
            }
        }
    }

    @Test("the length of a parcel tells a kibibyte's worth about its secrets")
    func padding() throws {
        let lengths = try Set(
            (0..<200).map { count in
                let value = try #require(SecretValue([UInt8](repeating: 7, count: count)))
                return try #require(DeploymentSecrets([NamedSecret("s", value)])).seal(
                    to: key(1).publicKey, for: .zero, ephemeral: key(2)
                ).count
            })
        #expect(lengths == [1_024 + HPKE.overheadCount])
    }

    @Test("no way of turning secrets into text shows them, and no parcel does")
    func silent() throws {
        let secrets = try secrets()
        var dumped = ""
        dump(secrets, to: &dumped)
        var printed = ""
        print(secrets, secrets.values, secrets.credentials, to: &printed)
        debugPrint(secrets, Optional(secrets.values[0].value) as Any, to: &printed)
        let parcel = try secrets.seal(to: key(1).publicKey, for: .zero, ephemeral: key(2))
        let texts = [
            dumped, printed, "\(secrets)", String(reflecting: secrets),
            String(decoding: parcel, as: UTF8.self),
        ]
        let digits = Array(word.utf8).prefix(6).map { "\($0)" }.joined(separator: ", ")
        for text in texts { #expect(!text.contains("hunter2") && !text.contains(digits)) }
    }

    @Test("secrets fit the manifest that names them, no more and no fewer")
    func fit() throws {
        let deployment = try ManifestTests.deployment()
        #expect(try secrets().fit(deployment))
        #expect(try #require(DeploymentSecrets([])).fit(deployment) == false)
        let value = try #require(SecretValue([]))
        let twice = [NamedSecret("a", value), NamedSecret("a", value)]
        #expect(DeploymentSecrets(twice) == nil)
        #expect(SecretValue([UInt8](repeating: 0, count: SecretValue.bytesMax + 1)) == nil)
    }
}

@Suite("What a deployment costs (DEPLOY-14)")
struct CostTests {
    @Test("each part is what is promised times hours times price, rounded up")
    func exact() throws {
        let deployment = try ManifestTests.deployment()
        let prices = ResourcePrices(
            processorHour: Amount(whole: 1), memoryHour: Amount(whole: 2), storageHour: Amount(3))
        let cost = try #require(deployment.costs(at: prices, hours: 10)?.first)
        #expect(cost.processors.description == "22.5")
        #expect(cost.memory.description == "25")
        #expect(cost.storage == Amount(3 * 10 * 13))
        let sum = try #require(cost.processors.adding(cost.memory)?.adding(cost.storage))
        #expect(cost.total == sum)
        let tiny = ResourcePrices(
            processorHour: Amount(1), memoryHour: Amount(1), storageHour: Amount(1))
        let small = try #require(deployment.costs(at: tiny, hours: 1)?.first)
        #expect(small.processors == Amount(3) && small.memory == Amount(2))
        let huge = ResourcePrices(
            processorHour: Amount(.max), memoryHour: .zero, storageHour: .zero)
        #expect(deployment.costs(at: huge, hours: 10) == nil)
    }
}
