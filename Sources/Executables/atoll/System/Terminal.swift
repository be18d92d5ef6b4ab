// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Results go to standard output, everything said on the way to standard error.
enum Terminal {
    /// Writes a result.
    static func result(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    /// Writes a result's bytes.
    static func result(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Says how things stand, on a line of its own.
    static func say(_ text: String) { write(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// Writes bytes to standard error as they are.
    static func errorBytes(_ bytes: [UInt8]) { write(bytes, to: STDERR_FILENO) }

    /// Whether a person may be looking at standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether a person may answer on standard input.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Reads one line without showing it; nothing when nobody can be asked.
    static func askSecretly(_ question: String) -> [UInt8]? {
        guard canAsk else { return nil }
        write(Array(question.utf8), to: STDERR_FILENO)
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            say("")
        }
        return readLine(strippingNewline: true).map { Array($0.utf8) }
    }

    /// Everything on standard input, up to a limit; nothing when there is more.
    static func standardInput(limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[0..<count])
            guard bytes.count <= limit else { return nil }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
