// SPDX-License-Identifier: Apache-2.0
public import Effects
public import LibP2P
public import ServiceDiscovery
import Synchronization
public import Vocabulary

/// The negotiations of a network, as one node hears and speaks them (DISCOVERY-15).
///
/// All methods may be called from any task.
public final class TaskExchange: Sendable {
    /// How often own messages are repeated, in milliseconds.
    static let repeatMilliseconds: UInt64 = 2_000
    /// How long a known message is not passed on again.
    static let forwardMilliseconds: UInt64 = 1_000
    /// The most messages that wait for their manifest: 256 of at most 6.2 KiB are 1.6 MiB.
    static let earlyMax = 256
    /// How long they wait.
    static let earlyMilliseconds: UInt64 = 10_000
    /// The most contradictions kept to be shown.
    static let contradictionsMax = 64
    /// The most messages of this node that are repeated.
    static let ownMax = 1_024

    private struct Early {
        let message: CheckedTaskMessage
        let until: Timestamp
    }

    private struct Own {
        let bytes: [UInt8]
        let topic: String
        let until: Timestamp
    }

    private struct State {
        var desk: NegotiationDesk
        var early: [Early] = []
        var own: [Digest: Own] = [:]
        var forwards = ForwardMemory(pauseMilliseconds: TaskExchange.forwardMilliseconds)
        var counters = ServiceCounters()
        var contradictions: [TaskContradiction] = []
        var version: UInt64 = 1
        var waiters: [UInt64: OneShot] = [:]
        var nextWaiter: UInt64 = 0
        var isStopped = false
    }

    private let gossip: GossipService
    private let effects: Effects
    private let topics: ServiceTopics
    private let state: Mutex<State>

    /// Prepares an exchange; nothing happens before ``start(hearing:)``.
    public init(
        gossip: GossipService, effects: Effects, chain: ChainID,
        limits: NegotiationDesk.Limits = NegotiationDesk.Limits()
    ) {
        self.gossip = gossip
        self.effects = effects
        topics = ServiceTopics(chain: chain)
        state = Mutex(State(desk: NegotiationDesk(chain: chain, limits)))
    }

    private var now: Timestamp { effects.time.wallClock() }

    /// Hears tasks of some kinds from now on.
    public func start(hearing kinds: [Capability]) {
        for kind in kinds {
            gossip.subscribe(
                to: topics.tasks(of: kind),
                validator: { [weak self] message, _ in self?.judge(message.data) ?? .ignore }
            ) { _ in }
        }
        effects.tasks.spawn("task repeats") { [weak self, effects] in
            while let self, !Task.isCancelled, !self.state.withLock({ $0.isStopped }) {
                self.repeatOwn()
                await effects.time.sleep(milliseconds: Self.repeatMilliseconds)
            }
        }
    }

