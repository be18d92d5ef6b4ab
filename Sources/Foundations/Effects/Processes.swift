// SPDX-License-Identifier: Apache-2.0

/// What to start: an executable and its arguments, never a shell line.
public struct ProcessRequest: Sendable {
    /// The absolute path of the executable.
    public var executable: String
    /// Arguments after the name.
    public var arguments: [String]
    /// The whole environment; nothing is inherited.
    public var environment: [String: String]
    /// The path of the file that receives standard output and error, appended; nil discards them.
    public var logFile: String?
    /// Whether the child gets a session of its own, so that what a terminal sends to this process
    /// does not reach it. Either kind goes on when this process dies by a signal.
    public var detached: Bool

    /// Describes a process.
    public init(
        executable: String, arguments: [String], environment: [String: String] = [:],
        logFile: String? = nil, detached: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.logFile = logFile
        self.detached = detached
    }
}

/// Why a process could not be started or signalled.
public enum ProcessFailure: Error, Equatable, Sendable {
    /// The system refused, in its own words.
    case refused(executable: String, message: String)
    /// No such process.
    case gone(pid: Int32)
}

/// How a process ended.
public enum ProcessExit: Equatable, Sendable {
    /// It returned this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
}

/// Child processes.
public protocol Processes: Sendable {
    /// Starts a process.
    func start(_ request: ProcessRequest) throws(ProcessFailure) -> any ChildProcess
    /// Sends a signal to any process.
    func signal(_ pid: Int32, _ number: Int32) throws(ProcessFailure)
    /// A mark that tells this life of a pid from a later one, or nil when it does not run.
    func birthMark(of pid: Int32) -> String?
}

/// A started process.
public protocol ChildProcess: Sendable {
    /// The system's number for it.
    var pid: Int32 { get }
    /// Waits for its end.
    func exit() async -> ProcessExit
}
