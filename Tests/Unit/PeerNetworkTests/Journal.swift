// SPDX-License-Identifier: Apache-2.0
import PeerNetwork
import Synchronization
import Vocabulary

/// What a mesh has told its handlers, and a way to wait for more of it without polling.
final class Journal: Sendable {
    struct Pages: Sendable {
        var messages: [InboundMessage] = []
        var batches = 0
        var requests: [InboundRequest] = []
        var events: [PeerEvent] = []

        /// Who is connected, going by the events alone.
        var connected: [PublicKey] {
            var keys: [PublicKey] = []
            for event in events {
                switch event {
                case .connected(let info): keys.append(info.publicKey)
                case .disconnected(let info, _): keys.removeAll { $0 == info.publicKey }
                case .refused: break
                }
            }
            return keys.sorted()
        }

        var disconnections: [DisconnectReason] {
            events.compactMap { event in
                guard case .disconnected(_, let reason) = event else { return nil }
                return reason
            }
        }

        var refusals: [DisconnectReason] {
            events.compactMap { event in
                guard case .refused(_, let reason) = event else { return nil }
                return reason
            }
        }
    }

    private struct Waiter: Sendable {
        var condition: @Sendable (Pages) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var pages = Pages()
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    var pages: Pages { state.withLock { $0.pages } }

    func write(_ change: (inout Pages) -> Void) {
        let ready = state.withLock { state -> [Waiter] in
            change(&state.pages)
            let pages = state.pages
            let ready = state.waiters.filter { $0.condition(pages) }
            state.waiters.removeAll { $0.condition(pages) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func wait(until condition: @escaping @Sendable (Pages) -> Bool) async {
        await withCheckedContinuation { continuation in
            let holds = state.withLock { state -> Bool in
                if condition(state.pages) { return true }
                state.waiters.append(Waiter(condition: condition, continuation: continuation))
                return false
            }
            if holds { continuation.resume() }
        }
    }
}

/// A door that a test opens, and that handlers wait before.
final class Door: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state -> Bool in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
