// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Threads of the system's own.
enum SystemThread {
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// The most bytes of a thread's name the kernel keeps.
    private static let nameBytesMax = 15

    /// Starts a thread that ends when `body` returns.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let started = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                // Balances the retain above; each box is handed to exactly one thread.
                let body = Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue()
                SystemThread.blockWriteSignals()
                SystemThread.setName(body.name)
                body.run()
                return nil
            }, box.toOpaque())
        precondition(started == 0, "the system gives no thread for \(name)")
        pthread_detach(thread)
    }

    /// Turns the signals for a closed pipe and for a file over its limit into error codes.
    ///
    /// Both are sent to the thread that writes, so blocking them here changes no other code.
    static func blockWriteSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static func setName(_ name: String) {
        let bytes = Array(name.utf8.prefix(nameBytesMax)).map { CChar(bitPattern: $0) } + [0]
        _ = atoll_name_thread(bytes)
    }
}
