// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import Staking
import Validators
import Vocabulary

/// Messages of validators and of those behind them.
enum StakeVectors {
    static var all: [Vector] { bonds + delegations + validators }

    private static func staking(_ value: JSON, _ message: StakingMessage) -> Vector {
        Vector("staking", value, message.message)
    }

    private static var bonds: [Vector] {
        let amounts: JSON = ["role": "node", "base": Fixed.amountDigits, "second": "2"]
        let values = BondAmounts(role: .node, base: Fixed.amount, second: Amount(2))
        return [
            staking(
                [
                    "openBond": [
                        "role": "compute", "base": Fixed.amountDigits, "second": "0", "lock": 3,
                        "signer": Fixed.digits(0xb2),
                        "domain": ["country": "CH", "region": "zürich", "entity": "one"],
                    ]
                ],
                .openBond(
                    OpenBond(
                        role: .compute, base: Fixed.amount, lock: 3, signer: Fixed.other,
                        domain: FailureDomain(country: "CH", region: "zürich", entity: "one")))),
            staking(
                [
                    "openBond": [
                        "role": "holder", "base": "1", "second": "2", "lock": 0, "signer": nil,
                        "domain": nil,
                    ]
                ],
                .openBond(OpenBond(role: .holder, base: Amount(1), second: Amount(2)))),
            staking(["addBond": amounts], .addBond(values)),
            staking(["reduceBond": amounts], .reduceBond(values)),
            staking(["leave": "council"], .leave(.council)),
            staking(["pause": "issuer"], .pause(.issuer)),
            staking(["resume": "gateway"], .resume(.gateway)),
            staking(
                ["setSigner": ["role": "machine", "signer": nil]],
                .setSigner(SetSigner(role: .machine, signer: nil))),
            staking(
                ["extendLock": ["role": "holder", "lock": 9]], .extendLock(.holder, lock: 9)),
            staking(["breakLock": "holder"], .breakLock(.holder)),
        ]
    }

    private static var delegations: [Vector] {
        let order = StakeOrder(operator: Fixed.account, amount: Fixed.amount, compounds: true)
        let json: JSON = [
            "operator": Fixed.digits(0xa1), "amount": Fixed.amountDigits, "compounds": true,
        ]
        let shares: JSON = ["operator": Fixed.digits(0xa1), "shares": Fixed.amountDigits]
        return [
            staking(["delegate": json], .delegate(order)),
            staking(["undelegate": json], .undelegate(order)),
            staking(
                ["redelegate": ["from": json, "to": Fixed.digits(0xb2)]],
                .redelegate(MoveOrder(from: order, to: Fixed.other))),
            staking(["claim": Fixed.digits(0xa1)], .claim(Fixed.account)),
            staking(["setCommission": "50000"], .setCommission(50_000)),
            staking(["tokenize": shares], .tokenize(Fixed.account, shares: Fixed.amount.units)),
            staking(["redeem": shares], .redeem(Fixed.account, shares: Fixed.amount.units)),
            staking(["insure": false], .insure(false)),
            staking(
                ["settle": ["owner": Fixed.digits(0xa1), "operator": Fixed.digits(0xb2)]],
                .settle(owner: Fixed.account, operator: Fixed.other)),
            staking(["fund": Fixed.amountDigits], .fund(Fixed.amount)),
        ]
    }

    private static var validators: [Vector] {
        [
            Vector(
                "validators", ["addStake": Fixed.amountDigits],
                ValidatorsMessage.addStake(Fixed.amount).message),
            Vector("validators", ["leave": nil], ValidatorsMessage.leave.message),
        ] + claims + [
            Vector("validators", ["resume": nil], ValidatorsMessage.resume.message),
            Vector(
                "validators", ["update": ["name": "one", "fees": Fixed.digits(0xb2)]],
                ValidatorsMessage.update(UpdateMember(name: "one", fees: Fixed.other)).message),
        ]
    }

    /// A key that shall vote, with its own word for it.
    private static var claims: [Vector] {
        guard let key = SigningKey(seed: Fixed.seed) else { return [] }
        let claim = KeyClaim(key, for: Fixed.account, on: ChainID(Fixed.raw(0x99)))
        let json: JSON = [
            "key": .string("\(claim.key)"),
            "proof": .string(Hexadecimal.encode(claim.proof.bytes)),
        ]
        return [
            Vector(
                "validators",
                [
                    "join": [
                        "claim": json, "name": "one", "stake": Fixed.amountDigits,
                        "fees": Fixed.digits(0xb2),
                    ]
                ],
                ValidatorsMessage.join(
                    JoinValidators(
                        claim: claim, name: "one", stake: Fixed.amount, fees: Fixed.other)
                ).message),
            Vector("validators", ["rotateKey": json], ValidatorsMessage.rotateKey(claim).message),
        ]
    }
}
