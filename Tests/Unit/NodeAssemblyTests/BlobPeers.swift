// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import SimulatedEffects
import Synchronization
import Testing
import Vocabulary

@testable import NodeAssembly

/// Peers that hold blobs, each with its own manners.
final class BlobPeers: BlobSource {
    enum Manner: Sendable {
        case honest
        /// Gives other bytes of the same size.
        case wrongBytes
        /// Says that the blob is huge.
        case boasting
        /// Gives a byte at a time.
        case dripping
        /// Goes away after the first range.
        case leaving
        /// Says another size with every range.
        case changing
    }

    private let manners: [Manner]
    private let blobs: [Digest: [UInt8]]
    /// How many ranges were asked for.
    let asked = Mutex(0)

    init(_ manners: [Manner], blobs: [[UInt8]]) {
        self.manners = manners
        self.blobs = Dictionary(blobs.map { (SHA256.hash($0), $0) }) { first, _ in first }
    }

    func holders() async -> [PublicKey] { manners.indices.map(Self.key) }

    private static func key(_ index: Int) -> PublicKey {
        PublicKey(Bytes32 { $0.storeBytes(of: UInt64(index + 1), as: UInt64.self) })
    }

    func range(_ request: BlobRequest, from peer: PublicKey) async -> BlobRange? {
        asked.withLock { $0 += 1 }
        guard let index = manners.indices.first(where: { Self.key($0) == peer }),
            let bytes = blobs[request.digest]
        else { return nil }
        let start = min(Int(request.offset), bytes.count)
        let part = Array(bytes[start..<min(start + Int(request.count), bytes.count)])
        let size = UInt64(bytes.count)
        switch manners[index] {
        case .honest: return BlobRange(size: size, bytes: part)
        case .wrongBytes: return BlobRange(size: size, bytes: part.map { $0 ^ 1 })
        case .boasting: return BlobRange(size: .max, bytes: part)
        case .dripping: return BlobRange(size: size, bytes: Array(part.prefix(1)))
        case .leaving: return request.offset == 0 ? BlobRange(size: size, bytes: part) : nil
        case .changing: return BlobRange(size: size + request.offset, bytes: part)
        }
    }
}

/// A blob store on a simulated disk.
struct BlobShelf {
    let world: SimulatedWorld
    let effects: Effects
    let store: BlobStore

    init(
        _ peers: BlobPeers = BlobPeers([], blobs: []), bytesMax: UInt64 = 10 << 20,
        evicts: Bool = false
    ) throws {
        world = SimulatedWorld(seed: 1)
        effects = world.makeNode("shelf")
        store = try Self.open(world, effects, peers, bytesMax, evicts)
    }

    private init(world: SimulatedWorld, effects: Effects, store: BlobStore) {
        self.world = world
        self.effects = effects
        self.store = store
    }

    /// The same disk after a crash.
    func restarted(_ peers: BlobPeers = BlobPeers([], blobs: [])) throws -> BlobShelf {
        world.crash("shelf")
        let effects = world.restart("shelf")
        let store = try Self.open(world, effects, peers, 10 << 20, false)
        return BlobShelf(world: world, effects: effects, store: store)
    }

    private static func open(
        _ world: SimulatedWorld, _ effects: Effects, _ peers: BlobPeers, _ bytesMax: UInt64,
        _ evicts: Bool
    ) throws -> BlobStore {
        let opened = world.run(on: "shelf", effects) { effects in
            try? await BlobStore(
                disk: effects.disk, folder: "blobs", bytesMax: bytesMax, evicts: evicts,
                source: peers)
        }
        return try #require(opened ?? nil)
    }

    /// Runs something in the world, and gives its value or its failure.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (BlobStore) async throws -> Value
    ) throws -> Result<Value, BlobFailure> {
        let store = store
        let outcome = world.run(on: "shelf", effects) { _ -> Result<Value, any Error> in
            do { return .success(try await body(store)) } catch { return .failure(error) }
        }
        do {
            return .success(try #require(outcome).get())
        } catch let failure as BlobFailure {
            return .failure(failure)
        }
    }

    /// The names of all files, partial ones included.
    func files() throws -> [String] {
        let names = world.run(on: "shelf", effects) { effects -> [String] in
            let partial = (try? await effects.disk.list("blobs/partial")) ?? []
            let whole = (try? await effects.disk.list("blobs")) ?? []
            return whole.filter { $0 != "partial" } + partial.map { "partial/\($0)" }
        }
        return try #require(names)
    }
}

extension Result where Failure == BlobFailure {
    /// Why it failed, or nothing.
    var failure: BlobFailure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
