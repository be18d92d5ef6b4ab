// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Runs WebAssembly programs, each alone, within limits, and with a bill.
///
/// One runner serves any number of threads; it keeps compiled modules for the next run. Threads
/// inside ``run(_:)`` must have left before the runner goes, which holding it ensures.
/// Source: specs/execution-wasm.md.
public final class WebAssemblyRunner: Sendable {
    /// One step of the guard in real time.
    public static let tickMilliseconds: UInt64 = 10
    /// How deep calls may nest, in bytes of native stack: 512 KiB.
    public static let stackBytesMax = 512 << 10
    /// What each byte of a module costs in fuel, for checking and compiling it (EXECUTION-WASM-8).
    public static let fuelPerModuleByte: UInt64 = 500

    let engine: EngineCore
    let cache: ModuleCache
    private let ticker: EpochTicker

    /// Starts an engine and the thread that watches its runs.
    ///
    /// - Throws: ``EngineRefusal/unavailable(_:)`` when this machine cannot run programs.
    public convenience init() throws(EngineRefusal) {
        try self.init(cache: ModuleCache())
    }

    init(cache: ModuleCache) throws(EngineRefusal) {
        self.cache = cache
        engine = try EngineCore()
        ticker = try EpochTicker(engine: engine)
    }

    /// Runs one program to its end; the calling thread is busy until then.
    ///
    /// A module met for the first time is compiled first: about a second a MiB. Call it from a
    /// thread that may block, never from a thread that serves others.
    ///
    /// - Parameter stop: Once raised, the run ends within a step as
    ///   ``RunOutcome/wallClockExceeded``, which is no result.
    public func run(_ request: RunRequest, until stop: RunStop? = nil) -> RunReport {
        if let reason = Self.fault(in: request) {
            return Self.report(.invalidRequest(reason), fuel: 0)
        }
        return RoomyStack.run { runHere(request, stop) }
            ?? Self.report(.engineFailure("no thread to run on"), fuel: 0)
    }

    /// What in a request can never be met, whatever the program does.
    private static func fault(in request: RunRequest) -> String? {
        let argumentBytes = request.arguments.reduce(0) { $0 + $1.utf8.count + 1 }
        guard argumentBytes <= RunLimits.argumentBytesMax else { return "arguments too long" }
        guard request.limits.memoryBytesMax <= RunLimits.memoryBytesHardMax else {
            return "memory limit too high"
        }
        guard request.limits.outputBytesMax <= RunLimits.outputBytesHardMax else {
            return "output limit too high"
        }
        return nil
    }

    private func runHere(_ request: RunRequest, _ stop: RunStop?) -> RunReport {
        let fuelMax = request.limits.fuelMax.value
        let admission = UInt64(request.module.count) * Self.fuelPerModuleByte
        let module: CompiledModule
        do throws(ModuleRefusal) {
            guard let found = try findModule(request.module, isAffordable: admission <= fuelMax)
            else { return Self.report(.fuelExhausted, fuel: fuelMax) }
            module = found
        } catch {
            switch error {
            case .invalid(let reason): return Self.report(.invalidModule(reason), fuel: 0)
            }
        }
        if let refusal = module.refusal {
            return Self.report(refusal, fuel: refusal.isDeterministic ? admission : 0)
        }
        let result = ticker.whileTicking { execute(module, request, fuelMax - admission, stop) }
        return Self.report(result, admission: admission, fuelMax: fuelMax)
    }

    /// The module, compiled now or earlier; nothing when compiling it is not paid for.
    private func findModule(
        _ bytes: [UInt8], isAffordable: Bool
    ) throws(ModuleRefusal) -> CompiledModule? {
        guard bytes.count <= RunLimits.moduleBytesMax else { throw .invalid("too large") }
        let digest = SHA256.hash(bytes)
        if isAffordable, let kept = cache.find(digest) { return kept }
        try engine.validate(bytes)
        try ModuleShape.check(bytes)
        guard isAffordable else { return nil }
        let module = try CompiledModule(bytes, engine: engine)
        cache.keep(module, as: digest)
        return module
    }

    private func execute(
        _ module: CompiledModule, _ request: RunRequest, _ fuel: UInt64, _ stop: RunStop?
    ) -> AttemptResult {
        let ticks = request.limits.wallMilliseconds / Self.tickMilliseconds + 1
        let watch = RunWatch(ticker: ticker, ticks: ticks, stop: stop)
        func attempt(_ fuel: UInt64) -> AttemptResult {
            Attempt(engine: engine, module: module, request: request, watch: watch)
                .run(fuel: fuel)
        }
        let first = attempt(fuel)
        if first.isFuelExact { return first }
        return FuelSearch.settle(first, fuelMax: fuel, attempt: attempt)
    }

    private static func report(_ outcome: RunOutcome, fuel: UInt64) -> RunReport {
        RunReport(
            outcome: outcome, standardOutput: [], standardError: [], fuelUsed: Fuel(fuel),
            memoryBytesPeak: 0)
    }

    private static func report(
        _ result: AttemptResult, admission: UInt64, fuelMax: UInt64
    ) -> RunReport {
        let fuel: UInt64 =
            switch result.outcome {
            case .fuelExhausted: fuelMax
            case .wallClockExceeded, .engineFailure: 0
            default: admission + result.fuelUsed
            }
        return RunReport(
            outcome: result.outcome, standardOutput: result.standardOutput,
            standardError: result.standardError, fuelUsed: Fuel(fuel),
            memoryBytesPeak: result.memoryBytesPeak)
    }
}
