// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Six levels of the tree: 126 hashes and a header in 4 KiB, and 64 links beside them.
///
/// Place n of the page holds the hash of node n (``SlotMasks``) for n from 2 to 127; places 0 and 1
/// are the header. A node with one leaf below it has that leaf's hash, all the way down to the
/// leaf's slot, and a node with none has zeros. The root's own hash lies in the slot above.
struct Page {
    struct Header {
        var masks = SlotMasks()
        /// The slots that changed and are not hashed yet.
        var touched: UInt64 = 0
        /// Leaves below this page.
        var leafCount = 0
    }

    static let bytes = 4_096
    /// A page with fewer leaves becomes a twig again; the gap to ``Twig/leavesMax`` keeps a subtree
    /// from changing form with every change.
    static let leavesMin = 13

    let base: UnsafeMutableRawPointer
    let links: UnsafeMutablePointer<Link>

    var header: UnsafeMutablePointer<Header> { base.assumingMemoryBound(to: Header.self) }

    func hash(_ node: Int) -> UnsafeMutableRawPointer { base + RawDigest.bytes * node }

    /// Puts `link` below a slot, where so many leaves were before.
    func set(_ slot: Int, _ link: Link, leafCount: Int, before: Int) {
        links[slot] = link
        header.pointee.masks.set(slot, link)
        header.pointee.touched |= 1 << UInt64(slot)
        header.pointee.leafCount += leafCount - before
    }
}

/// All pages of a subtree; freed ones are used again, last first.
struct PageArena: ~Copyable {
    private static let linkBytes = SlotMasks.slots * MemoryLayout<Link>.stride

    private var pages: GrowingMemory
    private var links: GrowingMemory
    // One more than the index of a free page, whose first bytes name the next one; 0 for none.
    private var free = 0

    init() {
        pages = GrowingMemory(itemBytes: Page.bytes, alignment: Page.bytes, firstItems: 1)
        links = GrowingMemory(itemBytes: Self.linkBytes, alignment: 64, firstItems: 1)
    }

    init(copying other: borrowing PageArena) {
        pages = GrowingMemory(copying: other.pages)
        links = GrowingMemory(copying: other.links)
        free = other.free
    }

    /// The bytes of all pages there ever were at once.
    var bytes: Int { pages.bytes + links.bytes }

    subscript(index: Int) -> Page {
        Page(base: pages[index], links: links[index].assumingMemoryBound(to: Link.self))
    }

    /// A page with nothing in it.
    mutating func allocate() -> Int {
        var index = free - 1
        if free == 0 {
            index = pages.append(1).index
            _ = links.append(1)
        } else {
            free = pages[index].load(as: Int.self)
        }
        let page = self[index]
        page.base.initializeMemory(as: UInt8.self, repeating: 0, count: Page.bytes)
        page.links.initialize(repeating: .empty, count: SlotMasks.slots)
        page.header.initialize(to: Page.Header())
        return index
    }

    /// Gives a page back.
    mutating func deallocate(_ index: Int) {
        pages[index].storeBytes(of: free, as: Int.self)
        free = index + 1
    }
}
