// SPDX-License-Identifier: Apache-2.0
import Exchange
import JSONText
import Ledger
import Vocabulary

/// Messages of those who trade.
enum ExchangeVectors {
    static var all: [Vector] { pools + windows }

    private static func vector(_ value: JSON, _ message: ExchangeMessage) -> Vector {
        Vector("exchange", value, message.message)
    }

    private static func pool(lockedUntil: JSON, _ until: Timestamp?) -> Vector {
        vector(
            [
                "createPool": [
                    "one": ["asset": "0", "amount": Fixed.amountDigits],
                    "other": ["asset": "6", "amount": "9"], "fee": "3000",
                    "lockedUntil": lockedUntil,
                ]
            ],
            .createPool(
                CreatePool(
                    AssetAmount(Fixed.amount, of: .native),
                    AssetAmount(Amount(9), of: AssetID(6)), fee: 3_000, lockedUntil: until)))
    }

    private static var pools: [Vector] {
        [
            pool(lockedUntil: nil, nil), pool(lockedUntil: Fixed.countDigits, Fixed.time),
            vector(
                [
                    "addLiquidity": [
                        "pool": "5", "firstMost": Fixed.amountDigits, "secondMost": "2",
                        "firstLeast": "3", "secondLeast": "4",
                    ]
                ],
                .addLiquidity(
                    AddLiquidity(
                        pool: 5, firstMost: Fixed.amount, secondMost: Amount(2),
                        firstLeast: Amount(3), secondLeast: Amount(4)))),
            vector(
                [
                    "removeLiquidity": [
                        "pool": "5", "shares": Fixed.amountDigits, "firstLeast": "3",
                        "secondLeast": "4",
                    ]
                ],
                .removeLiquidity(
                    RemoveLiquidity(
                        pool: 5, shares: Fixed.amount, firstLeast: Amount(3),
                        secondLeast: Amount(4)))),
            vector(
                [
                    "swap": [
                        "pool": "5", "sold": ["asset": "6", "amount": "7"],
                        "least": Fixed.amountDigits, "expires": Fixed.countDigits,
                    ]
                ],
                .swap(
                    Swap(
                        pool: 5, selling: AssetAmount(Amount(7), of: AssetID(6)),
                        least: Fixed.amount, expires: Fixed.time))),
            vector(
                ["lock": ["pool": "5", "shares": "6", "until": Fixed.countDigits]],
                .lock(pool: 5, shares: Amount(6), until: Fixed.time)),
            vector(["unlock": "5"], .unlock(pool: 5)),
        ]
    }

    private static var windows: [Vector] {
        [
            vector(["fund": Fixed.amountDigits], .fund(Fixed.amount)),
            vector(
                ["convert": ["asset": "6", "amount": Fixed.amountDigits, "least": "1"]],
                .convert(asset: AssetID(6), amount: Fixed.amount, least: Amount(1))),
            vector(
                ["setWindow": ["asset": "6", "terms": nil]],
                .setWindow(asset: AssetID(6), terms: nil)),
            vector(
                [
                    "setWindow": [
                        "asset": "6", "terms": ["target": "8", "reference": Fixed.amountDigits],
                    ]
                ],
                .setWindow(
                    asset: AssetID(6),
                    terms: WindowTerms(target: Amount(8), reference: Fixed.amount))),
        ]
    }
}
