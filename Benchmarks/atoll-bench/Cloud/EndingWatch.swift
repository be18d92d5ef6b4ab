// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import HTTPServer
import JSONText
import Synchronization
import Vocabulary

/// Hears from a gateway's stream of events how jobs end and when.
final class EndingWatch: Sendable {
    /// How a job ended, as this program heard it.
    struct Ending: Sendable {
        /// Such as `market.orderSettled`.
        let name: String
        let heard: Instant
        var isSettled: Bool { name == "market.orderSettled" }
    }

    private enum Place {
        case expected
        case awaited(CheckedContinuation<Ending, Never>, since: Instant)
        case ended(Ending)
    }

    private static let names: Set<String> = [
        "market.orderSettled", "market.orderUndetermined", "market.orderExpired",
        "market.orderCancelled",
    ]

    private let places = Mutex<[JobID: Place]>([:])
    private let effects: Effects

    /// Begins to listen.
    init(gateway: HTTPAddress, client: HTTPClient, effects: Effects) throws {
        self.effects = effects
        guard let address = gateway.at("/v1/events") else { throw BenchFailure("no address") }
        let events = client.events(HTTPClientRequest(.get, address), reconnectsMax: 8)
        effects.tasks.spawn("events") { [weak self] in
            do {
                for try await event in events { self?.take(event) }
            } catch {
                StandardError.write("bench: the stream of events broke: \(error)\n")
            }
            self?.close()
        }
        effects.tasks.spawn("late endings") { [weak self] in
            while let watch = self {
                watch.sweep()
                await effects.time.sleep(milliseconds: 5_000)
            }
        }
    }

    /// Must be called before the order is sent, so that no ending is missed.
    func expect(_ job: JobID) { places.withLock { $0[job] = .expected } }

    /// Waits for the ending of an expected job.
    func ending(of job: JobID) async -> Ending {
        await withCheckedContinuation { continuation in
            let known = places.withLock { places -> Ending? in
                if case .ended(let ending) = places[job] {
                    places[job] = nil
                    return ending
                }
                places[job] = .awaited(continuation, since: effects.time.now())
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func take(_ event: ServerSentEvent) {
        guard let name = event.name, Self.names.contains(name),
            let json = try? JSON(parsing: Array(event.data.utf8)),
            let job = json["job"]?.text.flatMap({ JobID(hexadecimal: $0) })
        else { return }
        tell(job, Ending(name: name, heard: effects.time.now()))
    }

    private func tell(_ job: JobID, _ ending: Ending) {
        let waiter = places.withLock { places -> CheckedContinuation<Ending, Never>? in
            switch places[job] {
            case .expected: places[job] = .ended(ending)
            case .awaited(let waiter, _):
                places[job] = nil
                return waiter
            case .ended, nil: break
            }
            return nil
        }
        waiter?.resume(returning: ending)
    }

    /// How long anybody waits: longer than an order lives. What was refused when it was executed
    /// has no ending.
    private static let patienceMilliseconds: UInt64 = 150_000

    /// Lets go of those who have waited too long.
    private func sweep() {
        let now = effects.time.now()
        let late = places.withLock { places in
            places.filter { _, place in
                guard case .awaited(_, let since) = place else { return false }
                return now.milliseconds(since: since) > Self.patienceMilliseconds
            }.map(\.key)
        }
        for job in late { tell(job, Ending(name: "nothing was heard", heard: now)) }
    }

    /// Nobody waits for ever on a broken stream.
    private func close() {
        let jobs = places.withLock { Array($0.keys) }
        let lost = Ending(name: "the stream of events broke", heard: effects.time.now())
        for job in jobs { tell(job, lost) }
    }
}
