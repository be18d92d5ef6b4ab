// SPDX-License-Identifier: Apache-2.0
import Vocabulary
import WebAssemblyEngine

/// The life of an instance that does nothing, beside the library's own through C and Python.
enum InstanceStart {
    static let figure = FigureID(
        "wasm.start", "us", "WASM instance create, call, drop", bar: .atMost(10))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static let text = """
        (module (memory (export "memory") 1) (func (export "_start")))
        """
    private static let callsPerRun = 20_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(9, quick: 5)
        let module = try WebAssemblyText.binary(of: text)
        let ours = try await bench.compute { try runner(module, runs) }
        let library = try await bench.compute { try plain(module, runs) }
        let python = try await bench.compute {
            try PeerProgram.python("wasmtime-start.py", ["\(runs)", "\(callsPerRun)"])
        }
        let meter =
            "thread CPU, WebAssemblyRunner.run of an empty program with one memory page, metered "
            + "and limited; the peers run it without meter and limits; median of \(runs)"
        return [
            Measurement(
                figure: figure, value: ours,
                peers: [
                    .init(name: "wasmtime-python", value: python),
                    .init(name: "wasmtime-c", value: library),
                ], meter: meter)
        ]
    }

    private static func runner(_ module: [UInt8], _ runs: Int) throws -> Double {
        let runner = try WebAssemblyRunner()
        let request = RunRequest(module: module, seed: .zero)
        let seconds = try timed(runs: runs) {
            for _ in 0..<callsPerRun {
                let outcome = runner.run(request).outcome
                guard outcome == .exited(0) else { throw BenchFailure("the program \(outcome)") }
            }
        }
        return seconds.median / Double(callsPerRun) * 1e6
    }

    private static func plain(_ module: [UInt8], _ runs: Int) throws -> Double {
        let library = try PlainWasmtime(module)
        let seconds = try timed(runs: runs) {
            for _ in 0..<callsPerRun { try library.callOnce() }
        }
        return seconds.median / Double(callsPerRun) * 1e6
    }
}
