// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("Offences of roles")
struct SlashTests {
    let town: Town

    init() throws {
        town = try Town(["correlationPartsPerMillion": 0])
        try town.send(
            .openBond(OpenBond(role: .compute, base: Amount(whole: 2_000))), from: 4)
    }

    private func slash(_ cause: String, _ role: Role = .compute, _ place: Int = 4) throws -> Amount
    {
        try town.module.slash(role, of: Town.account(place), for: cause, in: town.context)
    }

    @Test(
        "an offence costs what the table says, 80 % of it for the honest (OP-17, STAKING-7)",
        arguments: [
            ("downtime", 5), ("invalid-block", 15), ("censorship", 20), ("double-sign", 30),
            ("byzantine", 50), ("agreement-breach", 20), ("fraud", 100), ("invalid", 25),
        ] as [(String, UInt64)])
    func table(_ cause: String, _ percent: UInt64) throws {
        let taken = Amount(whole: 20 * percent)
        #expect(try slash(cause) == taken)
        #expect(try town.bond(.compute, 4).base == Amount(whole: 2_000 - 20 * percent))
        #expect(
            town.bank.balance(of: .penalties, in: town.context) == Amount(whole: 16 * percent))
        #expect(town.bank.burnt(in: town.context) == Amount(whole: 4 * percent))
        town.expectSound()
    }

    @Test("a cause that no row knows costs nothing, and a role's own row goes before the common")
    func causes() throws {
        #expect(refusal { _ = try slash("weather") } == "unknownCause")
        try town.send(.openBond(OpenBond(role: .storage, base: Amount(whole: 1_000))), from: 5)
        #expect(try slash("down-day", .storage, 5) == Amount(whole: 100))
        #expect(try slash("down-day") == Amount(whole: 100))
    }

    @Test("slash dodging by unbonding fails: what comes back is within reach (STAKING-6)")
    func slashDodgingByUnbonding() throws {
        try town.send(
            .reduceBond(BondAmounts(role: .compute, base: Amount(whole: 500))), from: 4)
        town.end()
        try town.send(.leave(.compute), from: 4)
        #expect(try slash("byzantine") == Amount(whole: 1_000))
        town.end(604_800_000)
        town.end()
        #expect(town.spent(4) == Amount(whole: 1_000))
    }

    @Test("an offender is jailed for its time, and while its bond is short (STAKING-7)")
    func jail() throws {
        _ = try slash("byzantine")
        #expect(
            try town.bond(.compute, 4).status
                == .jailed(until: town.context.block.time.advanced(by: 604_800_000)))
        #expect(refusal { try town.send(.resume(.compute), from: 4) } == "tooEarly")
        town.end(604_800_000)
        try town.send(.resume(.compute), from: 4)
        _ = try slash("downtime")
        town.end(3_600_000)
        #expect(refusal { try town.send(.resume(.compute), from: 4) } == "amountTooSmall")
        try town.send(
            .addBond(BondAmounts(role: .compute, base: Amount(whole: 50))), from: 4)
        try town.send(.resume(.compute), from: 4)
        #expect(try town.bond(.compute, 4).status == .bonded)
    }

    @Test("an attack ends a role for ever; nothing brings it back (STAKING-1)")
    func ban() throws {
        _ = try slash("attack")
        #expect(try town.bond(.compute, 4).status == .banned)
        #expect(
            refusal {
                try town.send(
                    .openBond(OpenBond(role: .compute, base: Amount(whole: 2_000))), from: 4)
            } == "banned")
        #expect(refusal { try town.send(.resume(.compute), from: 4) } == "wrongStatus")
        town.expectSound()
    }

    @Test("repeated offences cost half more each, and half lost is a ban (CO-12)")
    func graded() throws {
        try town.send(
            .openBond(OpenBond(role: .wholesaler, base: Amount(whole: 10_000))), from: 6)
        #expect(try slash("quota", .wholesaler, 6) == Amount(whole: 1_000))
        #expect(try slash("quota", .wholesaler, 6) == Amount(whole: 1_350))
        #expect(try slash("quota", .wholesaler, 6) == Amount("1721.25"))
        #expect(try town.bond(.wholesaler, 6).status != .banned)
        _ = try slash("quota", .wholesaler, 6)
        #expect(try town.bond(.wholesaler, 6).status == .banned)
        town.end(604_800_000)
        town.end()
        #expect(try town.bond(.wholesaler, 6).isHere == false)
    }

    @Test("offences of a role within a week cost more together (STAKING-7)")
    func correlation() throws {
        let town = try Town()
        for place in 4..<8 {
            try town.send(
                .openBond(OpenBond(role: .compute, base: Amount(whole: 1_000))), from: place)
        }
        func slash(_ place: Int) throws -> Amount {
            try town.module.slash(
                .compute, of: Town.account(place), for: "byzantine", in: town.context)
        }
        // An eighth of the role is lost first; three eighths more than the half follow.
        #expect(try slash(4) == Amount(whole: 500))
        #expect(try slash(5) == Amount(whole: 875))
        town.end(604_800_000)
        town.end()
        #expect(try slash(6) == Amount(whole: 500))
    }

    // MARK: Contradictions

    private func statement(
        _ content: UInt8, by key: Int = 4, subject: UInt8 = 1, sequence: UInt64 = 0
    ) -> RoleStatement {
        RoleStatement(
            role: .compute, account: Town.account(4), subject: Digest(Bytes32 { $0[0] = subject }),
            sequence: sequence, content: Digest(Bytes32 { $0[0] = content }), by: Town.key(key),
            on: Town.chain)
    }

    private func submit(_ first: RoleStatement, _ second: RoleStatement) throws(Refusal) {
        try town.send(.submitContradiction(Contradiction(first, second)), from: 9)
    }

    @Test("two signed contents for one place cost a third, once, whoever brings them (STAKING-8)")
    func contradiction() throws {
        try submit(statement(1), statement(2))
        #expect(try town.bond(.compute, 4).base == Amount(whole: 1_400))
        #expect(refusal { try submit(statement(2), statement(3)) } == "alreadyPunished")
        town.expectSound()
    }

    @Test("nothing but a contradiction of the bond's own keys is an offence (STAKING-8)")
    func noContradiction() throws {
        #expect(refusal { try submit(statement(1), statement(1)) } == "noOffence")
        #expect(refusal { try submit(statement(1), statement(2, sequence: 1)) } == "noOffence")
        #expect(refusal { try submit(statement(1), statement(2, by: 5)) } == "noOffence")
        var bytes = statement(2).canonicalBytes
        bytes[bytes.count - 1] ^= 1
        let forged = try RoleStatement(canonicalBytes: bytes)
        #expect(refusal { try submit(statement(1), forged) } == "noOffence")
        #expect(try town.bond(.compute, 4).base == Amount(whole: 2_000))
    }

    @Test("changing the signer does not undo what it signed (STAKING-8)")
    func formerSigner() throws {
        try town.send(.setSigner(SetSigner(role: .compute, signer: Town.account(5))), from: 4)
        try town.send(.setSigner(SetSigner(role: .compute, signer: nil)), from: 4)
        try submit(statement(1, by: 5), statement(2, by: 5))
        #expect(try town.bond(.compute, 4).base == Amount(whole: 1_400))
        town.end(604_800_000)
        #expect(
            refusal { try submit(statement(1, by: 5, subject: 2), statement(2, by: 5, subject: 2)) }
                == "noOffence")
    }
}
