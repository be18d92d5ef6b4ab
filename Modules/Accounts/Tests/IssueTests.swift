// SPDX-License-Identifier: Apache-2.0
import Accounts
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Assets of modules")
struct IssueTests {
    let street: Street
    let share = ModuleID.staking.asset(3)

    init() throws { street = try Street() }

    private func issue(_ units: UInt128, of asset: AssetID, by module: ModuleID) throws(Refusal) {
        try street.accounts.issue(
            Amount(units), of: asset, symbol: "ST3", by: module, to: street.alice,
            in: street.context)
    }

    @Test("a module makes and ends its own asset, and the supply follows (ACCOUNTS-11)")
    func life() throws {
        try issue(40, of: share, by: .staking)
        #expect(street.balance(street.alice, share) == 40 && street.supply(share) == 40)
        try street.transfer(
            Transfer.Part(to: street.bob, Amount(15), of: share), from: street.alice)
        try street.accounts.redeem(
            Amount(15), of: share, by: .staking, from: street.bob, in: street.context)
        #expect(street.supply(share) == 25)
        #expect(
            refusal {
                try street.accounts.redeem(
                    Amount(1), of: share, by: .staking, from: street.bob, in: street.context)
            } == "insufficientBalance")
        street.expectSound()
    }

    @Test("no module makes another's asset, or one of the genesis (ACCOUNTS-1, ACCOUNTS-11)")
    func foreign() throws {
        #expect(refusal { try issue(1, of: share, by: .treasury) } == "notIssuer")
        #expect(refusal { try issue(1, of: .native, by: .staking) } == "notIssuer")
        #expect(refusal { try issue(1, of: street.coral, by: .staking) } == "notIssuer")
        #expect(share.issuer == .staking && AssetID.native.issuer == nil)
    }

    @Test("a supply never exceeds 128 bits")
    func largest() throws {
        try issue(.max, of: share, by: .staking)
        #expect(refusal { try issue(1, of: share, by: .staking) } == "supplyTooLarge")
    }

    @Test("a genesis cannot name a module's asset")
    func genesis() {
        let wrong: JSON = ["assets": [["id": JSON(share.value), "symbol": "X"]]]
        do {
            _ = try AccountsGenesis(wrong)
            Issue.record("it was accepted")
        } catch { #expect(error.pointer == "/assets/0/id") }
    }
}
