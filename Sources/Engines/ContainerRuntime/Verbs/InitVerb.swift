// SPDX-License-Identifier: Apache-2.0
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
        let child = try start(command, &before)
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

    /// Starts the program, with the signals that were blocked before. Not by clone3(2), which
    /// containers may not call.
    private static func start(
        _ command: [String], _ before: inout sigset_t
    ) throws(RuntimeFailure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setsigmask(&attributes, &before)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, command[0], nil, &attributes, &words, environ)
        guard failure == 0 else {
            let text = "init: \(command[0]) cannot be executed\n"
            _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
            exit(failure == ENOENT ? 127 : 126)
        }
        return child
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
