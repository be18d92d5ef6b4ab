// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Escrows and fees")
struct EscrowTests {
    let street: Street
    let key = EscrowKey(module: .market, id: Bytes32 { $0[0] = 5 })

    init() throws {
        street = try Street()
        try street.accounts.hold(
            Amount(300), of: .native, from: street.alice, as: key, in: street.context)
    }

    private var held: UInt128? { street.accounts.escrow(key, in: street.context)?.amount.units }

    @Test("what is held has left the balance and can be added to (ACCOUNTS-6)")
    func hold() throws {
        #expect(held == 300 && street.balance(street.alice) == 700)
        try street.accounts.hold(
            Amount(10), of: .native, from: street.bob, as: key, in: street.context)
        #expect(held == 310 && street.balance(street.bob) == 0)
        #expect(street.accounts.escrow(key, in: street.context)?.owner == street.alice)
        street.expectSound()
    }

    @Test("an escrow holds one asset, and never what its owner has not")
    func holdRefusals() {
        let hold: (UInt128, AssetID) -> String? = { amount, asset in
            refusal {
                try street.accounts.hold(
                    Amount(amount), of: asset, from: street.alice, as: key, in: street.context)
            }
        }
        #expect(hold(1, street.coral) == "escrowMismatch")
        #expect(hold(701, .native) == "insufficientBalance")
        #expect(hold(0, .native) == "zeroAmount")
        #expect(hold(1, AssetID(99)) == "unknownAsset")
        #expect(held == 300 && street.balance(street.alice, street.coral) == 50)
        street.expectSound()
    }

    @Test("a release pays anybody, up to all, and an emptied escrow is gone (ACCOUNTS-7)")
    func release() throws {
        let release: (UInt128) -> String? = { amount in
            refusal {
                try street.accounts.release(
                    Amount(amount), from: key, to: street.bob, in: street.context)
            }
        }
        #expect(release(301) == "insufficientEscrow")
        #expect(release(0) == nil)
        #expect(release(120) == nil)
        #expect(held == 180 && street.balance(street.bob) == 130)
        #expect(release(180) == nil)
        #expect(held == nil && street.balance(street.bob) == 310)
        #expect(release(1) == "unknownEscrow")
        street.expectSound()
    }

    @Test("money moves between escrows of one asset")
    func move() throws {
        let other = EscrowKey(module: .registry, id: key.id)
        try street.accounts.move(Amount(100), from: key, into: other, in: street.context)
        #expect(held == 200)
        #expect(street.accounts.escrow(other, in: street.context)?.amount == Amount(100))
        let coral = EscrowKey(module: .market, id: .zero)
        try street.accounts.hold(
            Amount(1), of: street.coral, from: street.alice, as: coral, in: street.context)
        #expect(
            refusal {
                try street.accounts.move(Amount(1), from: key, into: coral, in: street.context)
            } == "escrowMismatch")
        #expect(held == 200)
        street.expectSound()
    }

    @Test("what is burnt leaves the supply (ACCOUNTS-8)")
    func burn() throws {
        try street.accounts.burn(Amount(250), from: key, in: street.context)
        #expect(held == 50 && street.supply() == 760)
        #expect(
            refusal { try street.accounts.burn(Amount(51), from: key, in: street.context) }
                == "insufficientEscrow")
        street.expectSound()
    }

    @Test("a fee goes from payer to proposer, or nothing happens (ACCOUNTS-5)")
    func fee() throws {
        let proposer = street.context.block.proposer
        try street.accounts.charge(
            Amount(7), to: street.bob, for: proposer, in: street.context)
        #expect(street.balance(street.bob) == 3 && street.balance(proposer) == 7)
        #expect(
            refusal {
                try street.accounts.charge(
                    Amount(4), to: street.bob, for: proposer, in: street.context)
            } == "insufficientBalance")
        #expect(street.balance(street.bob) == 3)
        street.expectSound()
    }

    @Test("nonces count from zero, one by one, per account (ACCOUNTS-4)")
    func nonces() {
        let accounts = street.accounts
        #expect(accounts.nextNonce(of: street.alice, in: street.context) == 0)
        accounts.advanceNonce(of: street.alice, in: street.context)
        accounts.advanceNonce(of: street.alice, in: street.context)
        #expect(accounts.nextNonce(of: street.alice, in: street.context) == 2)
        #expect(accounts.nextNonce(of: street.bob, in: street.context) == 0)
    }

    @Test("money from nowhere is noticed, from the changes and from the whole (ACCOUNTS-9)")
    func breach() {
        street.context.set(
            .accounts, AccountsKeys.balance(of: street.bob, .native), Amount(11).canonicalBytes)
        #expect(street.accounts.breaches(after: street.context).count == 1)
        #expect(street.accounts.breaches(in: street.context).count == 1)
    }
}
