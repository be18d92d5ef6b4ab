// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc
import Synchronization

/// A child whose end the loop reports through a process descriptor (pidfd_open(2)).
///
/// The loop holds it until it has ended and is reaped, whether somebody waits or not, so none
/// stays behind as a zombie.
final class SystemChild: ChildProcess, EventSink {
    private struct State {
        var descriptor: Int32
        var token: UInt64?
        var ended: ProcessExit?
        var waiters: [UnsafeContinuation<ProcessExit, Never>] = []
    }

    let pid: Int32
    private let loop: EventLoop
    private let state: Mutex<State>

    /// Watches a process just started.
    init(pid: Int32, request: ProcessRequest, loop: EventLoop) throws(ProcessFailure) {
        self.pid = pid
        self.loop = loop
        let descriptor = atoll_pidfd_open(pid)
        state = Mutex(State(descriptor: descriptor))
        guard descriptor >= 0, let token = loop.watch(descriptor, self) else {
            let message = SystemMessage.of(errno)
            if descriptor >= 0 { close(descriptor) }
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw .refused(executable: request.executable, message: message)
        }
        state.withLock { $0.token = token }
        unwatchIfEnded()
    }

    func exit() async -> ProcessExit {
        await withUnsafeContinuation { waiter in
            let ended = state.withLock { state in
                if state.ended == nil { state.waiters.append(waiter) }
                return state.ended
            }
            if let ended { waiter.resume(returning: ended) }
        }
    }

    /// Reaps the process once it has ended.
    func becameReady(_ events: UInt32) {
        guard state.withLock({ $0.ended == nil }) else { return }
        var status: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(pid, &status, WNOHANG) } while result < 0 && errno == EINTR
        guard result != 0 else { return }
        // Somebody else in this process reaped it: that it ended is known, how is not.
        let exit = result == pid ? Self.exit(of: status) : ProcessExit.code(-1)
        let waiters = state.withLock { state in
            state.ended = exit
            defer { state.waiters = [] }
            return state.waiters
        }
        unwatchIfEnded()
        for waiter in waiters { waiter.resume(returning: exit) }
    }

    private func unwatchIfEnded() {
        let watch = state.withLock { state -> (Int32, UInt64)? in
            guard state.ended != nil, let token = state.token else { return nil }
            state.token = nil
            return (state.descriptor, token)
        }
        guard let (descriptor, token) = watch else { return }
        loop.forget(descriptor, token: token)
        close(descriptor)
    }

    /// Reads a status of waitpid(2): the low seven bits are the signal, the next byte the code.
    private static func exit(of status: Int32) -> ProcessExit {
        let signal = status & 0x7F
        return signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }
}
