// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Identities
public import Identity
public import JSONText
public import Ledger
import Vocabulary

/// A machine with an identity of its own on the chain.
public struct MachineIdentity: Sendable {
    /// `did:atoll:…`, resolvable from the first block that holds it.
    public let did: DID
    /// The machine's key.
    public let key: SigningKey
    /// What takes the identity back when the machine's key is lost: keep it elsewhere.
    public let spareKey: SigningKey
    /// The transaction that began its log.
    public let sent: SentTransaction
}

/// Helios: who machines are, and what is attested of them.
///
/// Identities are logs on the ledger (`did:atoll`), credentials are documents that their issuer has
/// signed (W3C Data Integrity, `eddsa-jcs-2022`). A credential is nowhere but with who holds it.
public struct Helios: Sendable {
    /// Who pays for what is written on the ledger.
    public let sender: TransactionSender

    /// Joins a gateway, the trusted genesis and the key that pays.
    public init(client: GatewayClient, genesis: Genesis, key: SigningKey) {
        sender = TransactionSender(client: client, genesis: genesis, key: key)
    }

    private var client: GatewayClient { sender.client }

    /// Gives a machine an identity: a key, a spare key, and the beginning of its log.
    ///
    /// - Parameter key: The machine's key; a new one when missing.
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when the key has an identity.
    public func createMachineIdentity(
        key: SigningKey? = nil
    ) async throws(ClientFailure) -> MachineIdentity {
        let own: SigningKey
        if let key { own = key } else { own = try newKey() }
        let spare = try newKey()
        let new = NewIdentity(
            of: own, recovery: IdentityRecord.commitment(to: spare.publicKey),
            chain: sender.builder.genesis.chain)
        let sent = try await sender.send(
            [IdentitiesMessage.create(CreateIdentities([new])).message])
        return MachineIdentity(
            did: AtollMethod.did(of: own.publicKey), key: own, spareKey: spare, sent: sent)
    }

    /// Signs a credential with the key of an identity; nothing is sent.
    ///
    /// - Parameters:
    ///   - issuer: The key of the identity that attests.
    ///   - subject: Of whom it is said.
    ///   - type: Its kind, beside `VerifiableCredential`; the rules of known kinds are checked.
    ///   - claims: What is said of the subject, an object.
    ///   - validSeconds: For how long it counts.
    /// - Throws: ``ClientFailure/invalid(_:)`` when everybody would refuse it.
    public func issueCredential(
        by issuer: SigningKey, type: String, subject: DID, claims: JSON,
        validSeconds: UInt64 = 365 * 86_400
    ) throws(ClientFailure) -> JSON {
        let id = JSON.Member("id", JSON("\(subject)"))
        let about = JSON.object([id] + (claims.members ?? []).filter { $0.name != "id" })
        if let wrong = CredentialType.named(type)?.violation(in: about) {
            throw .invalid("a credential of type \(type) needs the claim \(wrong)")
        }
        let did = AtollMethod.did(of: issuer.publicKey)
        let now = moment
        let until = Moment(seconds: now.seconds + Int64(clamping: validSeconds))
        let credential: JSON = [
            "@context": [JSON(Credential.context)], "type": [JSON(Credential.type), JSON(type)],
            "issuer": JSON("\(did)"), "validFrom": JSON("\(now)"), "validUntil": JSON("\(until)"),
            "credentialSubject": about,
        ]
        let name = VerificationKey.ed25519(issuer.publicKey).multibase
        guard let method = DIDURL("\(did)#\(name)") else { throw .invalid("\(did) has no key") }
        let options = ProofOptions(method: method, purpose: .assertionMethod, created: now)
        do {
            return try DocumentSigner.sign(credential, as: options, by: issuer)
        } catch {
            throw .invalid("the claims cannot be signed: \(error)")
        }
    }

    /// Verifies credentials here, by a policy; documents of identities are asked of the gateway.
    ///
    /// Cost: one question for each identity that signed, then about 60 µs a credential.
    ///
    /// - Returns: What was found of each, in their order.
    /// - Throws: ``ClientFailure``; who has no document signs nothing, which the report says.
    public func verifyCredentials(
        _ credentials: [JSON], policy: TrustPolicy
    ) async throws(ClientFailure) -> [VerificationReport] {
        var documents: [DIDDocument] = []
        for did in Set(credentials.flatMap(Self.signers)).sorted(by: { "\($0)" < "\($1)" })
        where did.method != KeyMethod.name {
            do throws(ClientFailure) {
                documents.append(try await client.document(of: did))
            } catch .problem {
                continue
            }
        }
        let verifier = CredentialVerifier(
            policy: policy, now: moment, documents: documents, statusLists: [])
        return verifier.verify(credentials)
    }

    private var moment: Moment {
        Moment(seconds: Int64(client.effects.time.wallClock().value / 1_000))
    }

    private func newKey() throws(ClientFailure) -> SigningKey {
        guard let key = SigningKey(seed: client.effects.chance.bytes(32)) else {
            throw .invalid("the system gave no key")
        }
        return key
    }

    /// Who signed, by the names of their keys; nothing is believed.
    private static func signers(of json: JSON) -> [DID] {
        let proofs = json["proof"].map { $0.elements ?? [$0] } ?? []
        return proofs.prefix(SecuredDocument.proofsMax).compactMap { proof in
            proof["verificationMethod"]?.text.flatMap { DIDURL($0)?.did }
        }
    }
}

extension GatewayClient {
    /// The document of a DID, as the gateway's node has it.
    ///
    /// - Throws: ``ClientFailure``; a problem `unknownIdentity` when its log has not begun.
    public func document(of did: DID) async throws(ClientFailure) -> DIDDocument {
        let answer = try await json(GatewayCall("/v1/identities/\(did)"))
        do {
            return try DIDDocument(reading: try answer.member("didDocument").json)
        } catch let failure as ClientFailure {
            throw failure
        } catch {
            throw .badAnswer("the document of \(did) does not read: \(error)")
        }
    }
}
