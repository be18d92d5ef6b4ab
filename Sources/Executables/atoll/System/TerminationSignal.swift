// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Turns SIGTERM and SIGINT into an ordinary task, so that a node can finish its writes.
enum TerminationSignal {
    /// Keeps the signals from ending the program at once; before any thread is started.
    static func hold() {
        var set = signals()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for the first signal on a thread of its own, then calls `body` once.
    ///
    /// A second signal ends the program at once.
    static func whenAsked(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Handler(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let handler = Unmanaged<Handler>.fromOpaque(argument).takeRetainedValue()
                var set = TerminationSignal.signals()
                var number: Int32 = 0
                sigwait(&set, &number)
                handler.body()
                sigwait(&set, &number)
                _exit(128 + number)
            }, box.toOpaque())
        if result != 0 { box.release() }
    }

    private final class Handler: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static func signals() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}
