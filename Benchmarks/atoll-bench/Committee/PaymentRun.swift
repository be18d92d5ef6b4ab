// SPDX-License-Identifier: Apache-2.0
import Accounts
import Effects
import Ledger
import Synchronization
import Vocabulary

/// Payments at a committee: states built by them, rates and waits measured with them.
struct PaymentRun: Sendable {
    let committee: Committee
    /// Transfers in each transaction.
    let parts: Int
    /// Clients of each node; each has a key of its own.
    let clients: Int
    /// Transactions each client has under way.
    let inFlight: Int
    /// How long it is counted, at most.
    let seconds: Int
    /// Transactions a second that are signed ahead, to be sure above what is executed.
    let aheadPerSecond: Int

    /// What came of it.
    struct Result: Sendable {
        /// Transactions executed a second, each counted at the node it was sent to.
        let rate: Double
        let sample: LoadSample
        /// What the threads did meanwhile.
        let threads: ThreadShares.Reading

        /// Waits and costs, for a note.
        func text(transfers parts: Int) -> String {
            "to execution: \(sample.text); "
                + "\(threads.microseconds(per: sample.taken.count * parts)) us of processor time a "
                + "transfer; percent of a core by thread: \(threads.text)"
        }
    }

    private static let warmUpMilliseconds: UInt64 = 2_000

    private var bench: Bench { committee.bench }
    private var seats: Int { committee.hosts.count }

    /// Sends payments between the accounts of `book` as fast as the committee executes them.
    func measure(_ book: PaymentBook) async throws -> Result {
        let all = clients * seats
        let each = (seconds + 3) * aheadPerSecond / all + inFlight
        bench.say("signing \(each * all) transactions")
        try await book.sign(
            each, clients: 0..<all, parts: parts, height: try await committee.height(), bench)
        let tally = LoadTally()
        let loads = committee.hosts.enumerated().map { seat, host in
            PaymentLoad(
                host, clients: (seat * clients)..<((seat + 1) * clients), inFlight: inFlight,
                tally: tally, next: { book.next($0) })
        }
        let tasks = loads.map { $0.start() }
        await bench.effects.time.sleep(milliseconds: Self.warmUpMilliseconds)
        let (watch, shares) = (Stopwatch(), ThreadShares())
        tally.begin()
        while watch.wall < Double(seconds), !loads.contains(where: \.isExhausted) {
            await bench.effects.time.sleep(milliseconds: 50)
        }
        let threads = shares.read()
        let sample = tally.end()
        for task in tasks { await task.finished() }
        book.forgetSigned()
        guard !sample.taken.isEmpty else { throw BenchFailure("nothing was executed") }
        return Result(
            rate: Double(sample.taken.count) / threads.wall, sample: sample, threads: threads)
    }

    /// One payment after another at the first node, on an idle chain: from handing it in to its
    /// execution there.
    func light(_ book: PaymentBook, count: Int) async throws -> LoadSample {
        let height = try await committee.height()
        let tally = LoadTally()
        tally.begin()
        let left = Mutex(count)
        let load = PaymentLoad(
            committee.hosts[0], clients: 0..<1, inFlight: 1, tally: tally,
            next: { client in
                let isOver = left.withLock { left in
                    left -= 1
                    return left < 0
                }
                guard !isOver else { return nil }
                return book.transaction(
                    of: client, to: [PaymentBook.stranger(0)], height: height)
            })
        await load.start().finished()
        return tally.end()
    }

    /// Pays so many strangers that have nothing yet, so that the state grows by their accounts.
    func fill(_ book: PaymentBook, strangers: Range<Int>) async throws {
        let height = try await committee.height()
        let tally = LoadTally()
        let next = Mutex(strangers.lowerBound)
        let load = PaymentLoad(
            committee.hosts[0], clients: 0..<Self.fillers, inFlight: 2, tally: tally,
            next: { client in
                let range = next.withLock { next in
                    let start = next
                    next = min(start + Transfer.partsMax, strangers.upperBound)
                    return start..<next
                }
                guard !range.isEmpty else { return nil }
                return book.transaction(
                    of: client, to: range.map(PaymentBook.stranger), height: height)
            })
        let watch = Stopwatch()
        tally.begin()
        await load.start().finished()
        let failures = tally.end().failures
        guard failures == 0 else { throw BenchFailure("\(failures) payments failed") }
        bench.say("\(strangers.count) accounts made in \(NumberText.of(watch.wall)) s")
    }

    /// Clients that fill the state: two blocks' worth of the largest transactions under way.
    private static let fillers = 16
}
