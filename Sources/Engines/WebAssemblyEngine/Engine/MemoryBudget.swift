// SPDX-License-Identifier: Apache-2.0

/// What one run's linear memory may hold, and what became of its wishes.
///
/// Used by the run's own thread only.
final class MemoryBudget {
    private let bytesMax: Int
    /// The most bytes held at once.
    private(set) var bytesPeak = 0
    /// Whether a wish was refused for being above the limit (EXECUTION-WASM-9).
    private(set) var hasRefused = false
    /// Why this machine could not give memory that the limit allows.
    private(set) var failure: String?

    init(bytesMax: UInt64) {
        self.bytesMax = Int(clamping: bytesMax)
    }

    /// Whether the memory may become so large; a refusal is remembered.
    func admits(_ bytes: Int) -> Bool {
        guard bytes <= bytesMax else {
            hasRefused = true
            return false
        }
        return true
    }

    /// Counts memory that was given.
    func count(_ bytes: Int) {
        bytesPeak = max(bytesPeak, bytes)
    }

    /// Records that the machine had no memory to give.
    func fail(_ reason: String) {
        failure = reason
    }
}
