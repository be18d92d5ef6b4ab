// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A run of one to 24 leaves in ascending key order, side by side in memory.
struct Twig {
    let leaves: UnsafeMutablePointer<LeafRecord>
    let count: Int

    /// The most leaves of a twig; more become a page.
    ///
    /// A change in a twig hashes all of it again, about 2.4 hashes a leaf; a page of few leaves
    /// wastes its 4 KiB. With 24 the dearest change makes 60 hashes, and a page comes to at most
    /// 180 bytes a leaf, beside the leaf's own 64, as long as leaves are not removed from it.
    static let leavesMax = 24

    subscript(index: Int) -> LeafRecord { leaves[index] }

    /// The place of a key's leaf, or nothing.
    func index(of key: RawDigest) -> Int? { (0..<count).first { leaves[$0].key == key } }

    /// How many of the leaves have a zero at a bit that none differs before: those come first.
    func zeros(at bit: Int) -> Int {
        guard count > Self.leavesMax else {
            return (0..<count).first { leaves[$0].key.bit(bit) } ?? count
        }
        // The leaves of a chunk of a snapshot: many more than a twig of the tree has.
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if leaves[middle].key.bit(bit) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func prefix(_ length: Int) -> Twig { Twig(leaves: leaves, count: length) }
    func suffix(from start: Int) -> Twig { Twig(leaves: leaves + start, count: count - start) }
}

/// All leaves of a subtree, 64 bytes each; freed runs are used again, whole or in parts.
struct LeafArena: ~Copyable {
    private var memory: GrowingMemory
    // By length of the run; one more than the index of the first, 0 for none. The first four bytes
    // of a free run name the next one.
    private var free = [UInt32](repeating: 0, count: Twig.leavesMax + 1)

    init() {
        memory = GrowingMemory(
            itemBytes: LeafRecord.bytes, alignment: LeafRecord.bytes, firstItems: 32)
    }

    init(copying other: borrowing LeafArena) {
        memory = GrowingMemory(copying: other.memory)
        free = other.free
    }

    /// The bytes of all leaves there ever were at once.
    var bytes: Int { memory.bytes }

    /// The twig a link names.
    func twig(_ link: Link) -> Twig {
        Twig(leaves: leaves(at: link.twig), count: link.twigCount)
    }

    /// A twig with room for so many leaves, which hold anything.
    mutating func allocate(_ count: Int) -> Link {
        for length in count...Twig.leavesMax {
            guard let index = pop(length) else { continue }
            if length > count { push(index + count, length - count) }
            return Link(twig: index, count: count)
        }
        let taken = memory.append(count)
        if !taken.passed.isEmpty { push(taken.passed.lowerBound, taken.passed.count) }
        return Link(twig: taken.index, count: count)
    }

    /// Gives a twig back.
    mutating func deallocate(_ link: Link) { push(link.twig, link.twigCount) }

    private func leaves(at index: Int) -> UnsafeMutablePointer<LeafRecord> {
        memory[index].assumingMemoryBound(to: LeafRecord.self)
    }

    private mutating func push(_ index: Int, _ length: Int) {
        memory[index].storeBytes(of: free[length], as: UInt32.self)
        free[length] = UInt32(index + 1)
    }

    private mutating func pop(_ length: Int) -> Int? {
        guard free[length] != 0 else { return nil }
        let index = Int(free[length]) - 1
        free[length] = memory[index].load(as: UInt32.self)
        return index
    }
}
