// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// Decides at each step of the epoch whether a run may go on; used by that run's thread only.
final class RunWatch {
    private let ticker: EpochTicker
    private let lastTick: UInt64
    private let stop: RunStop?
    /// Whether the run was ended: its time was up, or nobody wants it any more.
    private(set) var hasEnded = false

    init(ticker: EpochTicker, ticks: UInt64, stop: RunStop?) {
        self.ticker = ticker
        let (sum, overflow) = ticker.now.addingReportingOverflow(ticks)
        lastTick = overflow ? .max : sum
        self.stop = stop
    }

    /// Makes a store ask after every step.
    func guards(_ store: OpaquePointer, _ context: OpaquePointer) {
        wasmtime_context_set_epoch_deadline(context, 1)
        wasmtime_store_epoch_deadline_callback(
            store,
            { _, watch, delta, kind in
                guard let watch, let delta, let kind else { return nil }
                delta.pointee = 1
                kind.pointee = UInt8(WASMTIME_UPDATE_DEADLINE_CONTINUE)
                let isAllowed = Unmanaged<RunWatch>.fromOpaque(watch).takeUnretainedValue()
                    .allowsAnotherStep()
                return isAllowed ? nil : wasmtime_error_new("ended by its watch")
            }, Unmanaged.passUnretained(self).toOpaque(), nil)
    }

    private func allowsAnotherStep() -> Bool {
        guard ticker.now < lastTick, stop?.isRaised != true else {
            hasEnded = true
            return false
        }
        return true
    }
}
