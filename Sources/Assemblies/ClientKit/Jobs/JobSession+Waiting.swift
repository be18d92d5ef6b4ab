// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

extension JobSession {
    /// How often the job itself is looked at beside the stream of events, which may be broken.
    static let pollMilliseconds: UInt64 = 2_000
    /// The most signals that wait for the one who reads them; a job has fewer than 200 events.
    static let signalsMax = 1_024

    /// Waits until a job has ended: told by its events, and by looking when none come.
    ///
    /// - Parameters:
    ///   - job: Which.
    ///   - place: The `height.index` in the stream of events after which to begin; nothing begins
    ///     now.
    ///   - milliseconds: How long to wait.
    ///   - tell: Is told each step.
    /// - Throws: ``ClientFailure``; ``ClientFailure/timedOut(_:)`` leaves the order as it is.
    public func wait(
        for job: JobID, after place: String? = nil, milliseconds: UInt64,
        tell: @escaping Listener = { _ in }
    ) async throws(ClientFailure) -> JobView {
        try await JobFollower(client: client).wait(
            for: job, after: place, milliseconds: milliseconds, tell: tell)
    }
}

/// Follows a job to its end; needs no key.
public struct JobFollower: Sendable {
    private let client: GatewayClient

    private enum Signal: Sendable {
        case event(CloudEvent)
        case look
    }

    /// Follows through a gateway.
    public init(client: GatewayClient) { self.client = client }

    /// Waits until a job has ended, as ``JobSession/wait(for:after:milliseconds:tell:)``.
    public func wait(
        for job: JobID, after place: String? = nil, milliseconds: UInt64,
        tell: @escaping JobSession.Listener = { _ in }
    ) async throws(ClientFailure) -> JobView {
        let stream = try client.events(job: job, after: place, reconnectsMax: 1_000)
        let (signals, source) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingNewest(JobSession.signalsMax))
        let tasks = client.effects.tasks
        let reading = tasks.spawn("job events") {
            do throws(ClientFailure) {
                for try await event in stream { source.yield(.event(event)) }
            } catch {
                // A broken stream is no failure: the job is looked at all the same.
                source.yield(.look)
            }
        }
        let time = client.effects.time
        let looking = tasks.spawn("job looks") {
            while !Task.isCancelled {
                // Events have the first word, so that steps are told in their order.
                await time.sleep(milliseconds: JobSession.pollMilliseconds)
                source.yield(.look)
            }
        }
        defer {
            reading.cancel()
            looking.cancel()
            source.finish()
        }
        return try await consume(signals, of: job, milliseconds: milliseconds, tell: tell)
    }

    private func consume(
        _ signals: AsyncStream<Signal>, of job: JobID, milliseconds: UInt64,
        tell: JobSession.Listener
    ) async throws(ClientFailure) -> JobView {
        let begin = client.effects.time.now()
        var ended = false
        var failure = ClientFailure.timedOut("nothing was heard of job \(job)")
        for await signal in signals {
            if case .event(let event) = signal, let step = try? JobProgress(event) {
                tell(step)
                if case .ended = step { ended = true }
            }
            if ended || Self.calls(for: signal) {
                do throws(ClientFailure) {
                    let view = try await client.job(job)
                    if view.isEnded { return finished(view, ended, tell) }
                    failure = Self.late(job, view.state)
                } catch {
                    guard Self.isPassing(error) else { throw error }
                    failure = error
                }
            }
            if client.effects.time.now().milliseconds(since: begin) >= milliseconds {
                throw failure
            }
        }
        throw failure
    }

    private static func calls(for signal: Signal) -> Bool {
        switch signal {
        case .look: true
        case .event(let event): event.isGap
        }
    }

    private func finished(
        _ view: JobView, _ wasTold: Bool, _ tell: JobSession.Listener
    ) -> JobView {
        if !wasTold, let settlement = view.settlement {
            tell(.ended(settlement.kind, cost: settlement.cost))
        }
        return view
    }

    private static func late(_ job: JobID, _ state: String) -> ClientFailure {
        .timedOut("job \(job) is still \(state); its order stands until its deadline")
    }

    /// Whether looking again may help: the gateway may be restarting.
    private static func isPassing(_ failure: ClientFailure) -> Bool {
        switch failure {
        case .unreachable, .timedOut: true
        case .problem(let report): report.status >= 500
        case .badAnswer, .wrongChain, .twoHistories, .invalid, .unreadable, .refused: false
        }
    }
}
