// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Runs another program to its end and takes what it prints.
enum ChildProgram {
    /// What a program printed on standard output; its standard error is ours.
    ///
    /// The calling thread waits.
    ///
    /// - Throws: ``BenchFailure`` when it cannot be started or does not end with 0.
    static func run(_ path: String, _ arguments: [String]) throws(BenchFailure) -> String {
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw BenchFailure("no pipe") }
        defer { close(pipe[0]) }
        let child: pid_t
        do {
            defer { close(pipe[1]) }
            child = try spawn(path, arguments, output: pipe[1], closing: pipe)
        }
        let output = readAll(pipe[0])
        guard end(of: child) == 0 else {
            throw BenchFailure("\(path) \(arguments.joined(separator: " ")) failed")
        }
        return output
    }

    /// Starts a program that goes on until ``stop(_:signal:)``.
    ///
    /// - Parameter log: The file that takes what it prints; without one that is ours.
    static func start(
        _ path: String, _ arguments: [String], log: String? = nil
    ) throws(BenchFailure) -> pid_t {
        guard let log else { return try spawn(path, arguments, output: 2, closing: []) }
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw BenchFailure("\(log) cannot be written") }
        defer { close(file) }
        return try spawn(path, arguments, output: file, errors: file, closing: [])
    }

    /// Ends a started program, in the end by force.
    static func stop(_ child: pid_t, signal: Int32 = SIGTERM) {
        kill(child, signal)
        var ending: Int32 = 0
        for _ in 0..<stopPatience {
            if waitpid(child, &ending, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(child, SIGKILL)
        _ = end(of: child)
    }

    /// How often an ended program is looked for, 10 ms apart, before it is killed.
    private static let stopPatience = 500

    private static func spawn(
        _ path: String, _ arguments: [String], output: Int32, errors: Int32 = 2,
        closing: [Int32]
    ) throws(BenchFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        for end in closing { posix_spawn_file_actions_addclose(&actions, end) }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, path, &actions, nil, &words, environ)
        guard status == 0 else {
            throw BenchFailure("\(path) cannot be started: \(String(cString: strerror(status)))")
        }
        return child
    }

    /// Waits for a program's end and gives its status.
    private static func end(of child: pid_t) -> Int32 {
        var ending: Int32 = 0
        while waitpid(child, &ending, 0) < 0, errno == EINTR {}
        return ending
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// The folder of this program, with its neighbours.
    static var ownFolder: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let bytes = buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
        let path = String(decoding: bytes, as: UTF8.self)
        return String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
    }
}
