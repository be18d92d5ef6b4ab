// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension LaneMachine {
    /// Takes the cut of the next final block: lanes advance, and what is missing is gathered.
    mutating func order(_ ordered: OrderedCut) {
        guard ordered.height > orderedHeight else { return }
        precondition(
            ordered.height == orderedHeight.advanced(by: 1), "final blocks come in order")
        orderedHeight = ordered.height
        let turned = order.turn(ordered.cut, by: ordered.slot)
        let segments = turned.compactMap { advance(to: $0) }
        cuts.append(FinalCut(height: ordered.height, segments: segments))
        gather(ordered.batches)
        waiting.removeAll { $0.slot <= ordered.slot }
    }

    /// Takes what came with a final block: the hashes that its cut leads to prove every batch.
    private mutating func gather(_ batches: [Batch]) {
        // Batches are wanted from the tip downwards.
        for batch in batches.sorted(by: { $0.header.height > $1.header.height }) {
            let index = Int(batch.header.lane)
            guard index < lanes.count, isAddressed(batch.header), batch.isIntact else { continue }
            _ = gather(batch, in: index)
        }
    }

    private mutating func advance(to tip: LaneTip) -> LaneSegment? {
        let index = Int(tip.lane)
        let base = lanes[index].base
        guard Self.follows(tip, base) else { return nil }
        let holders = lanes[index].claims.holders(of: tip)
        let found = lanes[index].advance(to: tip)
        touched.insert(index)
        if lanes[index].isClosed { return nil }
        if let linked = found.linked {
            lanes[index].orderedBytes += linked.reduce(0) { $0 + $1.payload.count }
            return LaneSegment(base: base, tip: tip, linked: linked)
        }
        if index == ownIndex { meetTwin() }
        absorbLoose(in: index)
        let segment = LaneSegment(
            base: base, tip: tip, candidates: found.candidates, holders: holders)
        lanes[index].orderedBytes += segment.bytes
        if segment.wanted != nil { lanes[index].missingSegments += 1 }
        return segment
    }

    /// Hands on the cuts whose batches are all here, oldest first.
    mutating func executeReady() {
        for place in cuts.indices where !cuts[place].isHandedOn {
            let isReady = cuts[place].segments.allSatisfy {
                $0.wanted == nil || order.isClosed($0.tip.lane)
            }
            guard isReady else { return }
            cuts[place].isHandedOn = true
            emit(.execute(execution(of: cuts[place])))
            // Later cuts may now be fetched.
            for index in lanes.indices where lanes[index].missingSegments > 0 {
                touched.insert(index)
            }
        }
    }

    private mutating func execution(of cut: FinalCut) -> LaneExecution {
        var batches: [Batch] = []
        var closing: [UInt16] = []
        var forked: [Batch] = []
        for segment in cut.segments where !order.isClosed(segment.tip.lane) {
            let index = Int(segment.tip.lane)
            if segment.isLinked {
                batches += segment.gathered.reversed()
                order.tips[index] = segment.tip
                leaveBehind(segment)
            } else {
                closing.append(segment.tip.lane)
                forked += segment.gathered.reversed()
                order.close(segment.tip.lane)
                lanes[index].keepForked(
                    segment.gathered + segment.candidates, distrusting: true)
                lanes[index].close()
                emit(.note(.closed(lane: segment.tip.lane)))
            }
        }
        return LaneExecution(
            height: cut.height, batches: batches, closing: closing.sorted(), forked: forked,
            order: order)
    }

    /// Batches that were held beside those ordered show that the owner signed two for a height.
    private mutating func leaveBehind(_ segment: LaneSegment) {
        guard let other = segment.candidates.first else { return }
        let height = other.header.height
        if let known = segment.gathered.first(where: { $0.header.height == height }) {
            accuse(known, other)
        }
        lanes[Int(segment.tip.lane)].keepForked(segment.candidates, distrusting: true)
    }

    /// Forgets executed cuts; the host's archive serves them from now on.
    mutating func forget(through height: BlockHeight) {
        var hashes: [Digest] = []
        while let first = cuts.first, first.isHandedOn, first.height <= height {
            for segment in first.segments {
                let index = Int(segment.tip.lane)
                lanes[index].orderedBytes -= segment.bytes
                touched.insert(index)
                // What a closed lane leaves may be asked for until the epoch ends.
                let isKept = lanes[index].isClosed && !segment.isLinked
                if !isKept { hashes += segment.gathered.map(\.hash) }
            }
            cuts.removeFirst()
        }
        if !hashes.isEmpty { emit(.prunable(hashes)) }
    }
}
