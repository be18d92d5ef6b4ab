// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("modules")
struct ModuleTests {
    private func run(bytes: [UInt8]) throws -> RunReport {
        let limits = RunLimits(fuelMax: Fuel(1_000_000_000))
        return try sharedRunner.get().run(RunRequest(module: bytes, seed: .zero, limits: limits))
    }

    @Test("an import from elsewhere is named, and costs what looking at the module costs")
    func foreignImport() throws {
        let text = #"(module (import "env" "foo" (func)) (func (export "_start")))"#
        let report = try WebAssemblyEngineTests.run(text)
        #expect(report.outcome == .unsupportedImport("env.foo"))
        let bytes = try WebAssemblyText.binary(of: text)
        #expect(report.fuelUsed.value == UInt64(bytes.count) * WebAssemblyRunner.fuelPerModuleByte)
    }

    @Test(
        "an import of another type or kind is not offered",
        arguments: [
            #"(import "wasi_snapshot_preview1" "fd_read" (func (param i32)))"#,
            #"(import "wasi_snapshot_preview1" "fd_read" (memory 1))"#,
            #"(import "wasi_snapshot_preview1" "fd_read" (global f64))"#,
            #"(import "wasi_snapshot_preview1" "fd_close" (func (param f32) (result i32)))"#,
            #"(import "wasi_unstable" "fd_read" (func (param i32 i32 i32 i32) (result i32)))"#,
        ])
    func wrongImport(line: String) throws {
        let report = try WebAssemblyEngineTests.run(
            "(module \(line) (func (export \"_start\")))")
        #expect(report.outcome.code == 0x0700)
    }

    @Test(
        "a module without a plain start function is refused",
        arguments: [
            "(module)", #"(module (func (export "_start") (param i32)))"#,
            #"(module (memory (export "_start") 1))"#, #"(module (func (export "_initialize")))"#,
        ])
    func missingStart(text: String) throws {
        #expect(try WebAssemblyEngineTests.run(text).outcome == .missingStart)
    }

    @Test(
        "what could differ between machines is not accepted",
        arguments: [
            #"(module (memory 1 1 shared) (func (export "_start")))"#,
            #"(module (memory i64 1) (func (export "_start")))"#,
            #"(module (memory 1) (memory 1) (func (export "_start")))"#,
            """
            (module (func (export "_start")
              (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))
            """,
            #"(module (tag) (func (export "_start") (throw 0)))"#,
        ])
    func features(text: String) throws {
        let report = try WebAssemblyEngineTests.run(text)
        #expect(report.outcome.code == 0x0600)
        #expect(report.fuelUsed == Fuel(0))
    }

