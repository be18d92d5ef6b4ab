// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Revenue

@Suite("Fees and payments are divided")
struct DivisionTests {
    /// CO-09 for payments, OP-19 for fees.
    static let parts: JSON = [
        "feeBurn": 200_000, "feeProposer": 800_000, "payProvider": 700_000,
        "payOrchestrator": 100_000, "payTreasury": 100_000, "payBurn": 50_000,
        "payValidators": 50_000, "treasuryPool": 0,
    ]

    private func whole(_ number: UInt64) -> Amount { Amount(whole: number) }

    @Test("a chain that says nothing leaves fees to the proposer and payments to the provider")
    func standard() throws {
        let harbour = try Harbour()
        #expect(harbour.queries.collector(for: Harbour.proposer) == Harbour.proposer)
        let payment = WorkPayment(
            whole(10), of: .native, from: Harbour.account(1), to: Harbour.account(2),
            service: "jobs")
        #expect(!Harbour.module.divides(payment, in: harbour.context))
        try harbour.pay(whole(10), from: 1, to: 2)
        #expect(harbour.gain(2) == whole(10))
        harbour.end()
    }

    @Test("a fifth of fees is burnt, the rest is the proposer's, at the end of the block (OP-19)")
    func fees() throws {
        let harbour = try Harbour(Self.parts)
        for payer in 0..<4 { try harbour.fee(Amount(25_000_000), from: payer) }
        #expect(harbour.gain(31) == .zero)
        harbour.end()
        #expect(harbour.gain(31) == Amount(80_000_000))
        #expect(harbour.queries.totals.burnt == 20_000_000)
        harbour.end()
        #expect(harbour.queries.totals.fees == 100_000_000)
    }

    @Test("a tenth of fees is the proposer's, the rest is the treasury's (PK-32, PK-04)")
    func daoFees() throws {
        let harbour = try Harbour([
            "feeTreasury": 900_000, "feeProposer": 100_000, "treasuryPool": 0,
        ])
        try harbour.fee(whole(10), from: 3)
        harbour.end()
        #expect(harbour.gain(31) == whole(1) && harbour.pool(0) == whole(9))
    }

    @Test("a payment is divided 70, 10, 10, 5, 5 (CO-09, REVENUE-3)")
    func payment() throws {
        let harbour = try Harbour(Self.parts)
        try harbour.send(.nameOrchestrator(Harbour.account(20)), from: 1)
        try harbour.pay(whole(1_000), from: 1, to: 2)
        #expect(harbour.gain(2) == whole(700) && harbour.gain(20) == whole(100))
        #expect(harbour.pool(0) == whole(100) && harbour.validators == whole(50))
        #expect(harbour.queries.totals.burnt == whole(50).units)
        harbour.end()
    }

