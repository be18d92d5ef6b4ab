// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("outcomes and bills")
struct OutcomeTests {
    private func admission(_ text: String) throws -> UInt64 {
        try UInt64(WebAssemblyText.binary(of: text).count) * WebAssemblyRunner.fuelPerModuleByte
    }

    @Test("a program that returns has exited with 0, and is billed for what it did")
    func returning() throws {
        let text = program(
            printing("(i32.const 8)", "(i32.const 5)"), more: #"(data (i32.const 8) "hello")"#)
        let report = try run(text)
        #expect(report.outcome == .exited(0))
        #expect(report.text == "hello")
        #expect(report.memoryBytesPeak == 65_536)
        let host = HostFuel.call + HostFuel.entry + 5 * HostFuel.byte
        #expect(report.fuelUsed.value > (try admission(text)) + host)
        #expect(report.fuelUsed.value < (try admission(text)) + host + 50)
    }

    @Test("an exit status is the program's own", arguments: [0, 1, 42, 255, UInt32.max])
    func exiting(status: UInt32) throws {
        let report = try run(program("(call $exit (i32.const \(Int32(bitPattern: status))))"))
        #expect(report.outcome == .exited(status))
        #expect(report.outcome.exitStatus == status)
    }

    @Test(
        "each trap has its own kind",
        arguments: [
            ("unreachable", TrapKind.unreachable),
            ("(drop (i32.load (i32.const -4)))", .memoryOutOfBounds),
            ("(drop (i32.load offset=65533 (i32.const 0)))", .memoryOutOfBounds),
            ("(memory.fill (i32.const 65000) (i32.const 1) (i32.const 1000))", .memoryOutOfBounds),
            ("(drop (i32.div_u (i32.const 1) (local.get $i)))", .divideByZero),
            (
                "(drop (i32.div_s (i32.const 0x80000000) (i32.sub (local.get $i) (i32.const 1))))",
                .integerOverflow
            ),
            ("(drop (i32.trunc_f64_s (f64.const nan)))", .badConversion),
            ("(call $deep (i32.const 0))", .stackOverflow),
            ("(call_indirect (i32.const 1))", .indirectCallToNull),
            ("(call_indirect (param i32) (i32.const 0) (i32.const 0))", .badSignature),
            ("(call_indirect (i32.const 9))", .tableOutOfBounds),
            ("(drop (table.get (i32.const 9)))", .tableOutOfBounds),
        ])
    func traps(body: String, kind: TrapKind) throws {
        let more = """
            (table 2 funcref) (func $none) (elem (i32.const 0) $none)
            (func $deep (param i32) (call $deep (i32.add (local.get 0) (i32.const 1))) (call $none))
            """
        let text = program(body, more: more)
        let report = try run(text)
        #expect(report.outcome == .trapped(kind))
        #expect(report.outcome.code == 0x0200 | UInt16(kind.rawValue))
        #expect(report.fuelUsed.value >= (try admission(text)))
        #expect(report.fuelUsed.value < 5_000_000)
        #expect(report == (try run(text)))
    }

    @Test("work before a trap is billed although the engine loses count of it")
    func workBeforeTrap() throws {
        let loop = """
            (local.set $i (i32.const 1000000))
            (loop $l (local.set $i (i32.sub (local.get $i) (i32.const 1)))
              (br_if $l (local.get $i)))
            """
        let counted = try run(program(loop))
        let trapped = try run(program(loop + "(drop (i32.div_u (i32.const 1) (local.get $i)))"))
        #expect(trapped.outcome == .trapped(.divideByZero))
        #expect(trapped.fuelUsed.value > counted.fuelUsed.value)
        #expect(trapped.fuelUsed.value < 2 * counted.fuelUsed.value + 10_000)
        let tight = RunLimits(fuelMax: counted.fuelUsed.advanced(by: 3_000))
        let limited = try run(
            program(loop + "(drop (i32.div_u (i32.const 1) (local.get $i)))"), limits: tight)
        #expect(limited.outcome == .trapped(.divideByZero))
        #expect(limited.fuelUsed == tight.fuelMax)
    }

    @Test("an endless loop uses up its fuel and is billed all of it")
    func endless() throws {
        let report = try run(program("(loop $l (br $l))"))
        #expect(report.outcome == .fuelExhausted)
        #expect(report.fuelUsed == Fuel(50_000_000))
    }

    @Test("a loop of host calls is paid for like any other")
    func hostLoop() throws {
        let report = try run(
            program(
                """
                (loop $l
                  (drop (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8)))
                  (br $l))
                """
            ))
        #expect(report.outcome == .fuelExhausted)
        #expect(report.fuelUsed == Fuel(50_000_000))
    }

    @Test("a run longer than the machine allows ends, and is no result")
    func wallClock() throws {
        let limits = RunLimits(fuelMax: Fuel(.max), wallMilliseconds: 50)
        let report = try run(program("(loop $l (br $l))"), limits: limits)
        #expect(report.outcome == .wallClockExceeded)
        #expect(!report.outcome.isDeterministic)
        #expect(report.fuelUsed == Fuel(0))
    }

    @Test("a run that nobody wants any more ends within steps, and is no result")
    func stopped() throws {
        let runner = try sharedRunner.get()
        let request = RunRequest(
            module: try WebAssemblyText.binary(of: program("(loop $l (br $l))")), seed: .zero,
            limits: RunLimits(fuelMax: Fuel(.max), wallMilliseconds: 3_600_000))
        let stop = RunStop()
        stop.raise()
        let report = runner.run(request, until: stop)
        #expect(report.outcome == .wallClockExceeded)
        #expect(report.fuelUsed == Fuel(0))
    }

    @Test("output up to the limit is kept, and more ends the run")
    func outputFlood() throws {
        let limits = RunLimits(fuelMax: Fuel(50_000_000), outputBytesMax: 2_500)
        let body = "(loop $l " + printing("(i32.const 0)", "(i32.const 1000)") + "(br $l))"
        let report = try run(program(body), limits: limits)
        #expect(report.outcome == .outputExceeded)
        #expect(report.standardOutput.count == 2_500)
        #expect(report.fuelUsed.value < 500_000)
    }

    @Test("a module that is not paid for is not compiled")
    func admissionFuel() throws {
        let text = program("(nop)")
        let limits = RunLimits(fuelMax: Fuel(try admission(text) - 1))
        let report = try run(text, limits: limits)
        #expect(report.outcome == .fuelExhausted)
        #expect(report.fuelUsed == limits.fuelMax)
    }

    @Test("limits above what any run may have are refused")
    func hardLimits() throws {
        let memory = RunLimits(memoryBytesMax: RunLimits.memoryBytesHardMax + 1)
        let output = RunLimits(outputBytesMax: RunLimits.outputBytesHardMax + 1)
        let long = String(repeating: "a", count: RunLimits.argumentBytesMax)
        for report in try [
            run(program("(nop)"), limits: memory), run(program("(nop)"), limits: output),
            run(program("(nop)"), arguments: [long]),
        ] {
            #expect(report.outcome.code == 0x0b00)
            #expect(report.fuelUsed == Fuel(0))
        }
    }

    @Test("every outcome's code is its own")
    func codes() {
        let others: [RunOutcome] = [
            .exited(0), .fuelExhausted, .memoryExceeded, .outputExceeded, .invalidModule(""),
            .unsupportedImport(""), .missingStart, .wallClockExceeded, .engineFailure(""),
            .invalidRequest(""),
        ]
        let all = others + TrapKind.allCases.map { RunOutcome.trapped($0) }
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(Set(all.map(\.description)).count == all.count)
    }
}
