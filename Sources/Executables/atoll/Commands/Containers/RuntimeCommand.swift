// SPDX-License-Identifier: Apache-2.0
import Glibc

/// `atoll runtime`: the OCI runtime, a program of its own that lies beside this one and starts
/// faster (docs/decisions/0017-the-container-runtime-is-a-program-of-its-own.md).
enum RuntimeCommand {
    static let command = CommandSpec(
        path: ["runtime"],
        summary: "run, enter and remove containers on this machine, as an OCI runtime",
        discussion: """
            Everything after 'runtime' goes to the program atoll-runtime: create, start, state,
            kill, delete, run, exec, ps, list, pause, resume, update, features, spec, watch.
            See docs/guides/containers.md.
            """,
        example: "atoll runtime list",
        arguments: [
            ArgumentSpec(
                name: "words", help: "a command of the runtime, and what it takes",
                isRequired: false, repeats: true)
        ],
        run: { invocation, _ in try become(invocation.arguments) })

    /// Becomes the runtime when the words ask for it: its options are its own affair.
    ///
    /// - Returns: Only when they ask for something else, or for help.
    static func takeOver(_ words: [String]) throws {
        guard words.first == "runtime", let second = words.dropFirst().first,
            second != "--help", second != "-h"
        else { return }
        _ = try become(Array(words.dropFirst()))
    }

    private static func become(_ words: [String]) throws -> Int32 {
        let program = Surroundings.executable
        let folder = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        let path = "\(folder)/atoll-runtime"
        var pointers = ([path] + words).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        // The container must not begin with the signals held back that this program waits for.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        execv(path, &pointers)
        throw CommandFailure(
            status: .notFound, what: "\(path) cannot be run: \(String(cString: strerror(errno)))",
            next: "swift build -c release --product atoll-runtime")
    }
}
