// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// One call from a program to the host: its values, its memory, its state.
///
/// Lives only during the call; the pointers are the library's and are valid that long.
struct HostCall {
    let state: HostState
    let caller: OpaquePointer
    let context: OpaquePointer
    let values: UnsafeMutablePointer<wasmtime_val_raw_t>

    /// A 32-bit value.
    func word(_ index: Int) -> UInt32 { UInt32(bitPattern: values[index].i32) }

    /// A 64-bit value.
    func long(_ index: Int) -> UInt64 { UInt64(bitPattern: values[index].i64) }

    /// The memory the program exports as `memory`.
    func memory() throws(HostInterrupt) -> GuestMemory {
        var exported = wasmtime_extern_t()
        guard wasmtime_caller_export_get(caller, "memory", 6, &exported),
            exported.kind == UInt8(WASM_EXTERN_MEMORY)
        else { throw .refused(.fault) }
        let size = wasmtime_memory_data_size(context, &exported.of.memory)
        let start = wasmtime_memory_data(context, &exported.of.memory)
        return GuestMemory(UnsafeMutableRawBufferPointer(start: start, count: size))
    }

    /// Takes fuel for work the host is about to do (EXECUTION-WASM-8).
    func charge(_ fuel: UInt64) throws(HostInterrupt) {
        var remaining: UInt64 = 0
        WasmtimeText.drop(error: wasmtime_context_get_fuel(context, &remaining))
        guard remaining >= fuel else {
            WasmtimeText.drop(error: wasmtime_context_set_fuel(context, 0))
            throw .ended(.fuelExhausted)
        }
        WasmtimeText.drop(error: wasmtime_context_set_fuel(context, remaining - fuel))
    }
}

/// What the host's own work costs in fuel.
enum HostFuel {
    /// Each call: about a quarter of a microsecond.
    static let call: UInt64 = 500
    /// Each byte copied in or out.
    static let byte: UInt64 = 1
    /// Each byte of randomness, which is hashed.
    static let randomByte: UInt64 = 10
    /// Each entry of a list looked at: a name, a vector, a subscription, a folder's entry.
    static let entry: UInt64 = 100
}

/// A function the host offers.
final class HostFunction: Sendable {
    typealias Body = @Sendable (HostCall) throws(HostInterrupt) -> Void

    let shape: FunctionShape
    private let body: Body

    init(_ parameters: [FunctionShape.Kind], _ body: @escaping Body) {
        shape = FunctionShape(parameters: parameters, results: [.int32])
        self.body = body
    }

    /// A function that does not return.
    init(ending parameters: [FunctionShape.Kind], _ body: @escaping Body) {
        shape = FunctionShape(parameters: parameters, results: [])
        self.body = body
    }

    /// Does the work and writes the answer over the first value; false when the program ends.
    func answer(_ call: HostCall) -> Bool {
        var status = Errno.success
        do throws(HostInterrupt) {
            try call.charge(HostFuel.call)
            try body(call)
        } catch {
            switch error {
            case .refused(let errno): status = errno
            case .ended(let outcome):
                call.state.ending = outcome
                return false
            }
        }
        if !shape.results.isEmpty { call.values[0].i32 = Int32(status.rawValue) }
        return true
    }
}
