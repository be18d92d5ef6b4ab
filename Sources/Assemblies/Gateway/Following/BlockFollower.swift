// SPDX-License-Identifier: Apache-2.0
import Effects
import NodeInterface
import Vocabulary

/// Follows the node's blocks for all clients together: each event is encoded once.
struct BlockFollower: Sendable {
    let node: any NodeAccess
    let effects: Effects
    let events: EventLog
    let outcomes: OutcomeBoard

    /// How long one look at the feed waits; quiet streams are woken as often.
    static let waitMilliseconds: UInt64 = 5_000
    /// The pause after an empty page, so that a node that is stopping is not asked in a loop.
    private static let pauseMilliseconds: UInt64 = 20

    /// Begins at the node's head and returns it.
    func begin() async -> BlockHeight {
        let head = await node.read { _, head in head.height }
        events.restart(after: head)
        return head
    }

    /// Follows until the task is cancelled.
    func follow(after start: BlockHeight) async {
        var height = start
        while !Task.isCancelled {
            switch await node.blocks(after: height, waiting: Self.waitMilliseconds) {
            case .blocks(let blocks):
                for block in blocks { take(block) }
                height = blocks.last?.height ?? height
                if blocks.isEmpty { await rest() }
            case .gap(let resumeAfter):
                events.restart(after: resumeAfter)
                outcomes.wakeAll()
                height = resumeAfter
            }
        }
    }

    private func take(_ block: AppliedBlock) {
        if let topics = events.wanted {
            events.append(
                EventRendering.events(of: block, topics), of: block.height, with: topics)
        } else {
            // Nobody listens; who comes later reads this block from the node's own feed.
            events.restart(after: block.height)
        }
        outcomes.post(block.outcomes)
    }

    private func rest() async {
        events.tick()
        await effects.time.sleep(milliseconds: Self.pauseMilliseconds)
    }
}
