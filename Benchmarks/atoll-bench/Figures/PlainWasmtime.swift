// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// The WebAssembly library by itself, with its default settings, linked once.
final class PlainWasmtime {
    private let engine: OpaquePointer
    private let module: OpaquePointer
    private let linked: OpaquePointer

    init(_ bytes: [UInt8]) throws(BenchFailure) {
        var (module, linked): (OpaquePointer?, OpaquePointer?)
        guard let engine = wasm_engine_new_with_config(wasm_config_new()),
            wasmtime_module_new(engine, bytes, bytes.count, &module) == nil, let module,
            let linker = wasmtime_linker_new(engine)
        else { throw BenchFailure("the library does not take the program") }
        defer { wasmtime_linker_delete(linker) }
        guard wasmtime_linker_instantiate_pre(linker, module, &linked) == nil, let linked else {
            throw BenchFailure("the library does not link the program")
        }
        self.engine = engine
        self.module = module
        self.linked = linked
    }

    deinit {
        wasmtime_instance_pre_delete(linked)
        wasmtime_module_delete(module)
        wasm_engine_delete(engine)
    }

    /// Makes an instance, calls its `_start`, drops it.
    func callOnce() throws(BenchFailure) {
        guard let store = wasmtime_store_new(engine, nil, nil),
            let context = wasmtime_store_context(store)
        else { throw BenchFailure("no store") }
        defer { wasmtime_store_delete(store) }
        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        var start = wasmtime_extern_t()
        var values = wasmtime_val_raw_t()
        guard wasmtime_instance_pre_instantiate(linked, context, &instance, &trap) == nil,
            trap == nil,
            wasmtime_instance_export_get(context, &instance, "_start", 6, &start),
            wasmtime_func_call_unchecked(context, &start.of.func, &values, 1, &trap) == nil,
            trap == nil
        else { throw BenchFailure("the library did not run the program") }
    }
}
