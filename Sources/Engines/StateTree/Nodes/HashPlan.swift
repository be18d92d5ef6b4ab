// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The hashes an update needs, gathered first and made level by level from the deepest up.
///
/// So every dirty node is hashed once, and the hashes of a level are independent of each other.
struct HashPlan: ~Copyable {
    private struct DirtyPage {
        let page: Page
        let depth: Int
        let touched: UInt64
    }

    private var leaves: [HashJob] = []
    private var pages: [DirtyPage] = []
    // By the depth of the node in the tree.
    private var inners = [[HashJob]](repeating: [], count: StateProof.siblingsMax)
    private var deepest = 0
    // The children of inner nodes that lie in no page: two hashes each.
    private var pairs = GrowingMemory(
        itemBytes: HashJob.inputBytes, alignment: HashJob.inputBytes, firstItems: 64)

    /// About how many hashes are gathered.
    private(set) var count = 0

    /// Plans the hash of all that lies below a link, where it was touched.
    ///
    /// - Parameters:
    ///   - depth: The depth of the node below the link.
    ///   - output: Where its hash belongs.
    mutating func add(
        _ link: Link, depth: Int, output: UnsafeMutableRawPointer,
        leaves: borrowing LeafArena, pages: borrowing PageArena
    ) {
        if link.isPage {
            add(pages[link.page], depth: depth, output: output, leaves: leaves, pages: pages)
        } else if link.isEmpty {
            output.storeBytes(of: .zero, as: RawDigest.self)
        } else {
            add(leaves.twig(link), depth: depth, output: output)
        }
    }

    private mutating func add(
        _ page: Page, depth: Int, output: UnsafeMutableRawPointer,
        leaves: borrowing LeafArena, pages: borrowing PageArena
    ) {
        let touched = page.header.pointee.touched
        page.header.pointee.touched = 0
        self.pages.append(DirtyPage(page: page, depth: depth, touched: touched))
        // A page always has more than one leaf, so its root is an inner node.
        addInner(HashJob(input: page.hash(2), output: output), depth: depth)
        count += SlotMasks.levels * touched.nonzeroBitCount
        var rest = touched
        while rest != 0 {
            let slot = rest.trailingZeroBitCount
            rest &= rest &- 1
            add(
                page.links[slot], depth: depth + SlotMasks.levels,
                output: page.hash(SlotMasks.slots + slot), leaves: leaves, pages: pages)
        }
    }

    /// Plans the hash of the node below which these leaves are all.
    mutating func add(_ twig: Twig, depth: Int, output: UnsafeMutableRawPointer) {
        guard twig.count > 1 else {
            leaves.append(HashJob(input: twig.leaves, output: output))
            return
        }
        let pair = pairs[pairs.append(1).index]
        addInner(HashJob(input: pair, output: output), depth: depth)
        count += 2
        let zeros = twig.zeros(at: depth)
        addChild(twig.prefix(zeros), depth: depth + 1, output: pair)
        addChild(twig.suffix(from: zeros), depth: depth + 1, output: pair + RawDigest.bytes)
    }

    private mutating func addChild(_ twig: Twig, depth: Int, output: UnsafeMutableRawPointer) {
        if twig.count == 0 {
            output.storeBytes(of: .zero, as: RawDigest.self)
        } else {
            add(twig, depth: depth, output: output)
        }
    }

    private mutating func addInner(_ job: HashJob, depth: Int) {
        inners[depth].append(job)
        deepest = max(deepest, depth)
    }

    /// Makes all hashes and forgets the plan.
    mutating func carryOut() {
        NodeHash.hash(.leaf, leaves)
        for dirty in pages { settle(dirty) }
        for depth in (0...deepest).reversed() {
            NodeHash.hash(.inner, inners[depth])
            inners[depth].removeAll(keepingCapacity: true)
        }
        leaves.removeAll(keepingCapacity: true)
        pages.removeAll(keepingCapacity: true)
        pairs.removeAll()
        deepest = 0
        count = 0
    }

    /// Plans the inner nodes of a page whose slots were touched, and copies up the hashes of leaves
    /// that lie alone: those are known by now.
    private mutating func settle(_ dirty: DirtyPage) {
        let page = dirty.page
        let masks = page.header.pointee.masks
        for level in (1..<SlotMasks.levels).reversed() {
            SlotMasks.forEachNode(at: level, above: dirty.touched) { node in
                if masks.isInner(node) {
                    let job = HashJob(input: page.hash(2 * node), output: page.hash(node))
                    addInner(job, depth: dirty.depth + level)
                } else {
                    page.hash(node).copyMemory(
                        from: page.hash(masks.onlyChild(of: node)), byteCount: RawDigest.bytes)
                }
            }
        }
    }
}
