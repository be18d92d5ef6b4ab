// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import Ledger
import Mandates
import Names
import Vocabulary

extension FuzzTarget {
    /// What holders of identities, names and mandates hand in, and what is kept of it.
    static let identities = FuzzTarget("identities", of: identityParts)

    private static let identityParts: [FuzzTarget] = [
        FuzzTarget(
            "identities-message", IdentitiesMessage.self,
            samples: {
                [
                    .create(CreateIdentities([begun])),
                    .submit(SubmitOperations([begun.entry(on: chain), next])),
                    .registerIssuer(
                        RegisterIssuer(
                            issuer: account, types: ["ServiceLicence"], address: "https://i",
                            bond: Amount(1))),
                    .anchorStatus(AnchorStatus(issuer: account, list: "https://i", digest: .zero)),
                    .reportIssuance(
                        ReportIssuance(
                            issuer: account, key: begun.key, document: Array("{}".utf8),
                            options: Array("{}".utf8), signature: begun.signature)),
                    .reportToken(
                        ReportToken(
                            issuer: account, key: begun.key, signed: Array("e30.e30".utf8),
                            signature: begun.signature)),
                ]
            }),
        FuzzTarget(
            "names-message", NamesMessage.self,
            samples: {
                PlainName("robot-7").map {
                    [
                        .claim(ClaimName(name: $0, owner: account, amount: Amount(5))),
                        .renew(RenewName(name: $0, terms: 2)),
                    ]
                } ?? []
            }),
        FuzzTarget(
            "mandates-message", MandatesMessage.self,
            samples: {
                [
                    .grant(GrantMandate(delegate: account, scope: scope)),
                    .act(
                        ActForPrincipal(
                            MandateID(account.raw), Message(module: .accounts, payload: [0, 0]))),
                    .authorise(
                        AuthoriseMachine(
                            machine: account,
                            authorization: MachineAuthorization(
                                valueMax: Amount(1), until: Timestamp(9), credential: .zero))),
                ]
            },
            check: { message in
                guard case .grant(let grant) = message else { return }
                let wider = grant.scope.widenings(beyond: grant.scope)
                precondition(!wider.contains(.kind), "nothing covers more kinds than itself")
            }),
        FuzzTarget("identity-record", samples: { record.map { [$0.stored] } ?? [] }) { bytes in
            guard
                let read = try? IdentityRecord(stored: bytes, of: account, chain: chain)
            else { return }
            precondition(read.stored == bytes, "a record has one form")
            _ = read.document(at: Moment(seconds: 0)).json
        },
        FuzzTarget("identity-bundle", samples: bundles) { bytes in
            guard let bundle = try? IdentityBundle.read(bytes) else { return }
            _ = try? bundle.records(of: chain, at: bundle.made, secondsMax: 0)
        },
    ]

    private static let chain = ChainID(SHA256.hash([1]).raw)
    private static let account = AccountID(of: key.publicKey)
    private static let begun = NewIdentity(of: key, recovery: .zero, chain: chain)
    private static let key: SigningKey = {
        guard let key = SigningKey(seed: [UInt8](repeating: 5, count: 32)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }()

    private static let next = SignedOperation(
        IdentityOperation(
            chain: chain, subject: account, sequence: 1, previous: begun.entry(on: chain).digest,
            action: .setDelegates([
                DelegateKey(key: .ed25519(key.publicKey), uses: [.assertionMethod])
            ])), by: key)

    private static let record = try? IdentityLog.replay(
        [begun.entry(on: chain), next], chain: chain)

    private static let scope = MandateScope(
        kinds: [MessageKind(.accounts, tag: 0)], resources: [.zero],
        budgets: [Budget(total: Amount(5), perPeriod: Amount(1))], periodMilliseconds: 5,
        from: Timestamp(0), until: Timestamp(9), paysFees: true)

    @Sendable private static func bundles() -> [[UInt8]] {
        let log = IdentityBundle.Log(subject: account, entries: [begun.entry(on: chain), next])
        let made = Moment(seconds: 0)
        return [IdentityBundle(chain: chain, made: made, logs: [log]).canonicalBytes]
    }
}
