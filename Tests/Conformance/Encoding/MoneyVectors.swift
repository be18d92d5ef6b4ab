// SPDX-License-Identifier: Apache-2.0
import Accounts
import JSONText
import Ledger
import Market
import Registry
import Vocabulary

/// Messages of those who pay and those who work.
enum MoneyVectors {
    static var all: [Vector] { accounts + market + registry }

    private static let accounts = [
        Vector(
            "accounts",
            [
                "transfer": [
                    "parts": [
                        [
                            "account": Fixed.digits(0xa1), "asset": Fixed.countDigits,
                            "amount": Fixed.amountDigits,
                        ],
                        ["account": Fixed.digits(0xb2), "asset": "0", "amount": "1"],
                    ]
                ]
            ],
            AccountsMessage.transfer(
                Transfer([
                    Transfer.Part(to: Fixed.account, Fixed.amount, of: AssetID(Fixed.count)),
                    Transfer.Part(to: Fixed.other, Amount(1)),
                ])
            ).message),
        Vector(
            "accounts", ["transfer": ["parts": []]],
            AccountsMessage.transfer(Transfer([])).message),
    ]

    static let terms = OrderTerms(
        moduleDigest: Fixed.digest, inputDigest: Digest(Fixed.raw(0xe5)),
        arguments: ["", "näher", String(repeating: "x", count: 200)],
        limits: JobLimits(
            fuelMax: Fuel(Fixed.count), memoryBytesMax: 2, outputBytesMax: 3, wallMilliseconds: 4),
        replicas: 3, asset: AssetID(7), maxCost: Fixed.amount, deadline: Fixed.time,
        salt: Fixed.raw(0xf6))

    static let termsJSON: JSON = [
        "kind": "wasm", "moduleDigest": Fixed.digits(0xd4), "inputDigest": Fixed.digits(0xe5),
        "arguments": ["", "näher", .string(String(repeating: "x", count: 200))],
        "limits": [
            "fuelMax": Fixed.countDigits, "memoryBytesMax": "2", "outputBytesMax": "3",
            "wallMilliseconds": "4",
        ],
        "replicas": 3, "asset": "7", "maxCost": Fixed.amountDigits, "deadline": Fixed.countDigits,
        "salt": Fixed.digits(0xf6),
    ]

    private static func market(_ value: JSON, _ message: MarketMessage) -> Vector {
        Vector("market", value, Message(module: .market, payload: message.canonicalBytes))
    }

    private static var market: [Vector] {
        let job = Fixed.digits(0xc3)
        return [
            market(["openOrder": ["terms": termsJSON]], .openOrder(OpenOrder(terms: terms))),
            market(
                ["placeBid": ["job": job, "price": ["base": "5", "perMillionFuel": "6"]]],
                .placeBid(
                    PlaceBid(
                        job: Fixed.job, price: Price(base: Amount(5), perMillionFuel: Amount(6))))),
            market(
                ["commitResult": ["job": job, "commitment": Fixed.digits(0xd4)]],
                .commitResult(CommitResult(job: Fixed.job, commitment: Fixed.digest))),
            market(
                ["giveUp": ["job": job, "reason": "engineFailed"]],
                .giveUp(GiveUp(job: Fixed.job, reason: .engineFailed))),
            market(["cancelOrder": ["job": job]], .cancelOrder(CancelOrder(job: Fixed.job))),
        ] + reveals
    }

    private static var reveals: [Vector] {
        let outcomes: [(JSON, JobOutcome)] = [
            (["exited": 256], .exited(code: 256)),
            (["trapped": "stackOverflow"], .trapped(.stackOverflow)),
            (["trapped": "other"], .trapped(.other)), (["fuelExhausted": nil], .fuelExhausted),
            (["invalidInput": nil], .invalidInput),
        ]
        return outcomes.map { json, outcome in
            let result = JobResult(
                outcome: outcome, outputDigest: Fixed.digest, outputBytes: Fixed.count,
                fuelUsed: Fuel(9))
            let value: JSON = [
                "job": Fixed.digits(0xc3),
                "result": [
                    "outcome": json, "outputDigest": Fixed.digits(0xd4),
                    "outputBytes": Fixed.countDigits, "fuelUsed": "9",
                ],
                "salt": Fixed.digits(0xf6), "key": Fixed.digits(0x11),
                "signature": Fixed.signatureDigits,
            ]
            return market(
                ["revealResult": value],
                .revealResult(
                    RevealResult(
                        job: Fixed.job, result: result, salt: Fixed.raw(0xf6),
                        key: PublicKey(Fixed.raw(0x11)), signature: Fixed.signature)))
        }
    }

    private static var registry: [Vector] {
        let terms = ProviderTerms(
            endpoint: "127.0.0.1:9000", capabilities: ["wasm/1", "gpu"], basePrice: Amount(1),
            pricePerMillionFuel: Amount(2), slots: 70_000)
        let json: JSON = [
            "endpoint": "127.0.0.1:9000", "capabilities": ["gpu", "wasm/1"], "basePrice": "1",
            "pricePerMillionFuel": "2", "slots": 70_000,
        ]
        return [
            Vector(
                "registry",
                [
                    "register": [
                        "peer": Fixed.digits(0x11), "terms": json, "bond": Fixed.amountDigits,
                    ]
                ],
                RegistryMessage.register(
                    RegisterProvider(
                        peer: PublicKey(Fixed.raw(0x11)), terms: terms, bond: Fixed.amount)
                ).message),
            Vector(
                "registry", ["update": ["terms": json, "addedBond": "0"]],
                RegistryMessage.update(UpdateProvider(terms: terms)).message),
            Vector("registry", ["pause": nil], RegistryMessage.pause.message),
            Vector("registry", ["resume": nil], RegistryMessage.resume.message),
            Vector("registry", ["unbond": nil], RegistryMessage.unbond.message),
            Vector("registry", ["withdraw": nil], RegistryMessage.withdraw.message),
        ]
    }
}
