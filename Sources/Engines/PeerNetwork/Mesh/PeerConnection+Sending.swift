// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension PeerConnection.State {
    /// Queues a frame when its class has room and nobody waits before it.
    mutating func tryAppend(_ frame: Frame) -> Bool {
        guard waiters[Int(frame.priority.rawValue)].isEmpty,
            queue.hasRoom(for: frame.bytes.count, in: frame.priority)
        else { return false }
        queue.append(frame)
        return true
    }

    /// Queues the frames of waiters that have room now; their tasks are to be resumed.
    mutating func grantRoom() -> [PeerConnection.RoomContinuation] {
        var granted: [PeerConnection.RoomContinuation] = []
        for slot in waiters.indices {
            while let waiter = waiters[slot].first,
                queue.hasRoom(for: waiter.frame.bytes.count, in: waiter.frame.priority)
            {
                queue.append(waiter.frame)
                granted.append(waiter.continuation)
                _ = waiters[slot].popFirst()
            }
        }
        return granted
    }
}

extension PeerConnection {
    /// Queues a frame or counts a drop.
    func trySend(_ frame: Frame) -> Bool {
        let (isQueued, isFirst) = state.withLock { state -> (Bool, Bool) in
            guard state.reason == nil else { return (false, false) }
            let isFirst = state.queue.isEmpty(frame.priority)
            guard state.tryAppend(frame) else {
                state.traffic.drops[frame.priority] += 1
                return (false, false)
            }
            return (true, isFirst)
        }
        // Whoever takes what waits already takes this too.
        if isFirst { stream.kick() }
        return isQueued
    }

    /// Queues a frame, after those that already wait for room in its class.
    func send(_ frame: Frame) async throws(SendFailure) {
        let id = state.withLock { $0.takeID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queueOrWait(Waiter(id: id, frame: frame, continuation: continuation))
            }
        } onCancel: {
            cancelWaiter(id, in: frame.priority)
        }
        stream.kick()
        try result.get()
    }

    private func queueOrWait(_ waiter: Waiter) {
        let isCancelled = Task.isCancelled
        let result = state.withLock { state -> Result<Void, SendFailure>? in
            if isCancelled { return .failure(.cancelled) }
            if state.reason != nil { return .failure(.notConnected) }
            if state.tryAppend(waiter.frame) { return .success(()) }
            state.waiters[Int(waiter.frame.priority.rawValue)].append(waiter)
            return nil
        }
        if let result { return waiter.continuation.resume(returning: result) }
        // A cancellation between the check and the queue found nobody to cancel.
        if Task.isCancelled { cancelWaiter(waiter.id, in: waiter.frame.priority) }
    }

    private func cancelWaiter(_ id: UInt64, in priority: SendPriority) {
        let slot = Int(priority.rawValue)
        let found = state.withLock { state -> [RoomContinuation] in
            var found: [RoomContinuation] = []
            state.waiters[slot].removeAll { waiter in
                guard waiter.id == id else { return false }
                found.append(waiter.continuation)
                return true
            }
            return found
        }
        for continuation in found { continuation.resume(returning: .failure(.cancelled)) }
    }
}

extension PeerConnection.State {
    /// A number no other request or waiter of this connection has.
    mutating func takeID() -> UInt64 {
        defer { nextID += 1 }
        return nextID
    }
}
