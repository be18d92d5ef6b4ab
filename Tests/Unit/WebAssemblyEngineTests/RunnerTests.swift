// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("the runner")
struct RunnerTests {
    private func module(_ number: Int) throws -> [UInt8] {
        try WebAssemblyText.binary(of: program("(call $exit (i32.const \(number)))"))
    }

    private func request(_ number: Int) throws -> RunRequest {
        RunRequest(module: try module(number), seed: .zero)
    }

    @Test("the cache keeps what was used last, within its limits")
    func cache() throws {
        let runner = try WebAssemblyRunner(cache: ModuleCache(modulesMax: 2))
        for number in [1, 2, 1, 3] { _ = runner.run(try request(number)) }
        #expect(runner.cache.count == 2)
        let digests = try (1...3).map { SHA256.hash(try module($0)) }
        #expect(digests.map { runner.cache.find($0) != nil } == [true, false, true])

        let small = try WebAssemblyRunner(cache: ModuleCache(imageBytesMax: 1))
        #expect(small.run(try request(4)).outcome == .exited(4))
        #expect(small.cache.count == 0)
        #expect(small.cache.imageBytes == 0)
    }

    @Test("a run from the cache reports what a first run does")
    func cachedRun() throws {
        let runner = try WebAssemblyRunner()
        let first = runner.run(try request(5))
        #expect(runner.run(try request(5)) == first)
    }

    @Test("hundreds of runs leave nothing behind")
    func noLeak() throws {
        let runner = try WebAssemblyRunner()
        let texts = [
            program(
                """
                (drop (memory.grow (i32.const 60)))
                (memory.fill (i32.const 0) (i32.const 1) (i32.const 3900000))
                """
            ),
            program("unreachable"), program("(call $exit (i32.const 3))"),
            program("(nop)", memory: "100"),
        ]
        let modules = try texts.map { try WebAssemblyText.binary(of: $0) }
        func runAll(_ rounds: Int) {
            for _ in 0..<rounds {
                for module in modules {
                    let limits = RunLimits(fuelMax: Fuel(50_000_000), memoryBytesMax: 4 << 20)
                    _ = runner.run(RunRequest(module: module, seed: .zero, limits: limits))
                }
            }
        }
        runAll(5)
        let before = residentBytes()
        runAll(75)
        #expect(residentBytes() < before + (16 << 20))
        #expect(runner.engine.memories.idleCount == 1)
    }

    @Test("runners come and go")
    func manyRunners() throws {
        for number in 1...10 {
            let runner = try WebAssemblyRunner()
            #expect(runner.run(try request(number)).outcome == .exited(UInt32(number)))
        }
    }

    @Test("whoever lets go of an engine's ticker leaves no thread behind")
    func noThreadLeft() throws {
        // Other tests start threads of their own meanwhile, but not hundreds.
        let before = try threads()
        for _ in 0..<300 {
            let ticker = try EpochTicker(engine: try sharedRunner.get().engine)
            #expect(ticker.whileTicking { 1 } == 1)
        }
        #expect(try threads() < before + 150)
    }

    /// How many threads this process has.
    private func threads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }

    /// This process's resident memory, as the kernel counts it.
    private func residentBytes() -> Int {
        let fields = String(decoding: Examples.read("/proc/self/statm"), as: UTF8.self)
            .split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4_096
    }
}