    /// Takes part no longer.
    public func stop() {
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.waiters = [:] }
            return state.waiters.values.map(\.self)
        }
        for waiter in waiters { waiter.open() }
    }

    // MARK: Speaking

    /// Says something in a negotiation, and repeats it while it matters.
    ///
    /// - Throws: ``NegotiationRefusal`` when it is not signed well or changes nothing lawful here.
    public func say(_ signed: SignedTaskMessage) throws(NegotiationRefusal) {
        let checked = try signed.checked()
        let now = now
        let task = checked.message.task
        let outcome = take(checked, at: now)
        if case .failure(let refusal) = outcome { throw refusal }
        guard let negotiation = self[task] else { throw .unknownTask }
        let own = Own(
            bytes: signed.canonicalBytes, topic: topics.tasks(of: negotiation.manifest.kind),
            until: negotiation.manifest.awardBy.advanced(by: Self.repeatMilliseconds))
        state.withLock { state in
            if state.own.count < Self.ownMax { state.own[signed.digest] = own }
        }
        publish(own)
    }

    private func publish(_ own: Own) {
        let isSent = (try? gossip.publish(own.bytes, to: own.topic)) != nil
        state.withLock { state in
            if isSent {
                state.counters.published += 1
            } else {
                state.counters.unpublished += 1
            }
        }
    }

    private func repeatOwn() {
        let now = now
        let all = state.withLock { state in
            state.own = state.own.filter { $0.value.until >= now }
            state.early.removeAll { $0.until < now }
            return state.own.keys.sorted().compactMap { state.own[$0] }
        }
        for own in all { publish(own) }
    }

    // MARK: Hearing

    /// Judges what gossip brings.
    func judge(_ bytes: [UInt8]) -> GossipVerdict {
        let verdict = judgeUncounted(bytes)
        state.withLock { state in
            switch verdict {
            case .accept: state.counters.accepted += 1
            case .ignore: state.counters.ignored += 1
            case .reject: state.counters.rejected += 1
            }
        }
        return verdict
    }

    private func judgeUncounted(_ bytes: [UInt8]) -> GossipVerdict {
        guard let signed = try? SignedTaskMessage(received: bytes),
            let checked = try? signed.checked()
        else { return .reject }
        let now = now
        switch take(checked, at: now) {
        case .success(.unchanged):
            return state.withLock { $0.forwards.admits(signed.digest, at: now) }
                ? .accept : .ignore
        case .success: return .accept
        case .failure(.unknownTask):
            hold(checked, at: now)
            return .ignore
        // What is wrong by itself; all else depends on what was heard before, and when.
        case .failure(.otherChain), .failure(.badSignature), .failure(.notParty),
            .failure(.badBudget), .failure(.badTimes):
            return .reject
        case .failure: return .ignore
        }
    }

    /// Keeps a message whose manifest may be on its way.
    private func hold(_ checked: CheckedTaskMessage, at now: Timestamp) {
        state.withLock { state in
            guard state.early.count < Self.earlyMax,
                !state.early.contains(where: { $0.message == checked })
            else { return }
            state.early.append(
                Early(message: checked, until: now.advanced(by: Self.earlyMilliseconds)))
        }
    }

    private func take(
        _ checked: CheckedTaskMessage, at now: Timestamp
    ) -> Result<NegotiationChange, NegotiationRefusal> {
        let (outcome, waiters) = state.withLock { state in
            let isNew = state.desk[checked.message.task] == nil
            let outcome = Self.receive(checked, at: now, &state)
            guard case .success(let change) = outcome, isNew || change != .unchanged else {
                return (outcome, [OneShot]())
            }
            if isNew { Self.release(checked.message.task, at: now, &state) }
            state.version += 1
            defer { state.waiters = [:] }
            return (outcome, state.waiters.values.map(\.self))
        }
        for waiter in waiters { waiter.open() }
        return outcome
    }

    private static func receive(
        _ checked: CheckedTaskMessage, at now: Timestamp, _ state: inout State
    ) -> Result<NegotiationChange, NegotiationRefusal> {
        do throws(NegotiationRefusal) {
            return .success(try state.desk.receive(checked, at: now))
        } catch {
            if case .contradicts(let proof) = error {
                state.counters.contradictions += 1
                if state.contradictions.count < contradictionsMax {
                    state.contradictions.append(proof)
                }
            }
            return .failure(error)
        }
    }

    /// Takes what came before its manifest.
    private static func release(_ task: TaskID, at now: Timestamp, _ state: inout State) {
        let waiting = state.early.filter { $0.message.message.task == task }
        state.early.removeAll { $0.message.message.task == task }
        for early in waiting { _ = receive(early.message, at: now, &state) }
    }

    // MARK: For those who ask

    /// One negotiation.
    public subscript(task: TaskID) -> TaskNegotiation? { state.withLock { $0.desk[task] } }

    /// Tasks whose bids are awaited, those that end first in front.
    public func open() -> [TaskNegotiation] {
        let now = now
        return state.withLock { $0.desk.open(at: now) }
    }

    /// Rises with each change of a negotiation.
    public var version: UInt64 { state.withLock { $0.version } }

    /// Waits until something has changed since a version, or time is up.
    ///
    /// - Returns: The version then.
    public func changes(after version: UInt64, waiting milliseconds: UInt64) async -> UInt64 {
        let waiter = OneShot()
        let number = state.withLock { state -> UInt64? in
            guard state.version <= version, !state.isStopped else { return nil }
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = waiter
            return state.nextWaiter
        }
        guard let number else { return self.version }
        let alarm = effects.tasks.spawn("task wait") { [effects] in
            await effects.time.sleep(milliseconds: milliseconds)
            waiter.open()
        }
        await waiter.wait()
        alarm.cancel()
        return state.withLock { state in
            state.waiters[number] = nil
            return state.version
        }
    }

    /// Signers found to contradict themselves.
    public var contradictions: [TaskContradiction] { state.withLock { $0.contradictions } }

    /// What is counted, by metric name.
    public var counters: [(name: String, value: UInt64)] {
        let (counters, followed) = state.withLock { ($0.counters, UInt64($0.desk.count)) }
        return counters.named("tasks") + [("tasks_followed", followed)]
    }
}
