// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What one run may use.
public struct RunLimits: Hashable, Sendable {
    /// The most work the run is billed for; the run ends when it is used up.
    public var fuelMax: Fuel
    /// The most bytes the program's linear memory may hold.
    public var memoryBytesMax: UInt64
    /// The most bytes the program may write to standard output and standard error together.
    public var outputBytesMax: UInt64
    /// A guard in real time, in milliseconds: not part of the law, it protects this machine.
    ///
    /// Steps are ``WebAssemblyRunner/tickMilliseconds`` long and one step may come on top.
    public var wallMilliseconds: UInt64

    /// Sets limits: by default ten thousand million fuel, 256 MiB, 1 MiB of output, one minute.
    public init(
        fuelMax: Fuel = Fuel(10_000_000_000), memoryBytesMax: UInt64 = 256 << 20,
        outputBytesMax: UInt64 = 1 << 20, wallMilliseconds: UInt64 = 60_000
    ) {
        self.fuelMax = fuelMax
        self.memoryBytesMax = memoryBytesMax
        self.outputBytesMax = outputBytesMax
        self.wallMilliseconds = wallMilliseconds
    }

    /// The largest module: 8 MiB.
    ///
    /// Compiling takes about a second a MiB on one core, and at worst, for a module made to be slow
    /// within the limits of EXECUTION-WASM-3, about half a minute and 300 MiB of memory.
    public static let moduleBytesMax = 8 << 20

    /// The most a linear memory may ever hold, whatever a request says: 4 GiB less one page, the
    /// largest size whose byte count fits in 32 bits.
    public static let memoryBytesHardMax: UInt64 = (4 << 30) - 65_536

    /// The most bytes arguments may take, terminators included: 128 KiB, as on Linux for one.
    public static let argumentBytesMax = 128 << 10

    /// The most output a request may ask for: 64 MiB, since output is held in memory.
    public static let outputBytesHardMax: UInt64 = 64 << 20
}
