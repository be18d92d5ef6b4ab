// SPDX-License-Identifier: Apache-2.0
import Ledger
import NodeInterface
import Vocabulary

/// The newest executed blocks, for agents and streams that follow the chain.
///
/// Bounded in blocks and in bytes of events; who is further behind reads the state instead.
struct BlockFeed {
    /// The most blocks held: at 10 blocks a second, the last 100 seconds.
    static let blocksMax = 1_024
    /// The most bytes of payloads and events held: 32 MiB.
    static let bytesMax = 32 << 20
    /// The most blocks of one page.
    static let pageMax = 64

    private var held: [AppliedBlock] = []
    private var bytes = 0

    /// Adds the next block.
    mutating func append(_ block: AppliedBlock) {
        held.append(block)
        bytes += Self.bytes(of: block)
        var dropped = 0
        while held.count - dropped > Self.blocksMax
            || (bytes > Self.bytesMax && held.count - dropped > 1)
        {
            bytes -= Self.bytes(of: held[dropped])
            dropped += 1
        }
        held.removeFirst(dropped)
    }

    /// The blocks after a height, or nothing when there are none yet.
    ///
    /// - Parameter head: The executed height.
    func page(after height: BlockHeight, head: BlockHeight) -> FeedPage? {
        guard height < head else { return nil }
        guard let first = held.first?.height, first.value <= height.value + 1 else {
            return .gap(resumeAfter: head)
        }
        let start = Int(height.value + 1 - first.value)
        return .blocks(Array(held[start..<min(start + Self.pageMax, held.count)]))
    }

    private static func bytes(of block: AppliedBlock) -> Int {
        block.finalized.payloadBytes
            + block.events.reduce(0) { $0 + $1.payload.count + 64 } + 512
    }
}
