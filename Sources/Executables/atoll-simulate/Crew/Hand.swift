// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One process at work: this program again, with a few seeds of one scenario.
struct Hand {
    /// Which seeds of which file.
    struct Errand {
        let file: String
        let from: UInt64
        let seeds: UInt64
    }

    let errand: Errand
    let pid: pid_t
    let output: Int32
    var text: [UInt8] = []

    /// Sends a process on an errand; nothing when the machine has none to give.
    init?(_ errand: Errand, _ arguments: Arguments) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        // Closed in children, who would otherwise keep each other's pipes open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var words = [
            "atoll-simulate", errand.file, "--from", "\(errand.from)", "--seeds",
            "\(errand.seeds)", "--shrink", "\(arguments.shrinkSeconds)",
        ]
        if arguments.showsDigest { words.append("--digest") }
        var list = words.map { strdup($0) } + [nil]
        defer { for word in list { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, "/proc/self/exe", &actions, nil, &list, environ)
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            return nil
        }
        self.errand = errand
        self.pid = pid
        output = ends[0]
    }

    /// Takes what it has said; false once it has said all.
    mutating func listen() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(output, &buffer, buffer.count)
        if count < 0 { return errno == EINTR }
        text += buffer.prefix(count)
        return count > 0
    }

    /// Waits for its end: how it exited, or minus the signal that ended it.
    func finish() -> Int32 {
        close(output)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : -signal
    }
}
