// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Signals by name and in waiting.
enum Signals {
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
        "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
        "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ]

    /// The number of `9`, `KILL`, `SIGKILL` or `RTMIN+3`; nil for anything else.
    static func number(_ text: String) -> Int32? {
        if let number = Int32(text) { return (0...64).contains(number) ? number : nil }
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if let index = names.firstIndex(of: name) { return Int32(index) + 1 }
        // The C library keeps the first two of the 32 for itself.
        if name == "RTMIN" { return 34 }
        if name == "RTMAX" { return 64 }
        if name.hasPrefix("RTMIN+"), let more = Int32(name.dropFirst(6)), (0...30).contains(more) {
            return 34 + more
        }
        if name.hasPrefix("RTMAX-"), let less = Int32(name.dropFirst(6)), (0...30).contains(less) {
            return 64 - less
        }
        return nil
    }

    /// Lets every signal through again, as a program expects it at its start.
    static func unblock() {
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
    }

    /// Holds signals back until they are waited for.
    static func block() {
        var all = sigset_t()
        sigfillset(&all)
        sigprocmask(SIG_SETMASK, &all, nil)
    }

    /// Waits for the end of a process, reaps whatever else ends meanwhile, and hands signals on to
    /// it. Signals are held back.
    ///
    /// - Returns: The exit code as people know it.
    static func wait(for process: Int32, handle: OpenFile) throws(RuntimeFailure) -> Int32 {
        var all = sigset_t()
        sigfillset(&all)
        while true {
            if let status = reap(process) { return ExitCode.of(waitStatus: status) }
            var signal: Int32 = 0
            guard sigwait(&all, &signal) == 0 else { continue }
            let isOurs = signal == SIGCHLD || signal == SIGTTIN || signal == SIGTTOU
            if !isOurs { _ = atoll_pidfd_signal(handle.number, signal) }
        }
    }

    /// Takes the remains of every process that has ended; the status of this one, if it has.
    static func reap(_ process: Int32) -> Int32? {
        while true {
            var status: Int32 = 0
            let ended = waitpid(-1, &status, WNOHANG)
            if ended == process { return status }
            if ended <= 0 { return nil }
        }
    }
}
