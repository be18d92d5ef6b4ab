// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import Ledger

@Suite("Fees by kinds of messages")
struct MessageFeeTests {
    /// OP-19: every message .0001, identities 1, accounts of several signers .002.
    private static let ledger: JSON = [
        "feeBase": "0", "feePerByte": "0", "feePerMessage": "0.0001",
        "messageFees": [
            ["module": 7, "tag": 0, "fee": "0.002"], ["module": 16, "tag": 0, "fee": "1"],
        ],
    ]

    private func message(_ module: ModuleID, _ tag: UInt8) -> Message {
        Message(module: module, payload: [tag, 9])
    }

    @Test("a message pays what its kind pays, and every other one the same (LEDGER-8, OP-19)")
    func kinds() throws {
        let parameters = try LedgerParameters(genesis: Self.ledger, at: "/ledger")
        for (messages, fee) in [
            ([message(.accounts, 0)], "0.0001"), ([message(.identities, 0)], "1"),
            ([message(.identities, 1)], "0.0001"), ([message(.treasury, 0)], "0.002"),
            ([message(.treasury, 0), message(.accounts, 0)], "0.0021"), ([], "0"),
        ] { #expect(parameters.fee(bytes: 500, of: messages) == Amount(fee)) }
        #expect(
            parameters.fee(bytes: 1, module: .identities, tag: 0) == Amount(whole: 1))
        let dear = try LedgerParameters(
            genesis: [
                "messageFees": [
                    ["module": 1, "tag": 0, "fee": "340282366920938463463.374607431768211455"]
                ]
            ], at: "/ledger")
        #expect(dear.fee(bytes: 1, of: [message(.accounts, 0)]) == nil)
    }

    @Test("they read back, from a genesis and from the state; without them nothing is added")
    func coding() throws {
        let parameters = try LedgerParameters(genesis: Self.ledger, at: "/ledger")
        #expect(try LedgerParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
        #expect(try LedgerParameters(genesis: parameters.json, at: "") == parameters)
        let standard = LedgerParameters.standard
        #expect(standard.canonicalBytes.count == 80)
        #expect(try LedgerParameters(canonicalBytes: standard.canonicalBytes) == standard)
        #expect(throws: CanonicalError.self) {
            try LedgerParameters(canonicalBytes: standard.canonicalBytes + [0])
        }
    }

    @Test("kinds ascend, and each is named once")
    func order() {
        for rows in [
            [["module": 7, "tag": 0, "fee": "1"], ["module": 7, "tag": 0, "fee": "2"]],
            [["module": 7, "tag": 1, "fee": "1"], ["module": 7, "tag": 0, "fee": "2"]],
        ] as [JSON] {
            #expect(throws: GenesisFailure.self) {
                try LedgerParameters(genesis: ["messageFees": rows], at: "/ledger")
            }
        }
    }
}
