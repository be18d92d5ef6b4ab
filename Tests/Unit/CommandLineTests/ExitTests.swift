// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Market
import Receipts
import Testing
import Vocabulary

@testable import atoll

@Suite("How commands end")
struct ExitTests {
    @Test("run ends with the program's own code, and says nothing about it")
    func own() {
        #expect(ProgramExit.code(of: .exited(code: 0)) == 0)
        #expect(ProgramExit.code(of: .exited(code: 42)) == 42)
        #expect(ProgramExit.code(of: .exited(code: 4_000_000_000)) == 255)
        #expect(ProgramExit.words(of: .exited(code: 42)) == nil)
    }

    @Test("every end that is not the program's own has its code and its words")
    func limits() {
        let ends: [(JobOutcome, Int32)] = [
            (.trapped(.unreachable), 134), (.memoryExceeded, 137), (.fuelExhausted, 152),
            (.outputExceeded, 153), (.invalidModule, 126), (.unsupportedImport, 126),
            (.missingStart, 126), (.invalidInput, 125),
        ]
        for (outcome, code) in ends {
            #expect(ProgramExit.code(of: outcome) == code)
            #expect(ProgramExit.words(of: outcome) != nil)
        }
        for trap in JobTrap.allCases { #expect(ProgramExit.words(of: .trapped(trap)) != nil) }
    }

    @Test("before the program has a code, run leaves 1 and 3 to it and ends with 125")
    func cloudFailed() {
        let unreachable = CommandFailure(.unreachable(address: "x", reason: "y"))
        #expect(unreachable.status == .unreachable)
        let mapped = ProgramExit.failure(unreachable, left: nil)
        #expect(mapped.status == .cloudFailed)
        #expect(mapped.kept == "nothing was ordered")
        #expect(ProgramExit.failure(unreachable, left: "job 1").kept == "job 1")
        let misused = CommandFailure(status: .misused, what: "x")
        #expect(ProgramExit.failure(misused, left: nil).status == .misused)
    }

    @Test("each failure of a call has its exit code")
    func calls() {
        func status(_ failure: ClientFailure) -> atoll.ExitStatus { CommandFailure(failure).status }
        let chain = ChainID(SHA256.hash([1]).raw)
        let late = ProblemReport(status: 504, reason: "", body: [])
        let no = ProblemReport(
            status: 409, reason: "Conflict", body: Array(#"{"name":"feeNotCovered"}"#.utf8))
        #expect(status(.unreachable(address: "x", reason: "y")) == .unreachable)
        #expect(status(.timedOut("x")) == .timedOut)
        #expect(status(.problem(late)) == .timedOut)
        #expect(status(.problem(no)) == .refused)
        #expect(status(.wrongChain(trusted: chain, gateway: chain)) == .refused)
        #expect(status(.invalid("x")) == .misused)
        #expect(CommandFailure(.problem(no)).next == "atoll balance")
        #expect(CommandFailure(.problem(no)).name == "feeNotCovered")
    }

    @Test("checks are shown with ok or FAILED, and those not reached as such")
    func checks() {
        let checks = [
            ReceiptCheck(name: "chain", finding: .holds("test")),
            ReceiptCheck(name: "quorum", finding: .fails("nobody signed")),
            ReceiptCheck(name: "state", finding: .notReached),
        ]
        #expect(
            CheckLines.text(of: checks) == """
                ok      chain   test
                FAILED  quorum  nobody signed
                -       state   not looked at, for an earlier check failed
                """)
        let json = CheckLines.json(of: checks).elements
        #expect(json?.map { $0["holds"]?.flag } == [true, false, false])
    }

    @Test("output that is no text is written as hexadecimal digits")
    func output() {
        #expect(RunReportTable.output("stdout", Array("é".utf8))[0].value == "é")
        #expect(RunReportTable.output("stdout", [0xFF])[0].name == "stdoutHexadecimal")
        #expect(RunReportTable.output("stdout", nil)[0].value == .null)
    }
}
