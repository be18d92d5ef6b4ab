// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// One call of posix_spawn(3).
struct SpawnCall {
    private let request: ProcessRequest
    private static let logFileMode: mode_t = 0o600

    init(_ request: ProcessRequest) { self.request = request }

    /// Starts the process: standard input reads nothing, output goes to the log file or nowhere,
    /// every other descriptor is closed, no signal is blocked or ignored (EFFECTS-20).
    func run() throws(ProcessFailure) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        try check(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try check(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        try plan(&actions)
        try plan(&attributes)
        let variables = request.environment.sorted { $0.key < $1.key }.map {
            "\($0.key)=\($0.value)"
        }
        var pid: pid_t = 0
        let result = Self.withStrings([request.executable] + request.arguments) { arguments in
            Self.withStrings(variables) { environment in
                posix_spawn(
                    &pid, request.executable, &actions, &attributes, arguments, environment)
            }
        }
        try check(result)
        return pid
    }

    private func plan(_ actions: inout posix_spawn_file_actions_t) throws(ProcessFailure) {
        let output = request.logFile ?? "/dev/null"
        let flags = O_WRONLY | O_APPEND | (request.logFile == nil ? 0 : O_CREAT)
        try check(
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
        try check(
            posix_spawn_file_actions_addopen(
                &actions, STDOUT_FILENO, output, flags, Self.logFileMode))
        try check(posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO))
        try check(atoll_spawn_close_from(&actions, STDERR_FILENO + 1))
    }

    private func plan(_ attributes: inout posix_spawnattr_t) throws(ProcessFailure) {
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        try check(posix_spawnattr_setsigmask(&attributes, &none))
        try check(posix_spawnattr_setsigdefault(&attributes, &all))
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        if request.detached { flags |= atoll_spawn_setsid() }
        try check(posix_spawnattr_setflags(&attributes, flags))
    }

    private func check(_ result: Int32) throws(ProcessFailure) {
        guard result == 0 else {
            throw .refused(executable: request.executable, message: SystemMessage.of(result))
        }
    }

    /// Lends strings as the null-terminated array of pointers that exec(3) wants.
    private static func withStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
