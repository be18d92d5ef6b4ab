// SPDX-License-Identifier: Apache-2.0
import Market
import Vocabulary
import WebAssemblyEngine

#if canImport(Glibc)
    import Glibc
#endif

/// What a client asks to be run.
struct Program {
    var module: [UInt8]
    var arguments: [String] = []
    var standardInput: [UInt8] = Array("the input of the job\n".utf8)
    /// Bytes to name as the input instead of a manifest.
    var inputBytes: [UInt8]?
    /// Whether anybody has the input.
    var isInputKept = true
    var limits = JobLimits(
        fuelMax: Fuel(5_000_000), memoryBytesMax: 1 << 20, outputBytesMax: 1 << 16,
        wallMilliseconds: 20_000)

    /// A program written as text, with the WASI calls to read, write and end, and one page.
    init(_ body: String, memory: String = "1", imports: String = "") throws {
        module = try WebAssemblyText.binary(
            of: """
                (module
                  (import "wasi_snapshot_preview1" "fd_read"
                    (func $read (param i32 i32 i32 i32) (result i32)))
                  (import "wasi_snapshot_preview1" "fd_write"
                    (func $write (param i32 i32 i32 i32) (result i32)))
                  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                  \(imports)
                  (memory (export "memory") \(memory))
                  (func (export "_start") \(body)))
                """)
    }

    /// A program given as bytes.
    init(module: [UInt8]) { self.module = module }

    /// Copies its input to its output.
    static func echo() throws -> Program {
        try Program(
            """
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (i32.const 4096))
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (i32.store (i32.const 4) (i32.load (i32.const 8)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            """)
    }
}

/// Which seeds the whole networks are drawn from: `SEEDS` says how many, else three.
enum Seeds {
    static let all: [UInt64] = {
        let asked = getenv("SEEDS").flatMap { UInt64(String(cString: $0)) }
        return Array(1...max(asked ?? 3, 1))
    }()
    /// The first seed alone, for laws that chance hardly touches.
    static let one: [UInt64] = [1]
}
