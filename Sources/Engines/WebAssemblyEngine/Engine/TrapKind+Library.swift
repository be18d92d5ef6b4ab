// SPDX-License-Identifier: Apache-2.0
import CWasmtime

extension TrapKind {
    /// The kind behind the library's number.
    init(libraryCode code: UInt8) {
        self =
            switch Int(code) {
            case Int(WASMTIME_TRAP_STACK_OVERFLOW): .stackOverflow
            case Int(WASMTIME_TRAP_MEMORY_OUT_OF_BOUNDS): .memoryOutOfBounds
            case Int(WASMTIME_TRAP_TABLE_OUT_OF_BOUNDS): .tableOutOfBounds
            case Int(WASMTIME_TRAP_INDIRECT_CALL_TO_NULL): .indirectCallToNull
            case Int(WASMTIME_TRAP_BAD_SIGNATURE): .badSignature
            case Int(WASMTIME_TRAP_INTEGER_OVERFLOW): .integerOverflow
            case Int(WASMTIME_TRAP_INTEGER_DIVISION_BY_ZERO): .divideByZero
            case Int(WASMTIME_TRAP_BAD_CONVERSION_TO_INTEGER): .badConversion
            case Int(WASMTIME_TRAP_UNREACHABLE): .unreachable
            default: .other
            }
    }

    /// Whether the fuel counter is up to date when this trap strikes.
    ///
    /// Compiled code counts in a register and writes the count down before calls and before
    /// `unreachable`, but not before an access or a division, where it is lost with the register.
    static func isFuelExact(_ code: UInt8) -> Bool {
        switch Int(code) {
        case Int(WASMTIME_TRAP_UNREACHABLE), Int(WASMTIME_TRAP_STACK_OVERFLOW),
            Int(WASMTIME_TRAP_INDIRECT_CALL_TO_NULL), Int(WASMTIME_TRAP_BAD_SIGNATURE),
            Int(WASMTIME_TRAP_OUT_OF_FUEL), Int(WASMTIME_TRAP_INTERRUPT):
            true
        default: false
        }
    }
}
