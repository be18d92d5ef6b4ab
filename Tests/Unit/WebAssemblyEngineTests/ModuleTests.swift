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
            #"(import "wasi_snapshot_preview1" "fd_read" (func (param f32 f32 f32 f32) (result i32)))"#,
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
            // The header alone is a module that has no start.
            #expect(report.outcome.code == (count == 8 ? 0x0800 : 0x0600), "\(count)")
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
        let large = [0] + [UInt8](repeating: 0x01, count: ModuleShape.functionBytesMax) + [0x0b]
        #expect(try run(bytes: module(bodies: [large])).outcome.code == 0x0600)
        let locals = [1] + leb(Int(ModuleShape.localsMax) + 1) + [0x7f, 0x0b]
        #expect(try run(bytes: module(bodies: [locals])).outcome.code == 0x0600)
        let fewer = [1] + leb(Int(ModuleShape.localsMax)) + [0x7f, 0x0b]
        #expect(try run(bytes: module(bodies: [fewer])).outcome == .exited(0))
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
