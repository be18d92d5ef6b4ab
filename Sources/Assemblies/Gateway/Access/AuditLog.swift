// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import Vocabulary

/// What changed something at a gateway, in a log whose records are chained by their hashes
/// (GATEWAY-46).
actor AuditLog {
    static let path = "gateway-audit"
    /// Records wait for at most so many others to be written with them.
    static let waitingMax = 1_024
    /// The most records of one page.
    static let pageMax = 100
    /// The most bytes of one page: a hundred records of a kilobyte.
    private static let pageBytes = 1 << 20
    /// The longest path that is noted whole.
    private static let pathBytesMax = 256

    /// One change.
    struct Entry: Sendable {
        let principal: String
        let action: String
        let subject: String
        let status: UInt16
        let request: String
    }

    private let effects: Effects
    private var log: (any RecordLog)?
    private var last = Digest.zero
    private var count: UInt64 = 0
    private var waiting: [[UInt8]] = []
    private var isWriting = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private(set) var failures: UInt64 = 0

    init(effects: Effects) { self.effects = effects }

    /// Opens the log and finds the end of its chain.
    func open() async throws(DiskFailure) {
        let log = try await effects.disk.openLog(Self.path)
        count = await log.end
        if count > 0 {
            let bytes = try await log.read(from: count - 1, count: 1, bytesMax: Self.pageBytes)
            last = SHA256.hash(bytes.first ?? [])
        }
        self.log = log
    }

    /// How many records there are, and the hash of the last: it vouches for all before it.
    var head: (count: UInt64, digest: Digest) { (count, last) }

    /// Notes a change; returns once it is durable or at least handed to the disk with others.
    func note(_ entry: Entry) async {
        guard log != nil else {
            failures += 1
            return
        }
        while waiting.count >= Self.waitingMax {
            await withCheckedContinuation { waiters.append($0) }
        }
        let record: JSON = [
            "number": JSON(count), "time": JSON(effects.time.wallClock()),
            "principal": .string(entry.principal), "action": .string(entry.action),
            "subject": .string(String(entry.subject.prefix(Self.pathBytesMax))),
            "status": JSON(entry.status), "request": .string(entry.request),
            "previous": JSON(last),
        ]
        let bytes = record.bytes
        last = SHA256.hash(bytes)
        count += 1
        waiting.append(bytes)
        await write()
    }

    /// Writes what waits, all that came meanwhile in one go.
    private func write() async {
        guard !isWriting, let log else { return }
        isWriting = true
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            do {
                try await log.append(batch)
            } catch {
                failures += UInt64(batch.count)
            }
            let woken = waiters
            waiters = []
            for waiter in woken { waiter.resume() }
        }
        isWriting = false
    }

    /// Records from a number on, as they were written.
    func page(from number: UInt64, limit: Int) async throws(Problem) -> [JSON] {
        guard let log else { throw GatewayProblem.nodeFailed.problem("the log is not open") }
        let first = max(number, await log.first)
        guard first < count - UInt64(waiting.count) else { return [] }
        do {
            let records = try await log.read(
                from: first, count: min(limit, Self.pageMax), bytesMax: Self.pageBytes)
            return records.compactMap { bytes in
                (try? JSON(parsing: bytes))?.adding([("hash", JSON(SHA256.hash(bytes)))])
            }
        } catch {
            throw GatewayProblem.nodeFailed.problem("the log cannot be read: \(error)")
        }
    }

    /// Closes the log.
    func close() async {
        await write()
        let open = log
        log = nil
        await open?.close()
    }
}
