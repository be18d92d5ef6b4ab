// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("hostile calls to the host")
struct HostFuzzTests {
    /// Values at which arithmetic on addresses and lengths goes wrong, if it does.
    private static let edges: [UInt64] = [
        0, 1, 2, 3, 4, 7, 8, 24, 48, 1_024, 1_025, 4_096, 60_000, 65_528, 65_535, 65_536, 65_537,
        0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 0x7fff_ffff_ffff_ffff,
        0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff,
    ]

    @Test("the interface has all forty-six functions of WASI preview 1")
    func complete() {
        #expect(HostInterface.functions.count == 46)
    }

    @Test("no call, whatever its values, harms the host", arguments: Array(0..<4))
    func badValues(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        for (name, function) in HostInterface.functions.sorted(by: { $0.key < $1.key }) {
            let calls = (0..<25).map { _ in call(function.shape, &numbers) }
            let text = """
                (module
                  (import "wasi_snapshot_preview1" "\(name)" (func $f \(type(function.shape))))
                  (memory (export "memory") 1)
                  (data (i32.const 0) "a/../b.txt\\00\\ff\\ff\\ff\\7f\\10")
                  (data (i32.const 16) "\\00\\00\\00\\08\\00\\00\\00")
                  (func (export "_start") \(calls.joined(separator: "\n"))))
                """
            let limits = RunLimits(fuelMax: Fuel(20_000_000), memoryBytesMax: 65_536)
            let report = try run(
                text, input: [("a/b.txt", "bytes"), ("b.txt", "more")], limits: limits)
            switch report.outcome {
            case .exited, .fuelExhausted: break
            default: Issue.record("\(name) gave \(report.outcome)")
            }
            #expect(report.fuelUsed <= limits.fuelMax)
        }
    }

    private func type(_ shape: FunctionShape) -> String {
        let parameters = shape.parameters.map { $0 == .int32 ? "i32" : "i64" }
        let result = shape.results.isEmpty ? "" : "(result i32)"
        return "(param \(parameters.joined(separator: " "))) \(result)"
    }

    private func call(_ shape: FunctionShape, _ numbers: inout SeededNumbers) -> String {
        var values = ""
        for kind in shape.parameters {
            let edge = Self.edges[Int.random(in: 0..<Self.edges.count, using: &numbers)]
            switch kind {
            case .int32: values += "(i32.const \(Int32(truncatingIfNeeded: edge)))"
            case .int64: values += "(i64.const \(Int64(bitPattern: edge)))"
            }
        }
        return shape.results.isEmpty ? "(call $f \(values))" : "(drop (call $f \(values)))"
    }
}
