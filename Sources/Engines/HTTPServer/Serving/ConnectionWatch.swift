// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// What the sweep knows of a connection: until when it may wait, and how to end it.
final class ConnectionWatch: Sendable {
    private struct State {
        /// When the read in progress has taken too long.
        var readDeadline: Instant?
        /// When the write in progress has taken too long.
        var writeDeadline: Instant?
        /// Whether it waits for a request of which no byte has come.
        var isIdle = false
        var isCut = false
        /// When it has taken in enough of what follows its last response.
        var lingerEnd: Instant?
        var events: EventQueue?
        /// What to do when a stop begins.
        var ending: (@Sendable () -> Void)?
        var nextComment: Instant?
        var task: (any SpawnedTask)?
    }

    /// The connection's stream.
    let stream: any ByteStream
    private let state = Mutex(State())

    init(_ stream: any ByteStream) { self.stream = stream }

    /// A read begins that must end by `deadline`.
    func reads(by deadline: Instant?, isIdle: Bool = false) {
        state.withLock {
            $0.readDeadline = deadline
            $0.isIdle = isIdle
        }
    }

    /// A write begins that must end by `deadline`, or has ended.
    func writes(by deadline: Instant?) { state.withLock { $0.writeDeadline = deadline } }

    /// It has written its last response, and ends by `end` at the latest.
    func lingers(until end: Instant) { state.withLock { $0.lingerEnd = end } }

    /// Events are sent from now on.
    func sends(_ events: EventQueue) { state.withLock { $0.events = events } }

    /// Says what to do when a stop begins, for a connection that does more than answer in turn.
    func whenDrained(_ ending: @escaping @Sendable () -> Void) {
        state.withLock { $0.ending = ending }
    }

    /// Remembers the task to cancel when a stop runs out of time.
    func runs(in task: any SpawnedTask) { state.withLock { $0.task = task } }

    /// Closes the stream if a deadline has passed; true when the client was too slow.
    ///
    /// An event stream that was quiet for `commentMilliseconds` gets a comment.
    func sweep(now: Instant, commentMilliseconds: UInt64) -> Bool {
        let (isLate, isDone, quiet) = state.withLock { state in
            let isDone = state.lingerEnd.map { $0 <= now } ?? false
            let deadlines = [state.readDeadline, state.writeDeadline].compactMap(\.self)
            let isLate = !state.isCut && deadlines.contains { $0 <= now }
            if isLate { state.isCut = true }
            guard let events = state.events else { return (isLate, isDone, EventQueue?.none) }
            if let next = state.nextComment, next > now { return (isLate, isDone, nil) }
            let isFirst = state.nextComment == nil
            state.nextComment = now.later(milliseconds: commentMilliseconds)
            return (isLate, isDone, isFirst ? nil : events)
        }
        quiet?.keepOpen()
        if isLate || isDone { stream.close() }
        return isLate
    }

    /// A stop begins: ends the connection now if it waits for a request, ends its events.
    func drain() {
        let (isIdle, events, ending) = state.withLock { ($0.isIdle, $0.events, $0.ending) }
        if isIdle { stream.close() }
        events?.close()
        ending?()
    }

    /// Ends the connection whatever it does.
    func cut() {
        let task = state.withLock(\.task)
        stream.close()
        task?.cancel()
    }
}

extension Instant {
    /// This moment and so many milliseconds.
    func later(milliseconds: UInt64) -> Instant {
        let (nanoseconds, isOver) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return advanced(by: isOver ? .max : nanoseconds)
    }
}