    @Test("what nobody arranges is the treasury's, and so is what lost its bond (REVENUE-4)")
    func orchestrators() throws {
        let harbour = try Harbour(Self.parts)
        try harbour.pay(whole(100), from: 1, to: 2)
        #expect(harbour.pool(0) == whole(20))
        #expect(
            refusal { try harbour.send(.nameOrchestrator(Harbour.account(3)), from: 1) }
                == "notOrchestrator")
        #expect(
            refusal { try harbour.send(.nameOrchestrator(Harbour.account(21)), from: 21) }
                == "oneself")
        try harbour.send(.nameOrchestrator(Harbour.account(21)), from: 1)
        // The provider is not paid twice for one job.
        try harbour.pay(whole(100), from: 1, to: 21)
        #expect(harbour.gain(21) == whole(70))
        try harbour.send(.nameOrchestrator(nil), from: 1)
        #expect(harbour.queries.orchestrator(of: Harbour.account(1)) == nil)
        harbour.end()
    }

    @Test("what does not divide goes to the largest remainder, and no unit is lost (REVENUE-3)")
    func remainders() throws {
        for units in 1..<60 as Range<UInt128> {
            let harbour = try Harbour(Self.parts)
            try harbour.pay(Amount(units), from: 1, to: 2)
            let totals = harbour.queries.totals
            #expect(totals.payments == units && totals.isEven)
            // 70 in a hundred, up or down to a whole unit.
            #expect([units * 7 / 10, (units * 7 + 9) / 10].contains(totals.providers))
            harbour.end()
        }
    }

    @Test("another asset is divided too; what is for validators is the treasury's there")
    func assets() throws {
        let harbour = try Harbour(Self.parts)
        try harbour.pay(whole(1_000), of: Harbour.coral, from: 1, to: 2)
        #expect(harbour.gain(2, Harbour.coral) == whole(700))
        #expect(harbour.pool(0, Harbour.coral) == whole(250))
        #expect(harbour.validators == .zero && harbour.queries.totals.payments == 0)
        harbour.end()
    }

    @Test(
        "a service's fee has bounds, is at most a half, and is divided as fees (REVENUE-2, OP-19)"
    )
    func services() throws {
        let fee = ServiceFee(
            service: "jobs", share: 100, least: Amount("0.0001") ?? .zero)
        #expect(fee.fee(of: whole(100)) == Amount("0.01"))
        #expect(fee.fee(of: Amount("0.5") ?? .zero) == Amount("0.0001"))
        #expect(fee.fee(of: Amount(7)) == Amount(3))
        // CO-10: 3 %, at least one, at most ten.
        let rental = ServiceFee(service: "jobs", share: 30_000, least: whole(1), most: whole(10))
        #expect(
            [10, 100, 1_000].map { rental.fee(of: whole($0)) } == [1, 3, 10].map { whole($0) })
        let harbour = try Harbour([
            "feeBurn": 200_000, "feeProposer": 800_000,
            "services": [["service": "jobs", "share": 30_000, "least": "1", "most": "10"]],
        ])
        try harbour.pay(whole(100), from: 1, to: 2)
        #expect(harbour.gain(2) == whole(97))
        harbour.end()
        #expect(harbour.gain(31) == Amount("2.4"))
        #expect(harbour.queries.totals.burnt == Amount("0.6")?.units)
    }

    @Test("who pays the collector pays as a fee, and nobody can take it out (REVENUE-1)")
    func collector() throws {
        let harbour = try Harbour(Self.parts)
        try Harbour.bank.give(whole(10), to: RevenueKeys.collector, in: harbour.context)
        harbour.end()
        #expect(harbour.gain(31) == whole(8))
        let plain = try Harbour()
        try Harbour.bank.give(whole(10), to: RevenueKeys.collector, in: plain.context)
        plain.end()
        #expect(plain.gain(31) == whole(10))
    }

    @Test("shares add up to a million, and name pools that are there")
    func genesis() throws {
        for (genesis, pointer) in [
            (["feeBurn": 200_000, "feeProposer": 700_000], "/feeProposer"),
            (["payProvider": 700_000], "/payProvider"),
            (["feeTreasury": 1_000_000], "/treasuryPool"),
            (["treasuryPool": 9], "/treasuryPool"),
            (["reputationLow": 3_000_000, "reputationHigh": 2_000_000], "/reputationHigh"),
            (["work": [["kind": "compute", "asset": 5, "perUnit": "1"]]], "/workPool"),
            (["feeburn": 1], "/feeburn"),
            (
                [
                    "services": [
                        ["service": "jobs", "share": 1, "least": "2", "most": "1"]
                    ]
                ], "/services/0/least"
            ),
        ] as [(JSON, String)] {
            #expect(throws: GenesisFailure.self) {
                do {
                    _ = try Harbour(genesis)
                } catch let failure as GenesisFailure {
                    #expect(failure.pointer == pointer)
                    throw failure
                }
            }
        }
    }

    @Test("figures change together, and never to shares that do not add up")
    func adjust() throws {
        let harbour = try Harbour(Self.parts)
        var figures = Harbour.module.figures(in: harbour.context)
        #expect(figures["feeBurn"]?.unsigned == 200_000)
        figures = .object(
            (figures.members ?? []).map { member in
                switch member.name {
                case "feeBurn": JSON.Member("feeBurn", 100_000)
                case "feeProposer": JSON.Member("feeProposer", 900_000)
                default: member
                }
            })
        try Harbour.module.adjust(to: figures, in: harbour.context)
        #expect(harbour.queries.parameters.fees.burn == 100_000)
        let wrong = JSON.object(
            (figures.members ?? []).map {
                $0.name == "feeBurn" ? JSON.Member("feeBurn", 150_000) : $0
            })
        #expect(throws: GenesisFailure.self) {
            try Harbour.module.adjust(to: wrong, in: harbour.context)
        }
        #expect(harbour.queries.parameters.fees.burn == 100_000)
    }
}
