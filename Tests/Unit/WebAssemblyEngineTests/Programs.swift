// SPDX-License-Identifier: Apache-2.0
import Vocabulary

@testable import WebAssemblyEngine

/// One runner for all tests: starting engines is not what they are about.
let sharedRunner = Result { try WebAssemblyRunner() }

/// Runs a program written as text.
func run(
    _ text: String, arguments: [String] = ["program"], standardInput: String = "",
    input: [(String, String)] = [], seed: UInt8 = 1, startTime: UInt64 = 1_000,
    limits: RunLimits = RunLimits(fuelMax: Fuel(50_000_000), memoryBytesMax: 4 << 20)
) throws -> RunReport {
    let request = RunRequest(
        module: try WebAssemblyText.binary(of: text), arguments: arguments,
        standardInput: Array(standardInput.utf8),
        input: try InputDirectory(input.map { InputFile(path: $0.0, bytes: Array($0.1.utf8)) }),
        seed: Bytes32 { $0.copyBytes(from: repeatElement(seed, count: 32)) },
        startTime: Timestamp(startTime), limits: limits)
    return try sharedRunner.get().run(request)
}

/// A program with one exported page of memory, the usual imports, and a body for `_start`.
func program(_ body: String, memory: String = "1", more: String = "") -> String {
    """
    (module
      \(imports)
      (memory (export "memory") \(memory))
      \(more)
      (func (export "_start") (local $i i32) (local $n i64) \(body)))
    """
}

/// Imports under the names `$write`, `$read` and so on.
let imports = """
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get"
      (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open
      (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_readdir"
      (func $list (param i32 i32 i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
      (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get"
      (func $argumentSizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $arguments (param i32 i32) (result i32)))
    """

/// Writes `count` bytes at an address to standard output; uses the 16 bytes at 60,000.
func printing(_ address: String, _ count: String) -> String {
    """
    (i32.store (i32.const 60000) \(address)) (i32.store (i32.const 60004) \(count))
    (drop (call $write (i32.const 1) (i32.const 60000) (i32.const 1) (i32.const 60008)))
    """
}

extension RunReport {
    /// Standard output as text.
    var text: String { String(decoding: standardOutput, as: UTF8.self) }
}
