// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import PeerNetwork
import Synchronization
import SystemEffects
import Vocabulary

/// Ordering validators of this program: a loop, threads and logs each, connected over loopback.
struct OrderingCommittee: Sendable {
    fileprivate struct Place {
        let host: OrderingHost
        let effects: Effects
        let loop: EventLoop
        let folder: String
    }

    /// What was ordered while it was counted.
    struct Finding: Sendable {
        /// Transactions a second, as the slowest validator executed them.
        let rate: Double
        let blocksPerSecond: Double
        let waits: LoadSample
        let threads: ThreadShares.Reading
        /// Bytes one validator wrote meanwhile for one transaction.
        let diskBytes: Double
        let transactions: Int
    }

    private let places: [Place]
    private let bench: Bench

    /// Measures so many validators at full load.
    static func measure(_ bench: Bench, validators: Int, seconds: Int) async throws -> Finding {
        let committee = try await OrderingCommittee(bench, validators: validators)
        do {
            let finding = try await committee.measure(seconds: seconds)
            await committee.stop()
            return finding
        } catch {
            await committee.stop()
            throw error
        }
    }

    private init(_ bench: Bench, validators count: Int) async throws {
        self.bench = bench
        let keys = try (0..<count).map { number in
            guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
                throw BenchFailure("no key")
            }
            return key
        }
        let ports = try await PeerServer.freePorts(count, bench.effects)
        let peers = zip(keys, ports).map {
            PeerAddress(
                publicKey: $0.publicKey, endpoint: Endpoint(host: "127.0.0.1", port: $1))
        }
        let set = try ValidatorSet(keys.map { Validator(key: $0.publicKey, stake: 1) })
        let chain = ChainID(SHA256.hash(Array("ledger.t1".utf8)).raw)
        var places: [Place] = []
        for number in 0..<count {
            let seat = OrderingSeat(
                number: number, key: keys[number], chain: chain, validators: set,
                listen: peers[number].endpoint, peers: peers)
            places.append(
                try await Self.start(seat, folder: "\(bench.folder)/ordering-\(number + 1)"))
        }
        self.places = places
    }

    private static func start(_ seat: OrderingSeat, folder: String) async throws -> Place {
        let loop = EventLoop.start(name: "order-\(seat.number + 1)")
        let effects = try SystemWorld.make(root: folder, loop: loop)
        let started = Mutex<Result<OrderingHost, any Error>?>(nil)
        await effects.tasks.spawn("start") {
            do {
                let host = try await OrderingHost.start(seat, effects: effects)
                started.withLock { $0 = .success(host) }
            } catch {
                started.withLock { $0 = .failure(error) }
            }
        }.finished()
        guard let outcome = started.withLock({ $0 }) else { throw BenchFailure("no validator") }
        return Place(host: try outcome.get(), effects: effects, loop: loop, folder: folder)
    }

    private func measure(seconds: Int) async throws -> Finding {
        for _ in 0..<200 where await places[0].height.value < 3 {
            await bench.effects.time.sleep(milliseconds: 50)
        }
        for place in places { await place.run { await $0.load(true) } }
        await bench.effects.time.sleep(milliseconds: 2_000)
        let before = places[0].diskBytes
        for place in places { _ = await place.count() }
        let shares = ThreadShares()
        await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
        let threads = shares.read()
        var counts: [OrderingHost.Count] = []
        for place in places { counts.append(await place.count()) }
        let written = places[0].diskBytes - before
        for place in places { await place.run { await $0.load(false) } }
        let slowest = counts.map(\.transactions).min() ?? 0
        guard slowest > 0 else { throw BenchFailure("nothing was ordered") }
        return Finding(
            rate: Double(slowest) / threads.wall,
            blocksPerSecond: Double(counts[0].blocks) / threads.wall,
            waits: LoadSample(taken: counts.flatMap(\.waits), failures: 0), threads: threads,
            diskBytes: Double(written) / Double(max(counts[0].transactions, 1)),
            transactions: Int(slowest))
    }

    private func stop() async {
        for place in places {
            await place.run { await $0.stop() }
            place.loop.stop()
            SystemFile.remove(place.folder)
        }
    }
}

extension OrderingCommittee.Place {
    /// Runs `body` on the validator's own loop.
    fileprivate func run(_ body: @escaping @Sendable (OrderingHost) async -> Void) async {
        await effects.tasks.spawn("ask") { [host] in await body(host) }.finished()
    }

    fileprivate func count() async -> OrderingHost.Count {
        let found = Mutex(OrderingHost.Count())
        await effects.tasks.spawn("count") { [host] in
            let count = await host.takeCount()
            found.withLock { $0 = count }
        }.finished()
        return found.withLock { $0 }
    }

    fileprivate var height: BlockHeight {
        get async {
            let found = Mutex(BlockHeight(0))
            await effects.tasks.spawn("height") { [host] in
                let height = await host.height
                found.withLock { $0 = height }
            }.finished()
            return found.withLock { $0 }
        }
    }

    fileprivate var diskBytes: Int { SystemFile.blocks(below: folder) }
}
