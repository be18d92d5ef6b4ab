// SPDX-License-Identifier: Apache-2.0
import Identities
import Identity
import JSONText
import Ledger
import Mandates
import Names
import Vocabulary

/// Messages about who somebody is, is called, and acts for.
enum PersonVectors {
    static var all: [Vector] { names + mandates + identities }

    private static var names: [Vector] {
        guard let name = PlainName("alice") else { return [] }
        let offer: JSON = [
            "name": "alice", "owner": Fixed.digits(0xa1), "amount": Fixed.amountDigits,
        ]
        func vector(_ value: JSON, _ message: NamesMessage) -> Vector {
            Vector("names", value, message.message)
        }
        return [
            vector(
                ["claim": offer],
                .claim(ClaimName(name: name, owner: Fixed.account, amount: Fixed.amount))),
            vector(
                ["bid": offer],
                .bid(BidForName(name: name, owner: Fixed.account, amount: Fixed.amount))),
            vector(
                ["renew": ["name": "alice", "terms": 2]], .renew(RenewName(name: name, terms: 2))),
            vector(
                ["point": ["name": "alice", "target": Fixed.digits(0xb2)]],
                .point(PointName(name: name, target: Fixed.other))),
            vector(
                ["transfer": ["name": "alice", "owner": Fixed.digits(0xb2)]],
                .transfer(TransferName(name: name, owner: Fixed.other))),
            vector(["release": ["name": "alice"]], .release(ReleaseName(name: name))),
        ]
    }

    private static var mandates: [Vector] {
        let scope = MandateScope(
            kinds: [MessageKind(.market, tag: 0), MessageKind(.accounts, tag: 0)],
            resources: [Fixed.raw(0xc3)],
            budgets: [Budget(total: Amount(5), perPeriod: Amount(1))], periodMilliseconds: 6,
            from: Timestamp(7), until: Timestamp(8), paysFees: true)
        let json: JSON = [
            "kinds": [["module": 1, "tag": 0], ["module": 3, "tag": 0]],
            "resources": [Fixed.digits(0xc3)],
            "budgets": [["asset": "0", "total": "5", "perPeriod": "1"]],
            "periodMilliseconds": "6", "from": "7", "until": "8", "paysFees": true,
        ]
        let mandate = MandateID(Fixed.raw(0x77))
        func vector(_ value: JSON, _ message: MandatesMessage) -> Vector {
            Vector("mandates", value, message.message)
        }
        return [
            vector(
                ["grant": ["delegate": Fixed.digits(0xb2), "scope": json]],
                .grant(GrantMandate(delegate: Fixed.other, scope: scope))),
            vector(
                [
                    "narrow": [
                        "parent": Fixed.digits(0x77), "delegate": Fixed.digits(0xb2),
                        "scope": json,
                    ]
                ],
                .narrow(NarrowMandate(parent: mandate, delegate: Fixed.other, scope: scope))),
            vector(["revoke": ["mandate": Fixed.digits(0x77)]], .revoke(RevokeMandate(mandate))),
            vector(
                [
                    "act": [
                        "mandate": Fixed.digits(0x77),
                        "message": ["module": 3, "payload": "0506"],
                    ]
                ],
                .act(ActForPrincipal(mandate, Message(module: .market, payload: [5, 6])))),
            vector(["payFees": ["mandate": Fixed.digits(0x77)]], .payFees(PayFees(mandate))),
            vector(
                ["setOwner": ["machine": Fixed.digits(0xa1), "owner": Fixed.digits(0xb2)]],
                .setOwner(SetOwner(machine: Fixed.account, owner: Fixed.other))),
            vector(
                ["authorise": ["machine": Fixed.digits(0xa1), "authorization": nil]],
                .authorise(AuthoriseMachine(machine: Fixed.account, authorization: nil))),
            vector(
                ["releaseMachine": ["machine": Fixed.digits(0xa1)]],
                .releaseMachine(ReleaseMachine(machine: Fixed.account))),
        ]
    }

    private static func identities(_ value: JSON, _ message: IdentitiesMessage) -> Vector {
        Vector("identities", value, message.message)
    }

