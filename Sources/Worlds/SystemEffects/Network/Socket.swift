// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc
import Synchronization

/// One non-blocking socket watched by a loop, edge-triggered.
///
/// Every system call on the descriptor runs while the lock is held and the descriptor is known to
/// be open, so its number can never have become another socket's (EFFECTS-6). The calls do not
/// block, so the lock is held for a few microseconds.
final class Socket: EventSink {
    /// What a task waits for.
    enum Direction: Int {
        case reading, writing
    }

    private struct Side {
        /// An edge came since the last attempt.
        var isReady = false
        var waiter: UnsafeContinuation<Void, Never>?

        mutating func becomeReady() -> UnsafeContinuation<Void, Never>? {
            isReady = true
            defer { waiter = nil }
            return waiter
        }
    }

    private struct State {
        var descriptor: Int32
        var token: UInt64 = 0
        var reading = Side()
        var writing = Side()

        subscript(direction: Direction) -> Side {
            get { direction == .reading ? reading : writing }
            set {
                switch direction {
                case .reading: reading = newValue
                case .writing: writing = newValue
                }
            }
        }
    }

    let loop: EventLoop
    private let state: Mutex<State>

    /// Takes ownership of a descriptor and starts watching it.
    init(_ descriptor: Int32, loop: EventLoop) throws(NetworkFailure) {
        self.loop = loop
        state = Mutex(State(descriptor: descriptor))
        let token = loop.watch(descriptor, WeakSink(self))
        guard let token else {
            let failure = NetworkFailure.fromSystem()
            state.withLock { $0.descriptor = -1 }
            Glibc.close(descriptor)
            throw failure
        }
        state.withLock { $0.token = token }
    }

    deinit { close() }

    /// Runs one non-blocking call until it succeeds.
    ///
    /// - Parameter deadline: When to give up, on the monotonic clock; nil waits for ever.
    /// - Parameter call: Returns what the system call returned, with `errno` set on -1.
    /// - Returns: The call's result, or nil when the deadline passed.
    /// - Throws: ``NetworkFailure/closed``, ``NetworkFailure/cancelled``, or the system's error.
    func perform(
        _ direction: Direction, until deadline: UInt64? = nil, _ call: (Int32) -> Int
    ) async throws(NetworkFailure) -> Int? {
        while true {
            if let result = try attempt(direction, call) { return result }
            if let deadline, SystemTime.monotonicNanoseconds() >= deadline { return nil }
            await waitUntilReady(direction, until: deadline)
            if Task.isCancelled { throw .cancelled }
        }
    }

    /// Runs one non-blocking call; nil when it would block.
    func attempt(
        _ direction: Direction, _ call: (Int32) -> Int
    ) throws(NetworkFailure) -> Int? {
        try state.withLock { state throws(NetworkFailure) in
            guard state.descriptor >= 0 else { throw .closed }
            // Cleared before the call: an edge that comes after it is then kept.
            state[direction].isReady = false
            var result = call(state.descriptor)
            while result < 0 && errno == EINTR { result = call(state.descriptor) }
            guard result < 0 else { return result }
            guard errno == EAGAIN || errno == EWOULDBLOCK else { throw .fromSystem() }
            return nil
        }
    }

    /// Waits for an edge, for ``close()``, for the deadline or for cancellation.
    func waitUntilReady(_ direction: Direction, until deadline: UInt64? = nil) async {
        let timer = deadline.map { loop.schedule(at: $0) { [weak self] in self?.wake(direction) } }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.descriptor >= 0, !state[direction].isReady, !Task.isCancelled
                    else { return false }
                    precondition(
                        state[direction].waiter == nil,
                        "one reader and one writer may use a stream at a time")
                    state[direction].waiter = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            wake(direction)
        }
        if let timer { loop.cancel(timer) }
    }

    /// Forgets an edge that came before now, for a caller that then tries by itself.
    func forgetEdge(_ direction: Direction) throws(NetworkFailure) {
        try state.withLock { state throws(NetworkFailure) in
            guard state.descriptor >= 0 else { throw .closed }
            state[direction].isReady = false
        }
    }

    /// A duplicate of the descriptor for a call that may block on a disk; the caller closes it.
    func duplicate() throws(NetworkFailure) -> Int32 {
        try state.withLock { state throws(NetworkFailure) in
            guard state.descriptor >= 0 else { throw .closed }
            let copy = fcntl(state.descriptor, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { throw .fromSystem() }
            return copy
        }
    }

    /// Closes the socket; tasks that wait on it throw ``NetworkFailure/closed``. Again is fine.
    func close() {
        let waiters = state.withLock { state -> [UnsafeContinuation<Void, Never>?] in
            guard state.descriptor >= 0 else { return [] }
            loop.forget(state.descriptor, token: state.token)
            // Ends the connection even while a duplicate of the descriptor is in use.
            shutdown(state.descriptor, Int32(SHUT_RDWR))
            Glibc.close(state.descriptor)
            state.descriptor = -1
            return [state.reading.becomeReady(), state.writing.becomeReady()]
        }
        for waiter in waiters { waiter?.resume() }
    }

    func becameReady(_ events: UInt32) {
        let ended = EPOLLHUP.rawValue | EPOLLERR.rawValue
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | ended) != 0 { wake(.reading) }
        if events & (EPOLLOUT.rawValue | ended) != 0 { wake(.writing) }
    }

    private func wake(_ direction: Direction) {
        state.withLock { $0[direction].becomeReady() }?.resume()
    }
}

/// What the loop holds of a socket: a forgotten stream is freed, and closes itself, instead of
/// staying open for as long as the loop runs.
private final class WeakSink: EventSink, @unchecked Sendable {
    // Written once, before the sink is shared; reading a weak reference is safe from any thread.
    private weak var target: Socket?

    init(_ target: Socket) { self.target = target }

    func becameReady(_ events: UInt32) { target?.becameReady(events) }
}

extension NetworkFailure {
    /// The failure that `errno` tells of.
    static func fromSystem() -> NetworkFailure {
        let number = errno
        switch number {
        case ECONNRESET, EPIPE, ENOTCONN, ESHUTDOWN, ETIMEDOUT: return .closed
        default: return .system(errno: number, message: SystemMessage.of(number))
        }
    }
}
