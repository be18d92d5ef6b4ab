// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// The library's engine with the host's functions linked to it; any thread may use it.
final class EngineCore: @unchecked Sendable {
    // The library says of both pointers that any thread may read through them; nothing changes
    // them after init but the epoch, which is atomic.
    let pointer: OpaquePointer
    let linker: OpaquePointer
    let memories: LinearMemoryPool

    /// - Throws: ``EngineRefusal/unavailable(_:)`` when the library refuses the settings.
    init() throws(EngineRefusal) {
        memories = try LinearMemoryPool()
        let configuration = try EngineSettings.makeConfiguration()
        var creator = memories.describeCreator()
        wasmtime_config_host_memory_creator_set(configuration, &creator)
        guard let pointer = wasm_engine_new_with_config(configuration) else {
            throw .unavailable("the engine refused its settings on this processor")
        }
        guard let linker = wasmtime_linker_new(pointer) else {
            wasm_engine_delete(pointer)
            throw .unavailable("no linker")
        }
        self.pointer = pointer
        self.linker = linker
        for (name, function) in HostInterface.functions {
            if let reason = Self.define(name, function, in: linker) { throw .unavailable(reason) }
        }
    }

    deinit {
        wasmtime_linker_delete(linker)
        wasm_engine_delete(pointer)
    }

    /// Offers one function to programs; returns why it could not.
    private static func define(
        _ name: String, _ function: HostFunction, in linker: OpaquePointer
    ) -> String? {
        let type = function.shape.makeType()
        defer { wasm_functype_delete(type) }
        let space = HostInterface.moduleName
        let error = wasmtime_linker_define_func_unchecked(
            linker, space, space.utf8.count, name, name.utf8.count, type, callHost,
            Unmanaged.passUnretained(function).toOpaque(), nil)
        return error.map { WasmtimeText.take(error: $0) }
    }

    /// Checks a module by the rules of the language, in milliseconds a MiB.
    ///
    /// - Throws: ``ModuleRefusal/invalid(_:)`` with the first rule broken.
    func validate(_ bytes: [UInt8]) throws(ModuleRefusal) {
        guard let error = wasmtime_module_validate(pointer, bytes, bytes.count) else { return }
        throw .invalid(WasmtimeText.take(error: error))
    }

    /// Moves the clock that stops programs which run too long.
    func advanceEpoch() {
        wasmtime_engine_increment_epoch(pointer)
    }
}

/// What the library calls for every imported function.
///
/// The environment is the ``HostFunction``, which ``HostInterface`` keeps for the life of the
/// process; the store's data is the ``HostState`` that the running attempt keeps.
private let callHost: wasmtime_func_unchecked_callback_t = { environment, caller, values, _ in
    guard let environment, let caller, let values,
        let context = wasmtime_caller_context(caller),
        let data = wasmtime_context_get_data(context)
    else { return wasmtime_trap_new("", 0) }
    let function = Unmanaged<HostFunction>.fromOpaque(environment).takeUnretainedValue()
    let state = Unmanaged<HostState>.fromOpaque(data).takeUnretainedValue()
    let call = HostCall(state: state, caller: caller, context: context, values: values)
    return function.answer(call) ? nil : wasmtime_trap_new("", 0)
}
