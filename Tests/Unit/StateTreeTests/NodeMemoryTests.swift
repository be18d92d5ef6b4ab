// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import StateTree

@Suite("The memory of the tree's nodes")
struct NodeMemoryTests {
    @Test("items never move and never overlap, and a run never lies in two chunks")
    func growing() {
        var memory = GrowingMemory(itemBytes: 16, alignment: 64, firstItems: 8)
        var runs: [(start: UnsafeMutableRawPointer, index: Int, length: Int)] = []
        var random = SeededGenerator(seed: 1)
        for _ in 0..<400 {
            let length = Int.random(in: 1...8, using: &random)
            let taken = memory.append(length)
            #expect(taken.passed.count < length)
            let start = memory[taken.index]
            (start).initializeMemory(as: UInt8.self, repeating: UInt8(runs.count % 251), count: 16)
            runs.append((start, taken.index, length))
        }
        for (number, run) in runs.enumerated() {
            #expect(memory[run.index] == run.start)
            #expect(memory[run.index + run.length - 1] == run.start + 16 * (run.length - 1))
            #expect(run.start.load(as: UInt8.self) == UInt8(number % 251))
        }
    }

    @Test(
        "twigs keep their leaves whatever else is allocated and freed", arguments: [UInt64](1...4))
    func leaves(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var arena = LeafArena()
        var live: [(link: Link, mark: RawDigest)] = []
        for _ in 0..<2_000 {
            if live.count > 60, let index = live.indices.randomElement(using: &random) {
                arena.deallocate(live.remove(at: index).link)
            }
            let count = Int.random(in: 1...Twig.leavesMax, using: &random)
            let link = arena.allocate(count)
            let mark = RawDigest(.random(using: &random))
            for index in 0..<count {
                arena.twig(link).leaves[index] = LeafRecord(key: mark, valueHash: mark)
            }
            live.append((link, mark))
        }
        for (link, mark) in live {
            let twig = arena.twig(link)
            #expect(
                (0..<twig.count).allSatisfy { twig[$0].key == mark && twig[$0].valueHash == mark })
        }
        // Sixty twigs of twelve leaves and a half at most, and what lies free between them.
        #expect(arena.bytes < 4 * 61 * Twig.leavesMax * LeafRecord.bytes)
    }

    @Test("freed pages are used again, and come empty")
    func pages() {
        var arena = PageArena()
        let indices = (0..<20).map { _ in arena.allocate() }
        for index in indices {
            arena[index].set(5, Link(twig: 3, count: 2), leafCount: 2, before: 0)
            arena[index].hash(70).storeBytes(of: 7, as: UInt8.self)
        }
        let bytes = arena.bytes
        for index in indices { arena.deallocate(index) }
        for _ in indices {
            let page = arena[arena.allocate()]
            #expect(page.header.pointee.leafCount == 0)
            #expect(page.header.pointee.masks.occupied == 0)
            #expect(page.links[5].isEmpty)
            #expect(page.hash(70).load(as: UInt8.self) == 0)
        }
        #expect(arena.bytes == bytes)
    }

    @Test("links name what they were made of")
    func links() {
        #expect(Link.empty.isEmpty && Link.empty.twigCount == 0 && !Link.empty.isPlural)
        for index in [0, 1, Link.leavesMax - 1] {
            for count in 1...Twig.leavesMax {
                let link = Link(twig: index, count: count)
                #expect(link.twig == index && link.twigCount == count)
                #expect(!link.isPage && !link.isEmpty && link.isPlural == (count > 1))
            }
        }
        for index in [0, 1, Int(Int32.max)] {
            let link = Link(page: index)
            #expect(link.page == index && link.isPage && link.isPlural && !link.isEmpty)
        }
    }

    @Test("the kinds of nodes follow from what lies below the slots", arguments: [UInt64](1...6))
    func masks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var masks = SlotMasks()
        var counts = [Int](repeating: 0, count: SlotMasks.slots)
        for _ in 0..<20 {
            for _ in 0..<seed {
                let slot = Int.random(in: 0..<SlotMasks.slots, using: &random)
                counts[slot] = Int.random(in: 0...2, using: &random)
                masks.set(slot, counts[slot] == 0 ? .empty : Link(twig: 0, count: counts[slot]))
            }
            for node in 1..<2 * SlotMasks.slots {
                let level = Int.bitWidth - 1 - node.leadingZeroBitCount
                let below = (0..<SlotMasks.slots).filter { (64 + $0) >> (6 - level) == node }
                #expect(
                    SlotMasks.slots(below: node) == below.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
                )
                #expect(masks.isInner(node) == (below.reduce(0) { $0 + counts[$1] } > 1))
                #expect(masks.slot(of: node) == below.first { counts[$0] > 0 })
            }
        }
    }

    @Test("a key's digits are its bits, six by six", arguments: [UInt64](1...4))
    func digits(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let key = Digest.random(using: &random)
        for depth in stride(from: 0, through: 246, by: 6) {
            let bits = (depth..<depth + 6).reduce(0) { 2 * $0 + (key.raw.bit($1) ? 1 : 0) }
            #expect(RawDigest(key).digit(at: depth) == bits)
        }
        #expect(RawDigest(key).digest == key)
    }

    @Test("the lanes hash what one hash after the other does")
    func lanes() {
        guard HashLanes.isReady else { return }
        var random = SeededGenerator(seed: 3)
        for count in 0...40 {
            let texts = (0..<2 * count).map { _ in RawDigest(.random(using: &random)) }
            for tag in [NodeHash.Tag.leaf, .inner] {
                let hashes = Self.hashes(of: texts) { HashLanes.hash(tag, $0) }
                let expected = Self.hashes(of: texts) { $0.forEach { NodeHash.hash(tag, $0) } }
                #expect(hashes == expected)
            }
        }
    }

    private static func hashes(
        of texts: [RawDigest], _ body: (UnsafeBufferPointer<HashJob>) -> Void
    ) -> [RawDigest] {
        var hashes = [RawDigest](repeating: .zero, count: texts.count / 2)
        texts.withUnsafeBytes { texts in
            hashes.withUnsafeMutableBytes { hashes in
                guard let input = texts.baseAddress, let output = hashes.baseAddress else { return }
                let jobs = (0..<hashes.count / 32).map {
                    HashJob(input: input + 64 * $0, output: output + 32 * $0)
                }
                jobs.withUnsafeBufferPointer(body)
            }
        }
        return hashes
    }
}
