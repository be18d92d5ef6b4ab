// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// Which chunks of a snapshot are still to be fetched, and how they are gathered into runs.
///
/// A value. Chunks are handed out in ascending order, few groups at a time, so that memory is
/// bounded by those groups whatever the order in which the chunks come (SYNC-11).
struct ChunkPlan {
    /// The groups of which chunks may be under way: with 16 MiB each that is 64 MiB.
    static let groupsOpenMax = 4

    /// Chunks that are gathered and sorted together.
    private struct Group {
        let parts: Range<Int>
        /// How many of its chunks are not here.
        var missing: Int
        var lists: [PairList] = []
    }

    private var groups: [Group] = []
    /// Which group a part belongs to.
    private var groupOf: [Int] = []
    private let hasChunk: [Bool]
    private let bytesOf: [UInt32]
    private var open: Set<Int> = []
    private var nextPart = 0
    /// Parts that were handed out and came back undone.
    private var returned: Set<Int> = []
    private var isWritten: Set<Int>
    private(set) var bytesDone: UInt64 = 0
    private(set) var chunksDone = 0

    /// - Parameters:
    ///   - groupBytes: About how many bytes of chunks make a group.
    ///   - written: Groups that are there already.
    init(_ index: SnapshotIndex, groupBytes: Int, written: Set<Int>) {
        hasChunk = index.parts.map(\.hasChunk)
        bytesOf = index.parts.map(\.bytes)
        isWritten = written
        var start = 0
        var bytes = 0
        for part in index.parts.indices {
            bytes += Int(index.parts[part].bytes)
            groupOf.append(groups.count)
            guard bytes >= groupBytes || part == index.parts.count - 1 else { continue }
            close(start..<part + 1)
            (start, bytes) = (part + 1, 0)
        }
        isWritten.formIntersection(groups.indices)
        for group in isWritten { count(groups[group].parts) }
    }

    private mutating func close(_ parts: Range<Int>) {
        groups.append(Group(parts: parts, missing: parts.count { hasChunk[$0] }))
    }

    private mutating func count(_ parts: Range<Int>) {
        for part in parts where hasChunk[part] {
            bytesDone += UInt64(bytesOf[part])
            chunksDone += 1
        }
    }

    /// The groups that will be runs: those with anything in them.
    var runs: [Int] { groups.indices.filter { groups[$0].parts.contains { hasChunk[$0] } } }

    /// How many chunks there are.
    var chunks: Int { hasChunk.count { $0 } }

    /// Whether every group is written.
    var isComplete: Bool { runs.allSatisfy { isWritten.contains($0) } }

    /// The next part to fetch; nothing when all are done or under way, or enough groups are open.
    mutating func take() -> Int? {
        if let part = returned.min() {
            returned.remove(part)
            return part
        }
        while nextPart < groupOf.count {
            let group = groupOf[nextPart]
            if isWritten.contains(group) {
                nextPart = groups[group].parts.upperBound
                continue
            }
            guard hasChunk[nextPart] else {
                nextPart += 1
                continue
            }
            guard open.contains(group) || open.count < Self.groupsOpenMax else { return nil }
            open.insert(group)
            nextPart += 1
            return nextPart - 1
        }
        return nil
    }

    /// Takes back a part that could not be fetched.
    mutating func giveBack(_ part: Int) { returned.insert(part) }

    /// Puts a chunk's pairs into its group.
    ///
    /// - Returns: The group with all its pairs when this was the last.
    mutating func put(_ part: Int, _ pairs: PairList) -> (group: Int, lists: [PairList])? {
        let group = groupOf[part]
        bytesDone += UInt64(bytesOf[part])
        chunksDone += 1
        groups[group].lists.append(pairs)
        groups[group].missing -= 1
        guard groups[group].missing == 0 else { return nil }
        defer { groups[group].lists = [] }
        return (group, groups[group].lists)
    }

    /// Notes that a group's run is written.
    mutating func settle(_ group: Int) {
        open.remove(group)
        isWritten.insert(group)
    }
}