    @Test("every NaN a program can see is the same NaN")
    func nans() throws {
        let body = """
            (f64.store (i32.const 0) (f64.div (f64.const 0) (f64.const 0)))
            (f64.store (i32.const 8) (f64.sqrt (f64.const -1)))
            (f64.store (i32.const 16) (f64.add (f64.const nan:0x123456789) (f64.const 1)))
            """ + printing("(i32.const 0)", "(i32.const 24)")
        let report = try WebAssemblyEngineTests.run(program(body))
        let nan: [UInt8] = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]
        #expect(report.standardOutput == nan + nan + nan)
    }

    @Test("every beginning of a module that is not all of it is invalid")
    func truncated() throws {
        let text = #"(module (memory 1) (func (export "_start") (drop (i32.load (i32.const 0)))))"#
        let bytes = try WebAssemblyText.binary(of: text)
        #expect(try run(bytes: bytes).outcome == .exited(0))
        for count in 0..<bytes.count {
            let report = try run(bytes: Array(bytes.prefix(count)))
            // Cut between two sections, what is left may be a module, but has no start.
            #expect([0x0600, 0x0800].contains(report.outcome.code), "\(count)")
        }
        #expect(try run(bytes: Array("GIF89a".utf8)).outcome.code == 0x0600)
        let tooLarge = [UInt8](repeating: 0, count: RunLimits.moduleBytesMax + 1)
        #expect(try run(bytes: tooLarge).outcome == .invalidModule("too large"))
    }

    @Test("deep nesting is compiled or refused, and harms nothing")
    func deepNesting() throws {
        let depth = 20_000
        var body: [UInt8] = [0]
        for _ in 0..<depth { body += [0x02, 0x40] }
        body += [UInt8](repeating: 0x0b, count: depth + 1)
        let report = try run(bytes: module(bodies: [body]))
        #expect(report.outcome == .exited(0))
    }

    @Test("functions beyond the limits are refused before they are compiled")
    func functionLimits() throws {
        let size = Int(ModuleShape.functionBytesMax)
        let large = [0] + [UInt8](repeating: 0x01, count: size - 2) + [0x0b]
        #expect(try run(bytes: module(bodies: [large])).outcome == .exited(0))
        #expect(try run(bytes: module(bodies: [[0, 0x01] + large.dropFirst()])).isInvalid)
        #expect(try run(bytes: module(bodies: Array(repeating: large, count: 5))).isInvalid)

        let locals = [1] + leb(Int(ModuleShape.localsMax) + 1) + [0x7f, 0x0b]
        #expect(try run(bytes: module(bodies: [locals])).isInvalid)
        let fewer = [1] + leb(Int(ModuleShape.localsMax)) + [0x7f, 0x0b]
        #expect(try run(bytes: module(bodies: [fewer])).outcome == .exited(0))

        let many = Int(ModuleShape.functionsMax) + 1
        #expect(try run(bytes: module(bodies: Array(repeating: [0, 0x0b], count: many))).isInvalid)
    }

    @Test("loops are found among operands of every kind, and may not carry too much")
    func loopWeight() throws {
        // 0x03, the opcode of a loop, is each of these constants and indices, and none is a loop.
        let body = """
            (func $f (param i32 i32 i32 i32) (local v128) (local.set 4 (v128.const i8x16
              3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3))
              (drop (f32.const 0x1.060606p-121)) (drop (i64.const 3)) (drop (local.get 3))
              (drop (v128.load8_lane offset=3 3 (i32.const 3) (local.get 4)))
              (drop (i8x16.extract_lane_u 3 (local.get 4)))
              (memory.copy (i32.const 3) (i32.const 3) (i32.const 3))
              (drop (i32.trunc_sat_f64_u (f64.const 3)))
              (block (block (block (block (br_table 3 3 3 3 (i32.const 3))))))
              (drop (select (result i32) (i32.const 3) (i32.const 3) (i32.const 3)))
              (drop (ref.null func)) (call_indirect (type 3) (i32.const 3))
              (loop (br_if 0 (i32.const 0)) (loop)))
            """
        let text = """
            (module (type (func)) (type (func)) (type (func)) (type (func)) (memory 1)
              (table 9 funcref) \(body) (func (export "_start")))
            """
        let bytes = try WebAssemblyText.binary(of: text)
        #expect(try run(bytes: bytes).outcome == .exited(0))
        #expect(try ModuleShape.loopWeight(of: bytes) == 2 * (1 + 4))

        let heavy =
            [1] + leb(1_024) + [0x7f]
            + Array(repeating: [0x03, 0x40, 0x0b], count: 129).flatMap { $0 }
        #expect(try run(bytes: module(bodies: [heavy + [0x0b]])).isInvalid)
        let lighter = heavy.dropLast(3) + [0x0b]
        #expect(try run(bytes: module(bodies: [Array(lighter)])).outcome == .exited(0))
        let total = Array(repeating: Array(lighter), count: 17)
        #expect(try run(bytes: module(bodies: total)).isInvalid)
    }

    @Test("a thread with a small stack runs programs as any other does")
    func smallStack() throws {
        let text = program("(call $f)", more: "(func $f (call $f) (call $f))")
        let expected = try WebAssemblyEngineTests.run(text)
        let errand = Errand { (try? WebAssemblyEngineTests.run(text)) == expected }
        #expect(errand.isTrueOnSmallStack())
    }

    /// A module with these function bodies, the first of which is the start.
    private func module(bodies: [[UInt8]]) -> [UInt8] {
        func section(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
            [kind] + leb(content.count) + content
        }
        return [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] + section(1, [1, 0x60, 0, 0])
            + section(3, leb(bodies.count) + [UInt8](repeating: 0, count: bodies.count))
            + section(7, [1, 6] + Array("_start".utf8) + [0, 0])
            + section(10, leb(bodies.count) + bodies.flatMap { leb($0.count) + $0 })
    }

    private func leb(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

extension RunReport {
    /// Whether the module was refused, at no cost.
    fileprivate var isInvalid: Bool { outcome.code == 0x0600 && fuelUsed == Fuel(0) }
}

/// Something to ask on a thread of its own.
private final class Errand {
    private let question: () -> Bool
    private var answer = false

    init(_ question: @escaping () -> Bool) { self.question = question }

    /// The answer from a thread with 128 KiB of stack.
    func isTrueOnSmallStack() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 128 << 10)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                let errand = Unmanaged<Errand>.fromOpaque(pointer).takeUnretainedValue()
                errand.answer = errand.question()
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        guard status == 0 else { return false }
        pthread_join(thread, nil)
        return answer
    }
}
