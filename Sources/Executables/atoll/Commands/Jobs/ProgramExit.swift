// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Market

/// The exit code of `atoll run`: the program's own, or one that says why there is none.
///
/// Codes are those of `docker run` and, for limits, 128 and the signal that Unix would have sent:
/// SIGABRT for a trap, SIGKILL for memory, SIGXCPU for fuel, SIGXFSZ for output.
enum ProgramExit {
    static let trapped: Int32 = 134
    static let memoryExceeded: Int32 = 137
    static let fuelExhausted: Int32 = 152
    static let outputExceeded: Int32 = 153
    /// The highest code a Unix program can pass on.
    private static let codeMax: UInt32 = 255

    /// The code of a job that has ended.
    static func code(of view: JobView) -> Int32 {
        guard let outcome = view.result?.outcome else {
            return view.state == "expired"
                ? ExitStatus.timedOut.rawValue : ExitStatus.cloudFailed.rawValue
        }
        return code(of: outcome)
    }

    /// The code of a program's end.
    static func code(of outcome: JobOutcome) -> Int32 {
        switch outcome {
        case .exited(let code): Int32(min(code, codeMax))
        case .trapped: trapped
        case .fuelExhausted: fuelExhausted
        case .memoryExceeded: memoryExceeded
        case .outputExceeded: outputExceeded
        case .invalidModule, .unsupportedImport, .missingStart: ExitStatus.notRunnable.rawValue
        case .invalidInput: ExitStatus.cloudFailed.rawValue
        }
    }

    /// Why the program did not end by itself; nothing when it did.
    static func words(of view: JobView) -> String? {
        guard let outcome = view.result?.outcome else {
            return "error: the job \(ending(view.state)); \(view.maxCost) came back"
        }
        return words(of: outcome).map { "error: \($0)" }
    }

    private static func ending(_ state: String) -> String {
        switch state {
        case "expired": "was not settled before its deadline"
        case "undetermined": "gave results of which no majority agrees"
        case "cancelled": "was cancelled"
        default: "ended as \(state)"
        }
    }

    /// Why a program did not end by itself, and which option helps.
    static func words(of outcome: JobOutcome) -> String? {
        switch outcome {
        case .exited: nil
        case .trapped(let trap): "the program broke a rule of WebAssembly: \(words(of: trap))"
        case .fuelExhausted: "the program used all its fuel; allow more with --fuel-max"
        case .memoryExceeded: "the program wanted more memory; allow more with --memory-max"
        case .outputExceeded: "the program wrote too much; allow more with --output-max"
        case .invalidModule: "the program is no valid WebAssembly module"
        case .unsupportedImport:
            "the program needs what jobs do not offer; build it for wasm32-wasip1, without network"
        case .missingStart: "the program has no _start; build it as a command, not as a library"
        case .invalidInput: "the providers could not read the input"
        }
    }

    private static func words(of trap: JobTrap) -> String {
        switch trap {
        case .unreachable: "it reached `unreachable`, as after a failed check"
        case .memoryOutOfBounds: "it read or wrote outside its memory"
        case .tableOutOfBounds: "it used a table outside its bounds"
        case .divideByZero: "it divided by zero"
        case .integerOverflow: "an integer division left its range"
        case .badConversion: "it converted a number that is no integer"
        case .stackOverflow: "it called too deep"
        case .indirectCallToNull: "it called an empty table entry"
        case .badSignature: "it called a function as another type than its own"
        case .other: "a rule without a name"
        }
    }

    /// A failure of `run` before the program has an exit code: what would be 1 or 3 becomes 125,
    /// for those codes are the program's.
    ///
    /// - Parameter left: What stands of the order; nothing when none was made.
    static func failure(_ failure: CommandFailure, left: String?) -> CommandFailure {
        var failure = failure
        if failure.kept == nil, failure.status != .timedOut || left != nil {
            failure.kept = left ?? "nothing was ordered"
        }
        switch failure.status {
        case .refused, .unreachable: failure.status = .cloudFailed
        case .done, .misused, .outdated, .timedOut, .cloudFailed, .notRunnable, .notFound: break
        }
        return failure
    }
}