    private static var identities: [Vector] {
        let key = PublicKey(Fixed.raw(0x11))
        let new = NewIdentity(key: key, recovery: Fixed.digest, signature: Fixed.signature)
        let person: JSON = [
            "key": Fixed.digits(0x11), "recovery": Fixed.digits(0xd4),
            "signature": Fixed.signatureDigits,
        ]
        let issuer = Fixed.digits(0xa1)
        return [
            identities(["create": ["identities": [person]]], .create(CreateIdentities([new]))),
            identities(
                [
                    "registerIssuer": [
                        "issuer": issuer, "types": ["Person", "Age"], "address": "here",
                        "bond": Fixed.amountDigits,
                    ]
                ],
                .registerIssuer(
                    RegisterIssuer(
                        issuer: Fixed.account, types: ["Person", "Age"], address: "here",
                        bond: Fixed.amount))),
            identities(
                [
                    "updateIssuer": [
                        "issuer": issuer, "types": [], "address": "", "addedBond": "0",
                    ]
                ],
                .updateIssuer(UpdateIssuer(issuer: Fixed.account, types: [], address: ""))),
            identities(
                ["retireIssuer": ["issuer": issuer]],
                .retireIssuer(RetireIssuer(issuer: Fixed.account))),
            identities(
                ["withdrawIssuerBond": ["issuer": issuer]],
                .withdrawIssuerBond(WithdrawIssuerBond(issuer: Fixed.account))),
            identities(
                [
                    "anchorStatus": [
                        "issuer": issuer, "list": "one", "digest": Fixed.digits(0xd4),
                    ]
                ],
                .anchorStatus(
                    AnchorStatus(issuer: Fixed.account, list: "one", digest: Fixed.digest))),
            identities(
                [
                    "reportIssuance": [
                        "issuer": issuer, "key": Fixed.digits(0x11), "document": "7b7d",
                        "options": "", "signature": Fixed.signatureDigits,
                    ]
                ],
                .reportIssuance(
                    ReportIssuance(
                        issuer: Fixed.account, key: key, document: [0x7b, 0x7d], options: [],
                        signature: Fixed.signature))),
        ] + persons + operations
    }

    /// Tokens that say too much, and who is one person.
    private static var persons: [Vector] {
        let issuer = Fixed.digits(0xa1)
        return [
            identities(
                [
                    "reportToken": [
                        "issuer": issuer, "key": Fixed.digits(0x11), "signed": "612e62",
                        "signature": Fixed.signatureDigits,
                    ]
                ],
                .reportToken(
                    ReportToken(
                        issuer: Fixed.account, key: PublicKey(Fixed.raw(0x11)),
                        signed: Array("a.b".utf8), signature: Fixed.signature))),
            identities(
                [
                    "vouchForPerson": [
                        "issuer": issuer, "account": Fixed.digits(0xb2),
                        "person": Fixed.digits(0xd4), "until": Fixed.countDigits,
                    ]
                ],
                .vouchForPerson(
                    VouchForPerson(
                        issuer: Fixed.account, account: Fixed.other, person: Fixed.digest,
                        until: Fixed.time))),
            identities(
                ["endVouch": ["issuer": issuer, "account": Fixed.digits(0xb2)]],
                .endVouch(EndVouch(issuer: Fixed.account, account: Fixed.other))),
            identities(
                ["setPersonIssuers": [issuer, Fixed.digits(0xb2)]],
                .setPersonIssuers(SetPersonIssuers([Fixed.account, Fixed.other]))),
        ]
    }

    private static var operations: [Vector] {
        let key = PublicKey(Fixed.raw(0x11))
        let actions: [(JSON, IdentityAction)] = [
            (["rotate": ["key": Fixed.digits(0x11)]], .rotate(key: key)),
            (
                [
                    "recover": [
                        "with": Fixed.digits(0x11), "key": Fixed.digits(0x22),
                        "recovery": Fixed.digits(0xd4),
                    ]
                ],
                .recover(with: key, key: PublicKey(Fixed.raw(0x22)), recovery: Fixed.digest)
            ),
            (
                ["setServices": [["id": "a", "type": "b", "addresses": ["c", "d"]]]],
                .setServices([ServiceEndpoint(id: "a", type: "b", addresses: ["c", "d"])])
            ), (["setSpecification": nil], .setSpecification(nil)),
            (["deactivate": nil], .deactivate),
        ]
        return actions.map { json, action in
            let operation = IdentityOperation(
                chain: ChainID(Fixed.raw(0x99)), subject: Fixed.account, sequence: Fixed.count,
                previous: Fixed.digest, action: action)
            let value: JSON = [
                "operation": [
                    "chain": Fixed.digits(0x99), "subject": Fixed.digits(0xa1),
                    "sequence": Fixed.countDigits, "previous": Fixed.digits(0xd4), "action": json,
                ], "signature": Fixed.signatureDigits,
            ]
            return identities(
                ["submit": ["operations": [value]]],
                .submit(
                    SubmitOperations([
                        SignedOperation(operation: operation, signature: Fixed.signature)
                    ])))
        }
    }
}
