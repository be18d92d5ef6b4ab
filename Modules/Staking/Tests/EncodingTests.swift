// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Staking

@Suite("Encodings and genesis of staking")
struct EncodingTests {
    private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

    @Test("the encoding of a bond and of a delegation is pinned")
    func pinned() {
        let bond = StakingMessage.openBond(
            OpenBond(role: .compute, base: Amount(4), second: Amount(5), lock: 3))
        #expect(
            Hexadecimal.encode(bond.canonicalBytes)
                == "0002" + "04" + zeros(15) + "05" + zeros(15) + "0300" + "00")
        let order = StakingMessage.delegate(
            StakeOrder(operator: AccountID(.zero), amount: Amount(6), compounds: true))
        #expect(
            Hexadecimal.encode(order.canonicalBytes) == "0a" + zeros(32) + "06" + zeros(15) + "01")
    }

    @Test("every message begins with its tag and reads back")
    func tags() throws {
        let account = Town.account(1)
        let amounts = BondAmounts(role: .storage, base: Amount(1), second: Amount(2))
        let order = StakeOrder(operator: account, amount: Amount(3))
        let domain = FailureDomain(country: "CH", region: "EU", entity: "someone")
        let statement = RoleStatement(
            role: .issuer, account: account, subject: .zero, sequence: 1, content: .zero,
            by: Town.key(1), on: Town.chain)
        let messages: [StakingMessage] = [
            .openBond(
                OpenBond(role: .issuer, base: Amount(1), signer: account, domain: domain)),
            .addBond(amounts), .reduceBond(amounts), .leave(.compute), .pause(.compute),
            .resume(.compute), .setSigner(SetSigner(role: .compute, signer: account)),
            .extendLock(.holder, lock: 4), .breakLock(.holder),
            .submitContradiction(Contradiction(statement, statement)), .delegate(order),
            .undelegate(order), .redelegate(MoveOrder(from: order, to: account)), .claim(account),
            .setCommission(5), .tokenize(account, shares: 6), .redeem(account, shares: 7),
            .insure(true), .settle(owner: account, operator: account), .fund(Amount(8)),
        ]
        #expect(messages.map { $0.canonicalBytes[0] } == Array(0...19))
        for message in messages {
            #expect(try StakingMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        #expect(throws: CanonicalError.unknownTag(20)) {
            try StakingMessage(canonicalBytes: [20])
        }
    }

    @Test("records read back, and the largest fit their events")
    func records() throws {
        let domain = FailureDomain(
            country: "CH", region: String(repeating: "r", count: 64),
            entity: String(repeating: "e", count: 64))
        let part = BondPart(base: Amount(1), second: Amount(2), due: Timestamp(3))
        for status in [
            .bonded, .paused, .jailed(until: Timestamp(9)), .unbonding, .withdrawn, .banned,
        ] as [BondStatus] {
            let bond = RoleBond(
                role: .node, account: Town.account(1), status: status, base: Amount(1),
                second: Amount(2), lock: 1, lockedUntil: Timestamp(4), signer: Town.account(2),
                domain: domain, parts: Array(repeating: part, count: 8), offences: 5,
                slashed: Amount(6), since: BlockHeight(7))
            #expect(try RoleBond(canonicalBytes: bond.canonicalBytes) == bond)
            #expect(bond.canonicalBytes.count <= Event.payloadBytesMax)
        }
        var pool = Pool(Town.account(1), commission: 5, at: BlockHeight(6))
        pool.liquid = 3
        pool.notice = CommissionNotice(partsPerMillion: 6, from: Epoch(7))
        #expect(try Pool(canonicalBytes: pool.canonicalBytes) == pool)
    }

    @Test("a delegation takes 56 bytes")
    func size() {
        #expect(Delegation(paid: 0, since: Timestamp(0)).canonicalBytes.count == 56)
    }

    @Test("every purse has a name of its own")
    func purses() {
        let (first, second) = (Town.account(1), Town.account(2))
        let purses: [Purse] = [
            .budget, .penalties, .insurance, .stake(first), .stake(second), .rewards(first),
            .leaving(first), .bond(.node, first), .bond(.issuer, first), .second(.node, first),
        ]
        #expect(Set(purses.map(\.id)).count == purses.count)
    }

    @Test("figures are read from genesis, kept in the state, and mistakes named with their place")
    func genesis() throws {
        let town = try Town(["delegationMin": "2.5", "rateStart": 70_000])
        let read = town.queries.parameters
        #expect(read.delegationMin == Amount("2.5") && read.rateStart == 70_000)
        #expect(try StakingGenesis(read.json).parameters == read)
        #expect(try StakingGenesis([:]).parameters == .standard)
        for (wrong, pointer) in [
            (["delegationMin": "0.5"], "/delegationMin"), (["rateEnd": 90_000], "/rateEnd"),
            (["commissionStart": 300_000], "/commissionStart"), (["stake": 1], "/stake"),
            (["roles": [["role": "king", "baseMin": "1"]]], "/roles/0/role"),
            (
                ["roles": [["role": "node", "baseMin": "1", "secondMin": "1"]]],
                "/roles/0/secondMin"
            ),
            (["roles": [["role": "node", "baseMin": "0"]]], "/roles/0/baseMin"),
            (["slashes": [["cause": "No"]]], "/slashes/0/cause"),
            (["slashes": [["cause": "a", "base": 1_000_001]]], "/slashes/0/base"),
        ] as [(JSON, String)] {
            do {
                _ = try StakingGenesis(wrong)
                Issue.record("\(pointer) was accepted")
            } catch { #expect(error.pointer == pointer) }
        }
    }

    @Test("a budget that its account does not have starts no chain")
    func budget() {
        #expect(throws: GenesisFailure(pointer: "/budget/amount", reason: "too little")) {
            _ = try Town(budget: 2_000_000)
        }
    }
}
