// SPDX-License-Identifier: Apache-2.0

/// How a run ended.
///
/// ``code`` is stable and may be hashed; the texts inside cases are for people and may not.
/// Source: specs/execution-wasm.md EXECUTION-WASM-7.
public enum RunOutcome: Hashable, Sendable {
    /// The program ended by itself: 0 when `_start` returned, else the status of `proc_exit`.
    case exited(UInt32)
    /// The program broke a rule of WebAssembly while it ran.
    case trapped(TrapKind)
    /// The program used all its fuel.
    case fuelExhausted
    /// The program wanted more memory than its limit, and could not go on without it.
    case memoryExceeded
    /// The program wrote more output than its limit.
    case outputExceeded
    /// The bytes are not a module this engine accepts.
    case invalidModule(String)
    /// The module imports something that is not offered; its `module.name`.
    case unsupportedImport(String)
    /// The module exports no function `_start` without parameters and results.
    case missingStart
    /// The request asks for what no run may have; nothing was run.
    case invalidRequest(String)
    /// The run took longer than this machine allowed.
    case wallClockExceeded
    /// This machine could not do the work, and why.
    case engineFailure(String)

    /// The outcome's number, which never changes its meaning.
    ///
    /// The high half is the kind of outcome (1 exited to 11 invalidRequest), the low half is the
    /// trap's number for ``trapped(_:)`` and 0 for others. An exit status is not in it.
    public var code: UInt16 {
        switch self {
        case .exited: 0x0100
        case .trapped(let kind): 0x0200 | UInt16(kind.rawValue)
        case .fuelExhausted: 0x0300
        case .memoryExceeded: 0x0400
        case .outputExceeded: 0x0500
        case .invalidModule: 0x0600
        case .unsupportedImport: 0x0700
        case .missingStart: 0x0800
        case .wallClockExceeded: 0x0900
        case .engineFailure: 0x0a00
        case .invalidRequest: 0x0b00
        }
    }

    /// The status a program gave, or 0.
    public var exitStatus: UInt32 {
        if case .exited(let status) = self { status } else { 0 }
    }

    /// Whether every honest machine gives this same outcome for the request.
    ///
    /// A provider must not commit to a result whose outcome is not deterministic.
    public var isDeterministic: Bool {
        switch self {
        case .wallClockExceeded, .engineFailure: false
        case .exited, .trapped, .fuelExhausted, .memoryExceeded, .outputExceeded, .invalidModule,
            .unsupportedImport, .missingStart, .invalidRequest:
            true
        }
    }
}

/// The rule of WebAssembly that a program broke.
public enum TrapKind: UInt8, Hashable, Sendable, CaseIterable {
    /// `unreachable` was reached: how Swift, Rust and C programs end on a failed check.
    case unreachable = 1
    /// A load or store lay outside the linear memory.
    case memoryOutOfBounds = 2
    /// A table was read or written outside its bounds.
    case tableOutOfBounds = 3
    /// An integer was divided by zero.
    case divideByZero = 4
    /// An integer division's result did not fit.
    case integerOverflow = 5
    /// A float could not become an integer.
    case badConversion = 6
    /// Calls were nested deeper than ``WebAssemblyRunner/stackBytesMax`` allows.
    case stackOverflow = 7
    /// A call through a table met an empty place.
    case indirectCallToNull = 8
    /// A call through a table met a function of another type.
    case badSignature = 9
    /// A rule that has no number of its own here.
    case other = 255
}

extension RunOutcome: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .trapped(let kind): "trapped: \(kind)"
        case .fuelExhausted: "used up its fuel"
        case .memoryExceeded: "needed more memory than its limit"
        case .outputExceeded: "wrote more output than its limit"
        case .invalidModule(let reason): "not a valid module: \(reason)"
        case .unsupportedImport(let name): "imports \(name), which is not offered"
        case .missingStart: "exports no _start function"
        case .invalidRequest(let reason): "not a valid request: \(reason)"
        case .wallClockExceeded: "took longer than this machine allows"
        case .engineFailure(let reason): "the machine failed: \(reason)"
        }
    }
}
