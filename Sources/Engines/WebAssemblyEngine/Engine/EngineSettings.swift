// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// The engine's settings, on which every result depends (EXECUTION-WASM-2).
enum EngineSettings {
    /// Native code is made for this target and not for the machine at hand, so that frame sizes,
    /// and with them the depth at which a stack overflows, are the same on every machine.
    static let target = "x86_64-unknown-linux-gnu"

    /// The processor level assumed: x86-64-v2, every server processor since 2009.
    static let processorFlags = [
        "has_cmpxchg16b", "has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt",
    ]

    /// Address space for one linear memory: all a 32-bit address can name, so that the common
    /// access needs no check.
    static let memoryReservedBytes: UInt64 = 4 << 30
    /// Address space after it that faults: constant offsets up to here need no check.
    static let memoryGuardBytes: UInt64 = 32 << 20

    /// Makes a configuration, or says why there is none. The engine made from it takes it over.
    static func makeConfiguration() throws(EngineRefusal) -> OpaquePointer {
        guard let configuration = wasm_config_new() else {
            throw .unavailable("no configuration")
        }
        if let error = wasmtime_config_target_set(configuration, target) {
            wasm_config_delete(configuration)
            throw .unavailable(WasmtimeText.take(error: error))
        }
        setCompiler(configuration)
        setLimits(configuration)
        setLanguage(configuration)
        return configuration
    }

    private static func setCompiler(_ configuration: OpaquePointer) {
        for flag in processorFlags { wasmtime_config_cranelift_flag_enable(configuration, flag) }
        wasmtime_config_strategy_set(configuration, UInt8(WASMTIME_STRATEGY_CRANELIFT))
        wasmtime_config_cranelift_opt_level_set(configuration, UInt8(WASMTIME_OPT_LEVEL_SPEED))
        // Floats are the same everywhere once every NaN is the same NaN.
        wasmtime_config_cranelift_nan_canonicalization_set(configuration, true)
        // One thread a compile: the caller's. The caller decides how many run at once.
        wasmtime_config_parallel_compilation_set(configuration, false)
        wasmtime_config_native_unwind_info_set(configuration, false)
    }

    private static func setLimits(_ configuration: OpaquePointer) {
        wasmtime_config_consume_fuel_set(configuration, true)
        wasmtime_config_epoch_interruption_set(configuration, true)
        wasmtime_config_max_wasm_stack_set(configuration, WebAssemblyRunner.stackBytesMax)
        wasmtime_config_memory_reservation_set(configuration, memoryReservedBytes)
        wasmtime_config_memory_guard_size_set(configuration, memoryGuardBytes)
        wasmtime_config_memory_may_move_set(configuration, false)
        // Images of first memories cannot be mapped into memories that are not the library's own.
        wasmtime_config_memory_init_cow_set(configuration, false)
    }

    /// WebAssembly 2.0 and tail calls; nothing whose result could differ between machines.
    private static func setLanguage(_ configuration: OpaquePointer) {
        wasmtime_config_wasm_bulk_memory_set(configuration, true)
        wasmtime_config_wasm_multi_value_set(configuration, true)
        wasmtime_config_wasm_reference_types_set(configuration, true)
        wasmtime_config_wasm_simd_set(configuration, true)
        wasmtime_config_wasm_tail_call_set(configuration, true)

        wasmtime_config_wasm_threads_set(configuration, false)
        wasmtime_config_shared_memory_set(configuration, false)
        wasmtime_config_wasm_relaxed_simd_set(configuration, false)
        wasmtime_config_wasm_relaxed_simd_deterministic_set(configuration, true)
        wasmtime_config_wasm_gc_set(configuration, false)
        wasmtime_config_gc_support_set(configuration, false)
        wasmtime_config_wasm_function_references_set(configuration, false)
        wasmtime_config_wasm_exceptions_set(configuration, false)
        wasmtime_config_wasm_memory64_set(configuration, false)
        wasmtime_config_wasm_multi_memory_set(configuration, false)
        wasmtime_config_wasm_stack_switching_set(configuration, false)
        wasmtime_config_wasm_custom_page_sizes_set(configuration, false)
        wasmtime_config_wasm_wide_arithmetic_set(configuration, false)
        wasmtime_config_wasm_component_model_set(configuration, false)
    }
}

/// Why this machine cannot run programs at all.
public enum EngineRefusal: Error, Equatable, Sendable {
    /// The WebAssembly library would not start, and what it said.
    case unavailable(String)
}
