// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Runs WebAssembly programs, each alone and with a bill.
public final class WebAssemblyRunner: Sendable {
    /// One step of the guard in real time.
    public static let tickMilliseconds: UInt64 = 10
    /// How deep calls may nest, in bytes of native stack: 512 KiB.
    public static let stackBytesMax = 512 << 10

    /// Starts an engine.
    public init() {}

    /// Runs one program to its end on the calling thread.
    public func run(_ request: RunRequest) -> RunReport {
        RunReport(
            outcome: .missingStart, standardOutput: [], standardError: [], fuelUsed: .init(0),
            memoryBytesPeak: 0)
    }
}
