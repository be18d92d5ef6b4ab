// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// Why a container could not be made, started, entered or removed (RUNTIME-4).
public enum RuntimeFailure: Error, Hashable, Sendable {
    /// A field of a configuration, by its path, and what is wrong with it.
    case field(String, String)
    /// A file that is not JSON within its limits.
    case json(file: String, JSONFailure)
    /// The kernel refused: what was being done, and errno.
    case kernel(String, Int32)
    /// No container has this name.
    case unknown(String)
    /// A container of this name exists.
    case exists(String)
    /// The container's status does not allow what was asked.
    case status(String, is: ContainerStatus, asked: String)
    /// The program to run is not on the container's PATH.
    case programNotFound(String)
    /// The program to run cannot be executed, and errno.
    case program(String, Int32)
    /// A hook did not end with 0: its path and what it did.
    case hook(String, String)
    /// The command line is not understood.
    case usage(String)
    /// What the process inside the container reported before it gave up.
    case inside(String)
}

extension RuntimeFailure: CustomStringConvertible {
    /// What went wrong, in one line.
    public var description: String {
        switch self {
        case .field(let path, let reason): "\(path): \(reason)"
        case .json(let file, let failure): "\(file): \(failure)"
        case .kernel(let doing, let number): "\(doing): \(ErrorText.text(number))"
        case .unknown(let name): "container \(name) does not exist"
        case .exists(let name): "container with id exists: \(name)"
        case .status(let name, let status, let asked):
            "cannot \(asked) container \(name): it is \(status.rawValue)"
        // Container managers look for these very words to choose their exit codes.
        case .programNotFound(let name):
            "exec: \"\(name)\": executable file not found in $PATH: No such file or directory"
        case .program(let name, let number):
            "exec: \"\(name)\": \(ErrorText.text(number).lowercased())"
        case .hook(let path, let what): "hook \(path): \(what)"
        case .usage(let text): text
        case .inside(let text): text
        }
    }
}

enum ErrorText {
    /// What an errno means.
    static func text(_ number: Int32) -> String {
        guard let text = strerror(number) else { return "error \(number)" }
        return String(cString: text)
    }
}

/// Calls the kernel again after EINTR and turns -1 into a failure that says what was being done.
@discardableResult
func asking<Result: SignedInteger>(
    _ doing: @autoclosure () -> String, _ call: () -> Result
) throws(RuntimeFailure) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let number = errno
        if number != EINTR { throw .kernel(doing(), number) }
    }
}
