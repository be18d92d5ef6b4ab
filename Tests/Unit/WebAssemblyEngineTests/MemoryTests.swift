// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("memory")
struct MemoryTests {
    private let limits = RunLimits(fuelMax: Fuel(50_000_000), memoryBytesMax: 1 << 20)

    @Test("a module whose first memory is over the limit does not start")
    func initialMemory() throws {
        #expect(try run(program("(nop)", memory: "16"), limits: limits).outcome == .exited(0))
        let report = try run(program("(nop)", memory: "17"), limits: limits)
        #expect(report.outcome == .memoryExceeded)
        #expect(report.memoryBytesPeak == 0)
    }

    @Test(
        "a memory bomb ends as memory exceeded, whatever trap it ends with",
        arguments: ["unreachable", "(drop (i32.load (i32.const 2000000)))"])
    func bomb(end: String) throws {
        let body = "(loop $l (br_if $l (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))" + end
        let report = try run(program(body), limits: limits)
        #expect(report.outcome == .memoryExceeded)
        #expect(report.memoryBytesPeak == 1 << 20)
        #expect(report.fuelUsed.value < 500_000)
    }

    @Test("a program that is refused memory and copes has exited")
    func coping() throws {
        let body = """
            (call $exit (i32.add (i32.const 2) (memory.grow (i32.const 1000))))
            """
        #expect(try run(program(body), limits: limits).outcome == .exited(1))
    }

    @Test("a trap without a refused wish stays a trap")
    func ordinaryTrap() throws {
        let body = "(drop (memory.grow (i32.const 15))) unreachable"
        #expect(try run(program(body), limits: limits).outcome == .trapped(.unreachable))
        let declared = "(drop (memory.grow (i32.const 2))) unreachable"
        let report = try run(program(declared, memory: "1 2"), limits: limits)
        #expect(report.outcome == .trapped(.unreachable))
    }

    @Test("tables have a limit of their own")
    func tables() throws {
        let large = program("(nop)", more: "(table 2000000 funcref)")
        #expect(try run(large).outcome == .memoryExceeded)
        let many = String(repeating: "(table 1 funcref)", count: 5)
        #expect(try run(program("(nop)", more: many)).outcome == .memoryExceeded)
        let growing = program(
            """
            (if (i32.ge_s (table.grow $t (ref.null func) (i32.const 2000000)) (i32.const 0))
              (then unreachable))
            """,
            more: "(table $t 1 funcref)")
        #expect(try run(growing).outcome == .exited(0))
    }

    @Test("the next program finds zeros where the last one wrote")
    func cleanMemory() throws {
        let dirty = program(
            """
            (drop (memory.grow (i32.const 10)))
            (memory.fill (i32.const 0) (i32.const 7) (i32.const 700000))
            """
        )
        let reading = program(
            """
            (drop (memory.grow (i32.const 10)))
            (loop $l
              (if (i32.load8_u (local.get $i)) (then unreachable))
              (local.set $i (i32.add (local.get $i) (i32.const 64)))
              (br_if $l (i32.lt_u (local.get $i) (i32.const 700000))))
            """)
        for _ in 0..<5 {
            #expect(try run(dirty).outcome == .exited(0))
            #expect(try run(reading).outcome == .exited(0))
        }
    }

    @Test("a smaller program after a larger one still traps at its own end")
    func boundsAfterReuse() throws {
        let large = program(
            "(drop (memory.grow (i32.const 30))) (i32.store (i32.const 1900000) (i32.const 1))")
        let small = program("(drop (i32.load (i32.const 65536)))")
        for _ in 0..<5 {
            #expect(try run(large).outcome == .exited(0))
            #expect(try run(small).outcome == .trapped(.memoryOutOfBounds))
        }
    }

    @Test("a program without memory runs")
    func noMemory() throws {
        let report = try run(#"(module (func (export "_start")))"#)
        #expect(report.outcome == .exited(0))
        #expect(report.memoryBytesPeak == 0)
    }
}
