// SPDX-License-Identifier: Apache-2.0
import Accounts
import JSONText
import Ledger
import Testing
import Vocabulary

@Suite("Genesis of accounts")
struct GenesisTests {
    private func failure(_ json: JSON) throws -> String? {
        do {
            try AccountsModule().initialise(from: json, in: Street().context)
            return nil
        } catch let failure as GenesisFailure {
            return failure.pointer
        }
    }

    @Test("an empty part gives a chain with the native asset and no money")
    func empty() throws {
        let context = ExecutionContext(block: try Street().context.block, base: EmptyState())
        try AccountsModule().initialise(from: [:], in: context)
        let native = try #require(AccountsModule().asset(.native, in: context))
        #expect(native.symbol == "ATL" && native.supply == .zero)
    }

    @Test("supplies are the sums of balances, and queries list what there is in order")
    func supplies() throws {
        let street = try Street()
        #expect(street.supply() == 1_010 && street.supply(street.coral) == 50)
        let assets = street.accounts.assets(in: street.context)
        #expect(assets.map(\.id) == [.native, street.coral])
        let balances = street.accounts.balances(of: street.alice, in: street.context)
        #expect(balances.map(\.asset) == [.native, street.coral])
        let rest = street.accounts.balances(of: street.alice, after: .native, in: street.context)
        #expect(rest.map(\.amount) == [Amount(50)])
        street.expectSound()
    }

    @Test("mistakes are named with their place")
    func mistakes() throws {
        let account = JSON.string("\(Street.account(5))")
        #expect(try failure(["balance": []]) == "/balance")
        #expect(
            try failure(["balances": [["account": "5", "amount": "1"]]]) == "/balances/0/account")
        #expect(
            try failure(["balances": [["account": account, "amount": 1]]]) == "/balances/0/amount")
        #expect(
            try failure(["balances": [["account": account, "amount": "0"]]])
                == "/balances/0/amount")
        #expect(
            try failure([
                "balances": [["account": account, "amount": "1", "asset": 99]]
            ]) == "/balances/0/asset")
        #expect(
            try failure([
                "balances": [
                    ["account": account, "amount": "1"], ["account": account, "amount": "1"],
                ]
            ]) == "/balances/1/account")
        #expect(
            try failure(["assets": [["id": 3, "symbol": "A"], ["id": 3, "symbol": "B"]]])
                == "/assets")
    }
}
