// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import Vocabulary

@testable import atoll_simulate

@Suite("Money under random messages of every module")
struct MoneyMillTests {
    @Test(
        "50,000 random messages make no unit, lose none, and exceed no cap",
        arguments: [UInt64](1...4))
    func conserved(_ seed: UInt64) throws {
        let report = try MoneyMill(seed: seed).run(messages: 12_500)
        #expect(report.breaches == [])
        #expect(report.messages >= 12_500)
        // A run that never gets anywhere would prove nothing.
        #expect(report.applied > 2_500)
        let modules: [ModuleID] = [
            .accounts, .registry, .market, .validators, .staking, .treasury, .governance,
            .identities, .names, .mandates, .exchange, .leases,
        ]
        for module in modules {
            #expect((report.taken[module.value] ?? 0) > 0, "module \(module.value) took nothing")
        }
    }

    @Test("the same seed gives the same town")
    func deterministic() throws {
        let first = try MoneyMill(seed: 9).run(messages: 1_200)
        let second = try MoneyMill(seed: 9).run(messages: 1_200)
        #expect(first.applied == second.applied && first.burnt == second.burnt)
    }

    @Test("what cannot be is refused", arguments: [["--messages"], ["--seeds", "0"], ["x"]])
    func refusals(words: [String]) {
        #expect(throws: Arguments.Fault.self) { try MoneyCommand.Wish(words) }
    }
}
