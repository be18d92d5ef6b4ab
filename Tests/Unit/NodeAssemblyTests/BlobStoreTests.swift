// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Blobs")
struct BlobStoreTests {
    private let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

    @Test("kept bytes are found under their digest, once, also after a crash (NODE-14)")
    func keeping() throws {
        let shelf = try BlobShelf()
        let digest = SHA256.hash(large)
        let bytes = large
        #expect(try shelf.run { try await $0.keep(bytes) }.get() == digest)
        #expect(try shelf.run { try await $0.keep(bytes) }.get() == digest)
        #expect(try shelf.run { await $0.bytesHeld }.get() == UInt64(bytes.count))
        let again = try shelf.restarted()
        #expect(try again.run { await $0.bytesHeld }.get() == UInt64(bytes.count))
        #expect(try again.run { try await $0.bytes(of: digest, limit: 1 << 20) }.get() == bytes)
        #expect(try again.files() == ["\(digest)"])
    }

    @Test("a stream is visible when it is whole, and leaves nothing when it is given up")
    func streaming() throws {
        let shelf = try BlobShelf()
        let kept = try shelf.run { store in
            let given = try await store.begin(limit: 10)
            try await given.append([9, 9, 9])
            await given.discard()
            await given.discard()
            let writer = try await store.begin(limit: 10)
            try await writer.append([1, 2])
            try await writer.append([3])
            let held = await store.bytesHeld
            return (held, try await writer.finish().digest)
        }.get()
        #expect(kept.0 == 0)
        #expect(kept.1 == SHA256.hash([1, 2, 3]))
        #expect(try shelf.files() == ["\(kept.1)"])
    }

    @Test("more than was announced is refused, and so is more than there is room for (NODE-15)")
    func limits() throws {
        let shelf = try BlobShelf(bytesMax: 100)
        let over = try shelf.run { store in
            let writer = try await store.begin(limit: 3)
            do {
                try await writer.append([1, 2, 3, 4])
            } catch {
                await writer.discard()
                throw error
            }
        }
        #expect(over.failure == .tooLarge(limit: 3))
        let bytes = [UInt8](repeating: 1, count: 60)
        #expect(try shelf.run { try await $0.keep(bytes) }.failure == nil)
        let more = [UInt8](repeating: 2, count: 60)
        #expect(try shelf.run { try await $0.keep(more) }.failure == .full(limit: 100))
        let huge = [UInt8](repeating: 3, count: 101)
        #expect(try shelf.run { try await $0.keep(huge) }.failure == .tooLarge(limit: 100))
        #expect(try shelf.files() == ["\(SHA256.hash(bytes))"])
    }

    @Test("uploads under way count against the room, and give it back (NODE-15)")
    func reservation() throws {
        let shelf = try BlobShelf(bytesMax: 100)
        let outcome = try shelf.run { store in
            let first = try await store.begin(limit: 80)
            try await first.append([UInt8](repeating: 1, count: 80))
            let second = try await store.begin(limit: 80)
            do {
                try await second.append([UInt8](repeating: 2, count: 80))
            } catch {
                await second.discard()
                await first.discard()
                _ = try await store.keep([UInt8](repeating: 3, count: 90))
                throw error
            }
        }
        #expect(outcome.failure == .full(limit: 100))
        #expect(try shelf.run { await $0.bytesHeld }.get() == 90)
    }

    @Test("a cache forgets what was unused for longest (NODE-16)")
    func eviction() throws {
        let shelf = try BlobShelf(bytesMax: 100, evicts: true)
        let held = try shelf.run { store in
            let first = try await store.keep([UInt8](repeating: 1, count: 40))
            let second = try await store.keep([UInt8](repeating: 2, count: 40))
            _ = try await store.bytes(of: first, limit: 100)
            let third = try await store.keep([UInt8](repeating: 3, count: 40))
            var sizes: [UInt64?] = []
            for digest in [first, second, third] { sizes.append(await store.size(of: digest)) }
            return sizes
        }.get()
        #expect(held == [40, nil, 40])
        #expect(try shelf.files().count == 2)
    }

    @Test("a missing blob comes from a peer, range by range, and is kept (NODE-17)")
    func fetching() throws {
        let peers = BlobPeers([.honest], blobs: [large, []])
        let shelf = try BlobShelf(peers)
        let digest = SHA256.hash(large)
        #expect(try shelf.run { try await $0.bytes(of: digest, limit: 1 << 20) }.get() == large)
        #expect(peers.asked.withLock { $0 } == 3)
        #expect(try shelf.run { try await $0.fetch(digest, limit: 1 << 20) }.get() == 700_000)
        #expect(peers.asked.withLock { $0 } == 3)
        let empty = SHA256.hash([])
        #expect(try shelf.run { try await $0.bytes(of: empty, limit: 0) }.get() == [])
    }

    @Test("many who want one blob at one time cause one download (NODE-17)")
    func coalescing() throws {
        let peers = BlobPeers([.honest], blobs: [large])
        let shelf = try BlobShelf(peers)
        let digest = SHA256.hash(large)
        let sizes = try shelf.run { store in
            await withTaskGroup(of: UInt64?.self) { group in
                for _ in 0..<10 {
                    group.addTask { try? await store.fetch(digest, limit: 1 << 20) }
                }
                var sizes: [UInt64?] = []
                for await size in group { sizes.append(size) }
                return sizes
            }
        }.get()
        #expect(sizes == [UInt64?](repeating: 700_000, count: 10))
        #expect(peers.asked.withLock { $0 } == 3)
    }

