// SPDX-License-Identifier: Apache-2.0
import WebAssemblyEngine

/// Small WebAssembly programs, written by hand, that each do one thing.
enum Programs {
    /// Counts to a number and ends with status 0: about a nanosecond and seven fuel a step.
    static func counting(to steps: UInt64) throws -> [UInt8] {
        try module("\(loop(while: "(i64.lt_u (local.get $i) (i64.const \(steps)))"))")
    }

    /// Never ends.
    static func endless() throws -> [UInt8] { try module(loop(while: "(i32.const 1)")) }

    /// Takes memory page by page until there is none, then stumbles.
    static func memoryBomb() throws -> [UInt8] {
        try module(
            """
            (loop $again
              (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
            (unreachable)
            """)
    }

    /// Reaches `unreachable` at once.
    static func trap() throws -> [UInt8] { try module("(unreachable)") }

    /// Ends with a status.
    static func exit(_ status: UInt8) throws -> [UInt8] {
        try module("(call $exit (i32.const \(status)))")
    }

    /// Wants a function that no provider offers.
    static func foreignImport() throws -> [UInt8] {
        try WebAssemblyText.binary(
            of: """
                (module (import "env" "launch" (func $launch))
                  (memory (export "memory") 1)
                  (func (export "_start") (call $launch)))
                """)
    }

    /// A valid module that is no program.
    static func withoutStart() throws -> [UInt8] {
        try WebAssemblyText.binary(of: "(module (func (export \"other\")))")
    }

    /// The first bytes of a text, which are not those of a module.
    static let notAModule = Array("#!/bin/sh\nexit 0\n".utf8)

    private static func loop(while condition: String) -> String {
        """
        (loop $again
          (local.set $i (i64.add (local.get $i) (i64.const 1)))
          (br_if $again \(condition)))
        """
    }

    private static func module(_ body: String) throws -> [UInt8] {
        try WebAssemblyText.binary(
            of: """
                (module
                  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                  (memory (export "memory") 1)
                  (func (export "_start") (local $i i64)
                  \(body)))
                """)
    }
}
