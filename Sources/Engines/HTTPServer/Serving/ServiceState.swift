// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// What all connections of a service share.
final class ServiceState: Sendable {
    private struct Connections {
        var nextID: UInt64 = 0
        var watches: [UInt64: ConnectionWatch] = [:]
        var perAddress: [String: Int] = [:]
        var isSweeping = false
        var isDraining = false
        /// Whether a stop waits no longer.
        var isGraceOver = false
        var drained: [CheckedContinuation<Void, Never>] = []

        /// The connections from the oldest, so that a seeded world repeats itself.
        var inOrder: [ConnectionWatch] {
            watches.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    let effects: Effects
    let configuration: HTTPConfiguration
    let router: Router
    private let connections = Mutex(Connections())
    private let counters = Mutex(HTTPCounters())
    private let date = Mutex((second: UInt64.max, text: ""))
    /// Tells the names of this service from those of the one before it.
    private let namesStart: String
    private let names = Mutex<UInt64>(0)

    init(effects: Effects, configuration: HTTPConfiguration, router: Router) {
        self.effects = effects
        self.configuration = configuration
        self.router = router
        namesStart = effects.chance.bytes(6).map { String($0, radix: 36) }.joined()
    }

    // MARK: - Counting

    /// Changes the counters.
    func count(_ change: (inout HTTPCounters) -> Void) { counters.withLock { change(&$0) } }

    /// The counters now.
    var snapshot: HTTPCounters { counters.withLock { $0 } }

    /// The value of the `Date` field, made once a second.
    var dateText: String {
        let second = effects.time.wallClock().value / 1_000
        return date.withLock { date in
            if date.second != second { date = (second, DateField.text(unixSeconds: second)) }
            return date.text
        }
    }

    // MARK: - Names of requests

    /// The name of a request: the one its client gave, or a new one.
    func requestID(for head: HTTPRequestHead) -> String {
        if let given = RequestName.given(in: head) { return given }
        let number = names.withLock { names in
            names += 1
            return names
        }
        return "\(namesStart)-\(String(number, radix: 36))"
    }

    // MARK: - Connections

    /// Takes a connection in; nothing when there are too many (HTTP-41).
    func admit(_ stream: any ByteStream) -> (id: UInt64, watch: ConnectionWatch)? {
        let watch = ConnectionWatch(stream)
        let host = stream.remote.host
        let (id, mustSweep) = connections.withLock { state -> (UInt64?, Bool) in
            guard !state.isDraining, state.watches.count < configuration.connectionsMax,
                state.perAddress[host, default: 0] < configuration.connectionsPerAddressMax
            else { return (nil, false) }
            state.nextID += 1
            state.watches[state.nextID] = watch
            state.perAddress[host, default: 0] += 1
            defer { state.isSweeping = true }
            return (state.nextID, !state.isSweeping)
        }
        count { counters in
            if id == nil {
                counters.connectionsRefused += 1
            } else {
                counters.connectionsAccepted += 1
                counters.connections += 1
            }
        }
        if mustSweep { effects.tasks.spawn("http sweep") { await self.sweepWhileConnected() } }
        return id.map { ($0, watch) }
    }

    /// Lets a connection go that has ended.
    func release(_ id: UInt64) {
        let waiters = connections.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard let watch = state.watches.removeValue(forKey: id) else { return [] }
            let host = watch.stream.remote.host
            let left = state.perAddress[host, default: 1] - 1
            state.perAddress[host] = left > 0 ? left : nil
            guard state.watches.isEmpty else { return [] }
            defer { state.drained = [] }
            return state.drained
        }
        count { $0.connections -= 1 }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends connections that waited too long, once a second while there are any.
    private func sweepWhileConnected() async {
        while true {
            await effects.time.sleep(milliseconds: HTTPConfiguration.sweepMilliseconds)
            let watches = connections.withLock { state in
                if state.watches.isEmpty { state.isSweeping = false }
                return state.inOrder
            }
            guard !watches.isEmpty else { return }
            let now = effects.time.now()
            let late = watches.count {
                $0.sweep(now: now, commentMilliseconds: configuration.eventCommentMilliseconds)
            }
            if late > 0 { count { $0.connectionsTimedOut += UInt64(late) } }
        }
    }

    // MARK: - Stopping

    /// Whether a stop has begun.
    var isDraining: Bool { connections.withLock(\.isDraining) }

    /// Begins a stop: idle connections end now, others after their response.
    func drain() {
        let watches = connections.withLock { state in
            state.isDraining = true
            return state.inOrder
        }
        for watch in watches { watch.drain() }
    }

    /// Ends every connection.
    func cutAll() {
        let watches = connections.withLock(\.inOrder)
        for watch in watches { watch.cut() }
    }

    /// Waits until no connection is left, or ``wakeDrainWaiters()``.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isOver = connections.withLock { state in
                let isOver = state.watches.isEmpty || state.isGraceOver
                if !isOver { state.drained.append(continuation) }
                return isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Ends the wait of ``drained()`` although connections are left.
    func wakeDrainWaiters() {
        let waiters = connections.withLock { state in
            state.isGraceOver = true
            defer { state.drained = [] }
            return state.drained
        }
        for waiter in waiters { waiter.resume() }
    }
}
