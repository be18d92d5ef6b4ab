// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Runs another program to its end: hooks, and helpers of the machine.
enum ChildProgram {
    struct Outcome {
        /// 0 when all went well; 128 and the signal's number when one ended it.
        let status: Int32
        /// What it said on both outputs, as far as it is kept.
        let text: String
    }

    /// - Parameters:
    ///   - environment: All of it; nothing is inherited.
    ///   - input: What it reads.
    ///   - timeoutSeconds: It is killed then; nil for as long as it takes.
    static func run(
        _ path: String, _ arguments: [String], environment: [String], input: [UInt8],
        timeoutSeconds: Int64?
    ) throws(RuntimeFailure) -> Outcome {
        let source = OpenFile(try asking("memfd_create") { atoll_memory_file("input") })
        try source.writeAll(input)
        lseek(source.number, 0, SEEK_SET)
        let output = OpenFile(try asking("memfd_create") { atoll_memory_file("output") })
        let words = CStrings(arguments)
        let variables = CStrings(environment)
        var pidfd: Int32 = -1
        let child = try asking("clone") { atoll_clone(0, &pidfd, -1) }
        if child == 0 {
            _ = atoll_prctl(ProcessOption.parentDeathSignal, UInt(SIGKILL), 0, 0)
            guard dup2(source.number, 0) >= 0, dup2(output.number, 1) >= 0,
                dup2(output.number, 2) >= 0, atoll_close_on_exec_from(3) == 0
            else { _exit(126) }
            execve(path, words.pointers, variables.pointers)
            _exit(127)
        }
        let status = try wait(OpenFile(pidfd), timeoutSeconds, path)
        lseek(output.number, 0, SEEK_SET)
        var room = [UInt8](repeating: 0, count: RuntimeLimits.outputBytesMax)
        let count = max(0, read(output.number, &room, room.count))
        return Outcome(status: status, text: String(decoding: room[..<count], as: UTF8.self))
    }

    private static func wait(
        _ pidfd: OpenFile, _ timeoutSeconds: Int64?, _ path: String
    ) throws(RuntimeFailure) -> Int32 {
        var waiting = pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0)
        let milliseconds = timeoutSeconds.map { Int32(min($0, 2_000_000) * 1000) } ?? -1
        let ended = try asking("wait for \(path)") { poll(&waiting, 1, milliseconds) }
        if ended == 0 { _ = atoll_pidfd_signal(pidfd.number, SIGKILL) }
        var status: Int32 = 0
        try asking("wait for \(path)") { atoll_pidfd_wait(pidfd.number, &status) }
        guard ended > 0 else { throw .hook(path, "took longer than it may") }
        return ExitCode.of(waitStatus: status)
    }
}

/// What people know as a program's exit code.
enum ExitCode {
    /// Its own, or 128 and the number of the signal that ended it.
    static func of(waitStatus: Int32) -> Int32 {
        waitStatus & 0x7F == 0 ? waitStatus >> 8 & 0xFF : 128 + (waitStatus & 0x7F)
    }
}

extension HookConfiguration {
    /// Runs the hooks of a moment in order (RUNTIME-18).
    ///
    /// - Throws: ``RuntimeFailure/hook(_:_:)`` at the first that does not end with 0.
    func run(
        _ moment: Moment, _ record: ContainerRecord, _ status: ContainerStatus
    ) throws(RuntimeFailure) {
        for hook in self[moment] {
            let outcome = try ChildProgram.run(
                hook.path, hook.arguments, environment: hook.environment,
                input: record.state(status).bytes, timeoutSeconds: hook.timeoutSeconds)
            guard outcome.status == 0 else {
                throw .hook(
                    hook.path, "\(moment.rawValue) ended with \(outcome.status): \(outcome.text)")
            }
        }
    }
}