    @Test("whoever allows more than the first who asked still gets the blob")
    func joinedLimits() throws {
        let peers = BlobPeers([.honest], blobs: [large])
        let shelf = try BlobShelf(peers)
        let digest = SHA256.hash(large)
        let outcomes = try shelf.run { store in
            async let small = try? store.fetch(digest, limit: 10)
            async let whole = try? store.fetch(digest, limit: 1 << 20)
            return await [small, whole]
        }.get()
        #expect(outcomes[1] == 700_000)
    }

    @Test(
        "a hostile peer leaves nothing behind and does not keep an honest one from being asked",
        arguments: [
            BlobPeers.Manner.wrongBytes, .boasting, .dripping, .leaving, .changing,
        ])
    func hostile(manner: BlobPeers.Manner) throws {
        let digest = SHA256.hash(large)
        let alone = try BlobShelf(BlobPeers([manner], blobs: [large]))
        let failure = try alone.run { try await $0.fetch(digest, limit: 1 << 20) }.failure
        switch manner {
        case .wrongBytes: #expect(failure == .wrongDigest(expected: digest))
        // What a peer says about size is no fact: the blob counts as not found, never as too large.
        default: #expect(failure == .notFound(digest))
        }
        #expect(try alone.files() == [])
        #expect(try alone.run { await $0.bytesHeld }.get() == 0)

        let both = try BlobShelf(BlobPeers([manner, .honest], blobs: [large]))
        #expect(try both.run { try await $0.bytes(of: digest, limit: 1 << 20) }.get() == large)
        #expect(try both.files() == ["\(digest)"])
    }

    @Test("a held blob that is larger than allowed is too large: that is a fact")
    func tooLarge() throws {
        let shelf = try BlobShelf()
        let outcome = try shelf.run { store in
            let digest = try await store.keep([1, 2, 3])
            return try await store.bytes(of: digest, limit: 2)
        }
        #expect(outcome.failure == .tooLarge(limit: 2))
    }

    @Test("a file that went away is fetched again")
    func vanished() throws {
        let peers = BlobPeers([.honest], blobs: [large])
        let shelf = try BlobShelf(peers)
        let digest = SHA256.hash(large)
        _ = try shelf.run { try await $0.fetch(digest, limit: 1 << 20) }
        let effects = shelf.effects
        _ = try shelf.run { _ in try? await effects.disk.remove("blobs/\(digest)") }
        #expect(try shelf.run { try await $0.bytes(of: digest, limit: 1 << 20) }.get() == large)
    }

    @Test("a full disk is told as such and leaves no partial file")
    func fullDisk() throws {
        let shelf = try BlobShelf()
        shelf.world.setDisk("shelf", DiskConditions(bytesMax: 1_000))
        let bytes = large
        let failure = try shelf.run { try await $0.keep(bytes) }.failure
        guard case .disk(.full) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try shelf.files() == [])
        shelf.world.setDisk("shelf", DiskConditions())
        #expect(try shelf.run { try await $0.keep(bytes) }.failure == nil)
    }

    @Test("leftovers of uploads that a crash cut off are removed at the start")
    func leftovers() throws {
        let shelf = try BlobShelf()
        let effects = shelf.effects
        _ = try shelf.run { _ in try? await effects.disk.replace("blobs/partial/7", with: [1]) }
        _ = try shelf.run { _ in try? await effects.disk.replace("blobs/readme", with: [1]) }
        let again = try shelf.restarted()
        #expect(try again.files() == ["readme"])
        #expect(try again.run { await $0.bytesHeld }.get() == 0)
    }

    @Test("ranges are answered as far as the blob reaches, whatever is asked", arguments: 1...3)
    func ranges(seed: UInt64) throws {
        let shelf = try BlobShelf()
        let bytes = Array(large.prefix(1_000))
        let digest = try shelf.run { try await $0.keep(bytes) }.get()
        var numbers = SeededNumbers(seed)
        for _ in 0..<200 {
            let offset = numbers.below(5) == 0 ? numbers.next() : UInt64(numbers.below(1_200))
            let count = UInt32(numbers.below(Int(BlobRequest.countMax) + 1))
            let request = BlobRequest(digest: digest, offset: offset, count: count)
            let range = try shelf.run { await $0.range(request) }.get()
            guard offset <= 1_000 else {
                #expect(range == nil)
                continue
            }
            let end = min(Int(offset) + Int(count), 1_000)
            #expect(range?.bytes == Array(bytes[Int(offset)..<end]))
            #expect(range?.size == 1_000)
        }
        let unknown = BlobRequest(digest: .zero, offset: 0, count: 1)
        #expect(try shelf.run { await $0.range(unknown) }.get() == nil)
    }

    @Test("requests and ranges survive any bytes, and read back as they were", arguments: 1...3)
    func codecs(seed: UInt64) throws {
        var numbers = SeededNumbers(seed)
        let request = BlobRequest(digest: SHA256.hash([1]), offset: 77, count: 1_000)
        let range = BlobRange(size: 10, bytes: [1, 2, 3])
        for _ in 0..<2_000 {
            let first = numbers.mutated(request.canonicalBytes)
            if let read = try? BlobRequest(canonicalBytes: first) {
                #expect(read.canonicalBytes == first)
                #expect(read.count <= BlobRequest.countMax)
            }
            let second = numbers.mutated(range.canonicalBytes)
            if let read = try? BlobRange(canonicalBytes: second) {
                #expect(read.canonicalBytes == second)
            }
        }
        let greedy = BlobRequest(digest: .zero, offset: 0, count: BlobRequest.countMax + 1)
        #expect(throws: CanonicalError.self) {
            try BlobRequest(canonicalBytes: greedy.canonicalBytes)
        }
    }
}
