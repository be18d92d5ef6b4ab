// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// `init -- PROGRAM ARGUMENTS`: the first process of a container that does what first processes
/// are to do: it passes signals on to one program, takes note of all that end, and ends as that
/// program does (RUNTIME-25).
enum InitVerb {
    /// Never returns: the container ends with it.
    static func run(_ words: [String]) throws(RuntimeFailure) -> Int32 {
        let command = words.first == "--" ? Array(words.dropFirst()) : words
        guard !command.isEmpty else { throw .usage("init takes a program") }
        var all = sigset_t()
        sigfillset(&all)
        var before = sigset_t()
        sigprocmask(SIG_BLOCK, &all, &before)
        var pidfd: Int32 = -1
        let child = try asking("clone") { atoll_clone(0, &pidfd, -1) }
        if child == 0 { execute(command, &before) }
        close(pidfd)
        while true {
            var news = siginfo_t()
            let signal = sigwaitinfo(&all, &news)
            if signal == SIGCHLD {
                if let code = takeNote(of: child) { exit(code) }
            } else if signal > 0 {
                kill(child, signal)
            }
        }
    }

    private static func execute(_ command: [String], _ before: inout sigset_t) -> Never {
        sigprocmask(SIG_SETMASK, &before, nil)
        var words = command.map { strdup($0) } + [nil]
        if let name = words[0] { execvp(name, &words) }
        let code: Int32 = errno == ENOENT ? 127 : 126
        let text = "atoll-runtime: init: \(command[0]) cannot be executed\n"
        _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
        _exit(code)
    }

    /// Takes note of all processes that have ended.
    ///
    /// - Returns: The program's code, when it is among them.
    private static func takeNote(of child: pid_t) -> Int32? {
        var code: Int32?
        while true {
            var status: Int32 = 0
            let ended = waitpid(-1, &status, WNOHANG)
            guard ended > 0 else { return code }
            if ended == child { code = ExitCode.of(waitStatus: status) }
        }
    }
}
