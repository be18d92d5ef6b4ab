// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Testing
import Treasury
import Vocabulary

@testable import atoll

@Suite("Commands about common money")
struct CommonMoneyTests {
    private static let first = String(repeating: "0", count: 63) + "1"
    private static let second = String(repeating: "0", count: 63) + "2"

    @Test("a list of an airdrop is read line by line, and its claims are proven by its root")
    func list() throws {
        let text = "# friends\n\(Self.first),1.5\n\n \(Self.second) , 2 \r\n\(Self.first),4\n"
        let list = try AirdropList(text)
        #expect(list.places.map(\.amount) == [Amount("1.5"), Amount("2"), Amount("4")])
        #expect(list.total == Amount("7.5"))
        let account = try #require(AccountID(hexadecimal: Self.first))
        let claims = list.claims(of: account, from: 3)
        #expect(claims.map(\.place) == [0, 2] && claims.map(\.airdrop) == [3, 3])
        #expect(claims[0].proof.count == 2 && claims[1].proof.count == 1)
    }

    @Test(
        "a line that is no place is named by its number",
        arguments: [
            ("x,1", 1), ("\(first),1\n\(second)", 2), ("\(first),0", 1), ("\(first),-1", 1),
            ("\(first),1,2", 1), ("# nobody\n", 2),
        ])
    func flaws(text: String, line: Int) {
        #expect {
            try AirdropList(text)
        } throws: { ($0 as? AirdropList.Flaw)?.line == line }
    }

    @Test("amounts that exceed what can exist have no sum")
    func tooMuch() throws {
        let most = "\(Amount(.max))"
        #expect(try AirdropList("\(Self.first),\(most)\n\(Self.second),\(most)").total == nil)
    }

    @Test("a bounty's row is a name and a range")
    func rows() throws {
        let row = try BountyCommands.row("low=10..100.5")
        #expect(row.severity == "low" && row.least == Amount(whole: 10))
        #expect(row.most == Amount("100.5"))
        for text in ["low", "low=10", "low=a..b", "=1..2..3"] {
            #expect(throws: CommandFailure.self) { try BountyCommands.row(text) }
        }
    }

    @Test("spans of time have days and years besides hours")
    func spans() {
        #expect(CommonArguments.span("30d") == 30 * 86_400_000)
        #expect(CommonArguments.span("4y") == 4 * 31_557_600_000)
        #expect(CommonArguments.span("12h") == 12 * 3_600_000)
        #expect(CommonArguments.span("99999999999999y") == nil && CommonArguments.span("d") == nil)
    }

    @Test("a schedule is what its options say")
    func schedule() throws {
        let reader = ArgumentReader(commands: CommandTable.commands, environment: [:])
        func schedule(_ words: String) throws -> Schedule {
            let line = "vesting new 10 \(Self.first) \(words)".split(separator: " ").map(
                String.init)
            guard case .run(let invocation) = try reader.read(line) else {
                throw CommandFailure(status: .misused, what: "not understood")
            }
            return try VestingCommands.schedule(invocation, now: Timestamp(5))
        }
        #expect(
            try schedule("--at-start 12.5 --cliff 1y --over 4y --accrues")
                == .curve(
                    Schedule.Curve(
                        start: Timestamp(5), atStart: 125_000, cliff: 31_557_600_000,
                        duration: 126_230_400_000, accrues: true)))
        #expect(
            try schedule("--milestone 30 --milestone 70") == .milestones([300_000, 700_000]))
        #expect(throws: CommandFailure.self) { try schedule("--at-start 101") }
    }
}
