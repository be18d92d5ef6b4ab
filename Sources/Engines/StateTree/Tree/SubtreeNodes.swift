// SPDX-License-Identifier: Apache-2.0
import CShims.Fetch
import Vocabulary

/// What a part of the tree consists of.
struct SubtreeNodes: ~Copyable {
    /// The depth of a part's root in the tree.
    static let depth = SlotMasks.levels

    private(set) var leaves: LeafArena
    private(set) var pages: PageArena
    private(set) var top: Link

    init() {
        leaves = LeafArena()
        pages = PageArena()
        top = .empty
    }

    init(copying other: borrowing SubtreeNodes) {
        leaves = LeafArena(copying: other.leaves)
        pages = PageArena(copying: other.pages)
        top = other.top
    }

    /// How many leaves there are.
    var leafCount: Int { leafCount(below: top) }

    /// The bytes held for leaves and pages, those of free ones included.
    var memoryBytes: Int { leaves.bytes + pages.bytes }

    /// Applies the scratch's changes and plans the hashes they ask for.
    ///
    /// - Parameter root: Where the hash of the whole part belongs.
    mutating func update(
        with scratch: inout UpdateScratch, root: UnsafeMutablePointer<RawDigest>
    ) {
        fetch(for: &scratch)
        top = updated(top, by: 0..<scratch.changes.count, depth: Self.depth, &scratch)
        scratch.plan.add(top, depth: Self.depth, output: root, leaves: leaves, pages: pages)
    }

    private func leafCount(below link: Link) -> Int {
        link.isPage ? pages[link.page].header.pointee.leafCount : link.twigCount
    }
}

// MARK: - Fetching

extension SubtreeNodes {
    /// Asks the memory for all that the changes will touch, a level at a time for all of them: one
    /// change alone would wait for each of its pages in turn.
    private func fetch(for scratch: inout UpdateScratch) {
        scratch.links.removeAll(keepingCapacity: true)
        scratch.links.append(contentsOf: repeatElement(top, count: scratch.changes.count))
        var depth = Self.depth
        var goesOn = top.isPage
        while goesOn {
            goesOn = false
            for index in scratch.links.indices where scratch.links[index].isPage {
                let slot = scratch.changes[index].key.digit(at: depth)
                let link = pages[scratch.links[index].page].links[slot]
                scratch.links[index] = link
                goesOn = fetch(link, scratch.changes[index].key, depth + SlotMasks.levels) || goesOn
            }
            depth += SlotMasks.levels
        }
    }

    /// Asks for what lies below a link on the way to a key; says whether the way goes on there.
    private func fetch(_ link: Link, _ key: RawDigest, _ depth: Int) -> Bool {
        if link.isPage {
            let page = pages[link.page]
            atoll_fetch(page.base)
            atoll_fetch(page.links + key.digit(at: depth))
        } else if !link.isEmpty {
            atoll_fetch(leaves.twig(link).leaves)
        }
        return link.isPage
    }
}

// MARK: - Changing

extension SubtreeNodes {
    /// What a link becomes by a range of the changes, all of which lie below it.
    private mutating func updated(
        _ link: Link, by range: Range<Int>, depth: Int, _ scratch: inout UpdateScratch
    ) -> Link {
        if link.isPage { return updatedPage(link, by: range, depth: depth, &scratch) }
        if let same = overwritten(link, by: range, &scratch) { return same }
        let merged = scratch.merge(link.isEmpty ? nil : leaves.twig(link), with: range)
        defer { scratch.merged.removeAll(keepingCapacity: true) }
        if merged == link.twigCount, merged > 0 {
            fill(link, from: 0, &scratch)
            return link
        }
        if !link.isEmpty { leaves.deallocate(link) }
        return built(0..<merged, depth: depth, &scratch)
    }

    private mutating func updatedPage(
        _ link: Link, by range: Range<Int>, depth: Int, _ scratch: inout UpdateScratch
    ) -> Link {
        let page = pages[link.page]
        var start = range.lowerBound
        while start < range.upperBound {
            let slot = scratch.changes[start].key.digit(at: depth)
            var end = start + 1
            while end < range.upperBound, scratch.changes[end].key.digit(at: depth) == slot {
                end += 1
            }
            let old = page.links[slot]
            let before = leafCount(below: old)
            let new = updated(old, by: start..<end, depth: depth + SlotMasks.levels, &scratch)
            page.set(slot, new, leafCount: leafCount(below: new), before: before)
            start = end
        }
        return page.header.pointee.leafCount < Page.leavesMin ? dissolved(link) : link
    }

