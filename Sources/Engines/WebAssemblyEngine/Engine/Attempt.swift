// SPDX-License-Identifier: Apache-2.0
import CWasmtime
import Vocabulary

/// One instance of one module, from its making to its end.
struct Attempt {
    /// How an attempt ended, before it is judged.
    enum Ending {
        case returned
        case trapped(UInt8)
        case failed(String)
    }

    /// The most elements a table may have: 16 bytes each, 16 MiB.
    static let tableElementsMax: Int64 = 1 << 20
    /// The most tables a module may have: with their elements at most 64 MiB.
    static let tablesMax: Int64 = 4

    /// The words with which the library refuses tables that are too large or too many.
    private static let tableRefusals = ["exceeds table limits", "resource limit exceeded"]

    let engine: EngineCore
    let module: CompiledModule
    let request: RunRequest
    /// Who may end the run before its own end.
    let watch: RunWatch

    /// Runs the program with so much fuel.
    func run(fuel: UInt64) -> AttemptResult {
        let budget = MemoryBudget(bytesMax: request.limits.memoryBytesMax)
        let state = HostState(request)
        guard
            let store = wasmtime_store_new(
                engine.pointer, Unmanaged.passUnretained(state).toOpaque(), nil),
            let context = wasmtime_store_context(store)
        else { return AttemptResult(outcome: .engineFailure("no store"), state, budget) }
        defer {
            // The memory goes back to the pool while its budget is still there.
            wasmtime_store_delete(store)
            withExtendedLifetime((state, budget, watch)) {}
        }
        // Memory is counted by the budget, tables by the library.
        wasmtime_store_limiter(store, -1, Self.tableElementsMax, 1, Self.tablesMax, 1)
        WasmtimeText.drop(error: wasmtime_context_set_fuel(context, fuel))
        watch.guards(store, context)

        let ending = engine.memories.withBudget(budget) { enter(context) }
        var remaining: UInt64 = 0
        WasmtimeText.drop(error: wasmtime_context_get_fuel(context, &remaining))
        var result = AttemptResult(outcome: judge(ending, state, budget), state, budget)
        result.fuelUsed = fuel - min(fuel, remaining)
        if case .trapped(let code) = ending, state.ending == nil {
            result.isFuelExact = TrapKind.isFuelExact(code)
        }
        return result
    }

    private func enter(_ context: OpaquePointer) -> Ending {
        guard let linked = module.linked else { return .failed("the module is not linked") }
        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        let error = wasmtime_instance_pre_instantiate(linked, context, &instance, &trap)
        if let ending = Self.ending(error, trap) { return ending }

        var start = wasmtime_extern_t()
        guard wasmtime_instance_export_get(context, &instance, "_start", 6, &start) else {
            return .failed("no start")
        }
        var values = wasmtime_val_raw_t()
        let failure = wasmtime_func_call_unchecked(context, &start.of.func, &values, 1, &trap)
        return Self.ending(failure, trap) ?? .returned
    }

    /// Reads and frees what a call gave.
    private static func ending(_ error: OpaquePointer?, _ trap: OpaquePointer?) -> Ending? {
        if let error { return .failed(WasmtimeText.take(error: error)) }
        guard let trap else { return nil }
        defer { wasm_trap_delete(trap) }
        var code: UInt8 = .max
        _ = wasmtime_trap_code(trap, &code)
        return .trapped(code)
    }

    /// Names an ending (EXECUTION-WASM-7, EXECUTION-WASM-9).
    private func judge(
        _ ending: Ending, _ state: HostState, _ budget: MemoryBudget
    ) -> RunOutcome {
        // A program that met a failing machine may have acted on it: nothing it did counts.
        if let failure = budget.failure { return .engineFailure(failure) }
        if let ending = state.ending { return ending }
        switch ending {
        case .returned: return .exited(0)
        case .failed where watch.hasEnded: return .wallClockExceeded
        case .trapped(UInt8(WASMTIME_TRAP_OUT_OF_FUEL)): return .fuelExhausted
        case .trapped(let code):
            return budget.hasRefused ? .memoryExceeded : .trapped(TrapKind(libraryCode: code))
        case .failed(let reason):
            let isLimit = budget.hasRefused || Self.tableRefusals.contains { reason.contains($0) }
            return isLimit ? .memoryExceeded : .engineFailure(reason)
        }
    }
}

/// What one attempt gave.
struct AttemptResult {
    var outcome: RunOutcome
    let standardOutput: [UInt8]
    let standardError: [UInt8]
    let memoryBytesPeak: UInt64
    var fuelUsed: UInt64 = 0
    /// Whether `fuelUsed` holds all the work done (EXECUTION-WASM-8).
    var isFuelExact = true

    init(outcome: RunOutcome, _ state: HostState, _ budget: MemoryBudget) {
        self.outcome = outcome
        standardOutput = state.output.standardOutput
        standardError = state.output.standardError
        memoryBytesPeak = UInt64(budget.bytesPeak)
    }
}
