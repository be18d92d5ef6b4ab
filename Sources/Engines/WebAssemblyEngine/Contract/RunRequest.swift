// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One run of a WebAssembly program: everything its outcome depends on.
///
/// Two runs of equal requests give equal reports on every machine, unless the outcome itself says
/// otherwise (``RunOutcome/isDeterministic``). Source: specs/execution-wasm.md EXECUTION-WASM-1.
public struct RunRequest: Sendable {
    /// The module in WebAssembly's binary format; at most ``RunLimits/moduleBytesMax``.
    public var module: [UInt8]
    /// The program's arguments, the program's own name first.
    public var arguments: [String]
    /// What the program reads from its standard input.
    public var standardInput: [UInt8]
    /// The read-only files the program finds below `/input`.
    public var input: InputDirectory
    /// Where the program's random bytes come from: the job's id.
    public var seed: Bytes32
    /// What the program's clocks show first.
    public var startTime: Timestamp
    /// How much of each resource the run may use.
    public var limits: RunLimits

    /// Describes a run; what is left out is empty.
    public init(
        module: [UInt8], arguments: [String] = ["program"], standardInput: [UInt8] = [],
        input: InputDirectory = .empty, seed: Bytes32, startTime: Timestamp = Timestamp(0),
        limits: RunLimits = RunLimits()
    ) {
        self.module = module
        self.arguments = arguments
        self.standardInput = standardInput
        self.input = input
        self.seed = seed
        self.startTime = startTime
        self.limits = limits
    }
}
