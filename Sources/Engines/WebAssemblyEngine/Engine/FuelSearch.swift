// SPDX-License-Identifier: Apache-2.0

/// Finds the work of a program that ended in a trap which lost the count (EXECUTION-WASM-8).
///
/// A run is a function of its request, and less fuel cuts it off earlier and changes nothing else.
/// So the program runs again with little fuel, then with twice as much above what was counted,
/// until it reaches its trap. That fuel is the bill: at least the work, and less than twice the
/// work and the first step. All the runs together do less work than two and a half bills.
enum FuelSearch {
    /// The first fuel tried above what was counted.
    static let stepMin: UInt64 = 4_096

    /// The attempt with the fuel that was enough, its `fuelUsed` being that fuel.
    ///
    /// - Parameters:
    ///   - first: The attempt that ended in such a trap, given `fuelMax`.
    ///   - attempt: Runs the program again with so much fuel.
    static func settle(
        _ first: AttemptResult, fuelMax: UInt64, attempt: (UInt64) -> AttemptResult
    ) -> AttemptResult {
        var step = stepMin
        while true {
            let (sum, overflow) = first.fuelUsed.addingReportingOverflow(step)
            let fuel = overflow ? fuelMax : min(sum, fuelMax)
            var result = fuel == fuelMax ? first : attempt(fuel)
            if result.outcome != .fuelExhausted || fuel == fuelMax {
                result.fuelUsed = fuel
                return result
            }
            step = step.multipliedReportingOverflow(by: 2).partialValue
        }
    }
}
