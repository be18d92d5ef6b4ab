// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import NodeInterface
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("The feed of executed blocks")
struct BlockFeedTests {
    private func block(_ height: UInt64, eventBytes: Int = 0) throws -> AppliedBlock {
        let parent = Digest(Bytes32 { $0.storeBytes(of: height, as: UInt64.self) })
        let header = BlockHeader(
            chain: Senders.chain, epoch: Epoch(0), slot: Slot(height), height: BlockHeight(height),
            parentSlot: Slot(height - 1), parent: height == 1 ? .zero : parent,
            timestamp: Timestamp(height), payloadDigest: Block.digest(of: []),
            stateHeight: BlockHeight(height - 1), stateRoot: .zero,
            proposer: try Senders.key(1).publicKey)
        let events = stride(from: 0, to: eventBytes, by: 4_096).map { _ in
            Event(
                module: .market, kind: 1, subject: .zero,
                payload: [UInt8](repeating: 0, count: 4_096))
        }
        let certificate = Certificate(.final(Slot(height), header.hash), epoch: Epoch(0), votes: [])
        return AppliedBlock(
            finalized: FinalizedBlock(
                block: try #require(Block(header: header, payload: [])),
                proof: FinalityProof(certificate: certificate)),
            outcomes: [], events: events, stateRoot: .zero)
    }

    private func heights(_ page: FeedPage?) -> [UInt64]? {
        guard case .blocks(let blocks) = page else { return nil }
        return blocks.map(\.height.value)
    }

    private func gap(_ page: FeedPage?) -> UInt64? {
        guard case .gap(let height) = page else { return nil }
        return height.value
    }

    @Test("who is at the head waits; who is behind gets what follows, in pages")
    func pages() throws {
        var feed = BlockFeed()
        for height in 1...UInt64(100) { feed.append(try block(height)) }
        let head = BlockHeight(100)
        #expect(feed.page(after: head, head: head) == nil)
        #expect(heights(feed.page(after: BlockHeight(98), head: head)) == [99, 100])
        #expect(heights(feed.page(after: BlockHeight(0), head: head))?.count == BlockFeed.pageMax)
    }

    @Test("who is further behind than the feed reaches is told where to go on (NODE-18)")
    func gaps() throws {
        var feed = BlockFeed()
        let last = UInt64(BlockFeed.blocksMax + 5)
        for height in 1...last { feed.append(try block(height)) }
        let head = BlockHeight(last)
        #expect(gap(feed.page(after: BlockHeight(4), head: head)) == last)
        #expect(heights(feed.page(after: BlockHeight(5), head: head))?.first == 6)
        #expect(gap(BlockFeed().page(after: BlockHeight(4), head: head)) == last)
    }

    @Test("the feed is bounded in bytes, and never forgets the newest block")
    func byteBound() throws {
        var feed = BlockFeed()
        for height in 1...UInt64(12) {
            feed.append(try block(height, eventBytes: 4 << 20))
        }
        let head = BlockHeight(12)
        #expect(gap(feed.page(after: BlockHeight(3), head: head)) == 12)
        #expect(heights(feed.page(after: BlockHeight(6), head: head))?.last == 12)
        feed.append(try block(13, eventBytes: 40 << 20))
        #expect(heights(feed.page(after: BlockHeight(12), head: BlockHeight(13))) == [13])
    }
}