    /// Overwrites the value of the one changed leaf, which is what nearly all changes do.
    private func overwritten(
        _ link: Link, by range: Range<Int>, _ scratch: inout UpdateScratch
    ) -> Link? {
        guard range.count == 1, !scratch.isRemoval[range.lowerBound] else { return nil }
        guard !link.isEmpty else { return nil }
        let twig = leaves.twig(link)
        let change = scratch.changes[range.lowerBound]
        guard let index = twig.index(of: change.key) else { return nil }
        twig.leaves[index].valueHash = change.valueHash
        return link
    }

    /// A page with few leaves as a twig.
    private mutating func dissolved(_ link: Link) -> Link {
        let page = pages[link.page]
        let count = page.header.pointee.leafCount
        let twig = count == 0 ? .empty : leaves.allocate(count)
        var next = 0
        for slot in 0..<SlotMasks.slots where !page.links[slot].isEmpty {
            // Fewer than leavesMin leaves: what lies below is no page either.
            let part = leaves.twig(page.links[slot])
            (leaves.twig(twig).leaves + next).update(from: part.leaves, count: part.count)
            next += part.count
            leaves.deallocate(page.links[slot])
        }
        pages.deallocate(link.page)
        return twig
    }
}

// MARK: - Building

extension SubtreeNodes {
    /// A subtree of merged leaves.
    private mutating func built(_ range: Range<Int>, depth: Int, _ scratch: inout UpdateScratch)
        -> Link
    {
        guard !range.isEmpty else { return .empty }
        guard range.count > Twig.leavesMax else {
            let twig = leaves.allocate(range.count)
            fill(twig, from: range.lowerBound, &scratch)
            return twig
        }
        let index = pages.allocate()
        let page = pages[index]
        var start = range.lowerBound
        while start < range.upperBound {
            let slot = scratch.merged[start].key.digit(at: depth)
            var end = start + 1
            while end < range.upperBound, scratch.merged[end].key.digit(at: depth) == slot {
                end += 1
            }
            let link = built(start..<end, depth: depth + SlotMasks.levels, &scratch)
            page.set(slot, link, leafCount: end - start, before: 0)
            start = end
        }
        return Link(page: index)
    }

    /// Writes merged leaves into a twig.
    private func fill(_ link: Link, from start: Int, _ scratch: inout UpdateScratch) {
        let twig = leaves.twig(link)
        for index in 0..<twig.count { twig.leaves[index] = scratch.merged[start + index] }
    }
}

// MARK: - Reading

extension SubtreeNodes {
    /// The hash stored under a key, or nothing.
    func valueHash(of key: RawDigest) -> RawDigest? {
        var link = top
        var depth = Self.depth
        while link.isPage {
            link = pages[link.page].links[key.digit(at: depth)]
            depth += SlotMasks.levels
        }
        guard !link.isEmpty else { return nil }
        let twig = leaves.twig(link)
        return twig.index(of: key).map { twig[$0].valueHash }
    }

    /// Goes towards `key`, appending the hash of each sibling passed, to the leaf at the end.
    func walk(towards key: RawDigest, _ siblings: inout [Digest]) -> LeafRecord? {
        var link = top
        var depth = Self.depth
        while link.isPage {
            let page = pages[link.page]
            let masks = page.header.pointee.masks
            let end = masks.descend(towards: key, depth: depth) { node in
                siblings.append(page.hash(node).load(as: RawDigest.self).digest)
            }
            guard let slot = masks.slot(of: end) else { return nil }
            link = page.links[slot]
            depth += SlotMasks.levels
        }
        return link.isEmpty ? nil : leaves.twig(link).walk(towards: key, depth: depth, &siblings)
    }
}

extension Twig {
    /// The same within a twig, whose inner nodes are hashed for it.
    func walk(towards key: RawDigest, depth: Int, _ siblings: inout [Digest]) -> LeafRecord? {
        guard count > 1 else { return count == 1 ? self[0] : nil }
        let zeros = zeros(at: depth)
        let goesRight = key.bit(depth)
        let beside = goesRight ? prefix(zeros) : suffix(from: zeros)
        siblings.append(beside.hash(depth: depth + 1))
        let ahead = goesRight ? suffix(from: zeros) : prefix(zeros)
        return ahead.walk(towards: key, depth: depth + 1, &siblings)
    }

    /// The hash of the subtree that these leaves are, at a depth.
    func hash(depth: Int) -> Digest {
        guard count > 0 else { return .zero }
        guard count > 1 else {
            return NodeHash.leaf(key: self[0].key.digest, valueHash: self[0].valueHash.digest)
        }
        let zeros = zeros(at: depth)
        return NodeHash.inner(
            left: prefix(zeros).hash(depth: depth + 1),
            right: suffix(from: zeros).hash(depth: depth + 1))
    }
}
