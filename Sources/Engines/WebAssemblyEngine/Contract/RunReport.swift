// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What one run gave.
///
/// Real time is not in it: the caller measures that, for it differs from machine to machine.
public struct RunReport: Equatable, Sendable {
    /// How the run ended.
    public let outcome: RunOutcome
    /// What the program wrote to standard output before it ended.
    public let standardOutput: [UInt8]
    /// What the program wrote to standard error before it ended.
    public let standardError: [UInt8]
    /// The work to be billed; never above the request's limit (EXECUTION-WASM-8).
    public let fuelUsed: Fuel
    /// The most bytes the program's linear memory held.
    public let memoryBytesPeak: UInt64

    /// Joins the parts of a report.
    public init(
        outcome: RunOutcome, standardOutput: [UInt8], standardError: [UInt8], fuelUsed: Fuel,
        memoryBytesPeak: UInt64
    ) {
        self.outcome = outcome
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.fuelUsed = fuelUsed
        self.memoryBytesPeak = memoryBytesPeak
    }
}
