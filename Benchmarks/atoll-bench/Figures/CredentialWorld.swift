// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// An issuer, its status list, and what it signs, for figures.
struct CredentialWorld: Sendable {
    let key: SigningKey
    let issuer: DID
    let method: DIDURL
    let now = Moment(seconds: 1_800_000_000)
    let chain = ChainID(.zero)
    let verifier: CredentialVerifier
    /// The signed list as text.
    let listBytes: Int

    private static let listAddress = "https://status.example/1"

    init() throws {
        key = try Self.key(0)
        let name = VerificationKey.ed25519(key.publicKey)
        issuer = KeyMethod.did(of: name)
        method = KeyMethod.url(of: name)
        var list = try StatusList()
        for index in 0..<1_000 { try list.set(UInt64(index * 131), to: true) }
        let credential = StatusListCredential.json(
            id: Self.listAddress, issuer: issuer, purpose: "revocation", list: list,
            validFrom: now, validUntil: Moment(seconds: now.seconds + 86_400))
        let signed = try DocumentSigner.sign(
            credential,
            as: ProofOptions(method: method, purpose: .assertionMethod, created: now), by: key)
        listBytes = signed.bytes.count
        verifier = CredentialVerifier(
            policy: TrustPolicy(issuers: ["OwnerAuthorization": [issuer]]), now: now,
            statusLists: [signed])
    }

    private static func key(_ number: Int) throws -> SigningKey {
        guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
            throw BenchFailure("no key")
        }
        return key
    }

    private static func did(_ number: Int) throws -> DID {
        KeyMethod.did(of: .ed25519(try key(number).publicKey))
    }

    /// A signed authorization with an area, hours and a status.
    func credential(_ number: Int) throws -> JSON {
        let status = StatusEntry(
            purpose: "revocation", index: UInt64(number * 131 + 1), list: Self.listAddress)
        let json: JSON = [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "OwnerAuthorization"],
            "issuer": .string("\(issuer)"), "validFrom": .string("\(now)"),
            "validUntil": .string("\(Moment(seconds: now.seconds + 86_400))"),
            "credentialSubject": [
                "id": .string("\(try Self.did(1_000 + number))"),
                "allowedOperations": ["inspect", "deliver"],
                "maximumContractValue": "1000000000000000000",
                "geofence": [
                    [524_000_000, 133_000_000], [524_000_000, 135_000_000],
                    [526_000_000, 135_000_000], [526_000_000, 133_000_000],
                ],
                "hours": ["from": 360, "to": 1_320],
            ],
            "credentialStatus": status.json,
        ]
        return try DocumentSigner.sign(
            json, as: ProofOptions(method: method, purpose: .assertionMethod, created: now),
            by: key)
    }

    /// Three links that narrow: owner, firm, person, agent.
    func delegations() throws -> [JSON] {
        try (0..<3).map { link in
            let giver = try Self.key(link)
            let name = VerificationKey.ed25519(giver.publicKey)
            let json: JSON = [
                "@context": [.string(Credential.context)],
                "type": ["VerifiableCredential", "CapabilityDelegation"],
                "issuer": .string("\(KeyMethod.did(of: name))"),
                "validFrom": .string("\(now)"),
                "validUntil": .string("\(Moment(seconds: now.seconds + 86_400))"),
                "credentialSubject": [
                    "id": .string("\(try Self.did(link + 1))"),
                    "operations": ["send", "run"], "resources": ["/fleet/7"],
                    "budget": .string("\(1_000 - link)"),
                ],
            ]
            return try DocumentSigner.sign(
                json,
                as: ProofOptions(
                    method: KeyMethod.url(of: name), purpose: .capabilityDelegation, created: now),
                by: giver)
        }
    }

    /// A new identity's first operation, signed and checked.
    func begun(_ number: Int) throws -> SignedOperation {
        let (key, spare) = (try Self.key(10_000 + number), try Self.key(20_000 + number))
        let entry = SignedOperation(
            IdentityOperation(
                chain: chain, subject: AccountID(of: key.publicKey), sequence: 0, previous: .zero,
                action: .create(
                    key: key.publicKey, recovery: IdentityRecord.commitment(to: spare.publicKey))),
            by: key)
        _ = try IdentityRecord.begun(by: entry, chain: chain)
        return entry
    }

    /// A log of three operations: begun, a service, another key.
    func log(_ number: Int) throws -> [SignedOperation] {
        let key = try Self.key(10_000 + number)
        var log = [try begun(number)]
        let actions: [IdentityAction] = [
            .setServices([
                ServiceEndpoint(id: "#api", type: "Gateway", addresses: ["https://a.example"])
            ]), .rotate(key: try Self.key(30_000 + number).publicKey),
        ]
        for action in actions {
            log.append(
                SignedOperation(
                    IdentityOperation(
                        chain: chain, subject: AccountID(of: key.publicKey),
                        sequence: UInt64(log.count), previous: log[log.count - 1].digest,
                        action: action), by: key))
        }
        return log
    }
}
