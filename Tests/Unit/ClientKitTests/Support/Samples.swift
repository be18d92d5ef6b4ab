// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import JSONText
import Ledger
import Vocabulary

/// Answers of a gateway as specs/gateway.md describes them.
enum Samples {
    static let digest = String(repeating: "ab", count: 32)
    static let account = String(repeating: "cd", count: 32)

    static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: SHA256.hash([number]).raw.bytes) else {
            preconditionFailure("a hash has 32 bytes")
        }
        return key
    }

    static let validator = key(1)
    static let client = key(2)

    /// A chain of one validator.
    static var genesisJSON: JSON {
        let seat = GenesisValidator(
            name: "a", publicKey: validator.publicKey, stake: 1,
            account: AccountID(of: validator.publicKey))
        let balance = AccountsGenesis.Balance(
            AccountID(of: client.publicKey), Amount(whole: 1_000))
        return [
            "name": "test", "time": 1_700_000_000_000, "validators": [seat.json],
            "modules": ["accounts": AccountsGenesis(balances: [balance]).json],
        ]
    }

    static var genesis: Genesis { get throws { try Genesis(json: genesisJSON) } }

    static func status(chain: ChainID, hasQuorum: Bool = true) -> JSON {
        [
            "chain": JSON("\(chain)"), "name": "test", "version": "0.1.0", "role": "gateway",
            "publicKey": JSON(digest), "height": 7, "slot": 9, "stateRoot": JSON(digest),
            "headTime": 1_700_000_000_000, "lastBlockAgeMilliseconds": 40,
            "validators": [
                ["name": "a", "publicKey": JSON(digest), "stake": 1, "connected": true]
            ], "stakeConnected": 1, "stakeTotal": 1, "quorum": 1, "hasQuorum": .bool(hasQuorum),
            "reason": hasQuorum ? .null : "no quorum",
            "peers": [
                [
                    "publicKey": JSON(digest), "role": "validator", "endpoint": .null,
                    "state": "connected", "roundTripMilliseconds": .number("1.5"),
                ]
            ], "pendingTransactions": 0, "blobBytes": 0,
        ]
    }

    static func account(_ account: String, nonce: UInt64 = 3, units: String = "1500") -> JSON {
        [
            "account": JSON(account), "nonce": JSON(nonce),
            "balances": [["asset": 0, "amount": JSON(units)]],
        ]
    }

    static let provider: JSON = [
        "account": JSON(account), "publicKey": JSON(digest), "endpoint": "127.0.0.1:1",
        "state": "bonded", "capabilities": ["wasm/1"], "basePrice": "100",
        "pricePerMillionFuel": "1", "slots": 2, "bond": "5000", "slashed": "0",
        "sinceHeight": 1, "score": 10, "completed": 4, "faults": 1,
    ]

    static let quote: JSON = [
        "replicas": 2, "fuelMax": 1_000_000, "providers": 3, "costMin": "202", "costMax": "206",
        "transactionFee": "9",
    ]

    static let block: JSON = [
        "height": 5, "slot": 6, "hash": JSON(digest), "parent": JSON(digest),
        "time": 1_700_000_000_100, "proposer": JSON(digest), "stateHeight": 4,
        "stateRoot": JSON(digest), "transactions": [JSON(digest)], "signers": ["a"],
    ]

    static let liveJob: JSON = [
        "job": JSON(digest), "client": JSON(account), "state": "running", "disputed": false,
        "moduleDigest": JSON(digest), "inputDigest": JSON(digest), "arguments": ["-n", "3"],
        "replicas": 2, "asset": 0, "maxCost": "206", "deadline": 1_700_000_060_000,
        "openedAt": 1_700_000_000_000, "openedHeight": 5, "bids": [],
        "leases": [["provider": JSON(account), "state": "running", "dueBy": 1_700_000_020_000]],
    ]

    static let settledJob: JSON = [
        "job": JSON(digest), "client": JSON(account), "state": "settled", "disputed": true,
        "moduleDigest": JSON(digest), "inputDigest": JSON(digest), "replicas": 2, "asset": 0,
        "maxCost": "206", "openedAt": 1_700_000_000_000, "openedHeight": 5, "bids": [],
        "leases": [],
        "result": [
            "outcome": "exited", "code": 3, "outputDigest": JSON(digest), "outputBytes": 12,
            "fuelUsed": 900_000,
        ],
        "settlement": [
            "kind": "settled", "rung": 2, "cost": "202", "refund": "4", "height": 9,
            "time": 1_700_000_001_000, "paid": [], "liars": [],
            "executions": [
                [
                    "provider": JSON(account), "basePrice": "100", "pricePerMillionFuel": "1",
                    "finding": "agreed", "resultDigest": JSON(digest), "bill": "101",
                    "paid": "101", "paidFromBonds": "0", "slashed": "0",
                ]
            ],
        ],
    ]

    static func final(_ hash: Digest, refusal: JSON = .null) -> JSON {
        [
            "hash": JSON("\(hash)"), "height": 8, "index": 0, "verdict": "applied", "fee": "528",
            "refusal": refusal, "acknowledged": "final",
        ]
    }
}
