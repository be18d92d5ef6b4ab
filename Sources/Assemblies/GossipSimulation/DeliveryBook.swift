// SPDX-License-Identifier: Apache-2.0

/// Which message has reached which node, when, and over how many links.
struct DeliveryBook {
    private struct Message {
        let author: Int
        let publishedAt: UInt64
        /// In microseconds after publication; `never` where it has not come.
        var delays: [UInt32]
        var hops: [UInt8]
    }

    private static let never = UInt32.max

    private let nodeCount: Int
    private var messages: [Message] = []
    /// Messages that came to a node twice, or to one that had published them.
    private(set) var repeats = 0

    init(nodeCount: Int) { self.nodeCount = nodeCount }

    var count: Int { messages.count }

    /// Notes a new message, and gives its number.
    mutating func publish(by author: Int, at time: UInt64) -> Int {
        messages.append(
            Message(
                author: author, publishedAt: time,
                delays: Array(repeating: Self.never, count: nodeCount),
                hops: Array(repeating: 0, count: nodeCount)))
        return messages.count - 1
    }

    /// Notes that a message has come.
    mutating func deliver(_ number: Int, to node: Int, at time: UInt64, hops: UInt8) {
        guard messages.indices.contains(number) else { return }
        guard messages[number].delays[node] == Self.never, messages[number].author != node else {
            repeats += 1
            return
        }
        messages[number].delays[node] = UInt32(
            clamping: time - messages[number].publishedAt)
        messages[number].hops[node] = hops
    }

    /// Forgets what a node had that has ended: it may come again.
    mutating func forget(_ node: Int) {
        for number in messages.indices { messages[number].delays[node] = Self.never }
    }

    /// Over how many links a message has come to a node; 0 for its author.
    func hops(_ number: Int, _ node: Int) -> UInt8 {
        messages.indices.contains(number) ? messages[number].hops[node] : 0
    }

    /// What those who were owed messages have.
    struct Outcome {
        var owed = 0
        var delays: [UInt32] = []
        var hops = 0
        /// Of whom most is missing, and how much.
        var missing: [Int: Int] = [:]
    }

    /// Counts the pairs of a message and a node that was owed it.
    ///
    /// - Parameter isOwed: Whether a node was there for a message published at a time.
    func outcome(_ isOwed: (_ node: Int, _ publishedAt: UInt64) -> Bool) -> Outcome {
        var outcome = Outcome()
        let patience = UInt32(GossipScenario.patienceMilliseconds * 1_000)
        for message in messages {
            for node in 0..<nodeCount
            where node != message.author && isOwed(node, message.publishedAt) {
                outcome.owed += 1
                guard message.delays[node] <= patience else {
                    outcome.missing[node, default: 0] += 1
                    continue
                }
                outcome.delays.append(message.delays[node])
                outcome.hops += Int(message.hops[node])
            }
        }
        outcome.delays.sort()
        return outcome
    }

    /// A hash of all of it.
    var digest: UInt64 {
        var digest = Dice(UInt64(messages.count))
        var hash = digest.next()
        for message in messages {
            for (delay, hops) in zip(message.delays, message.hops) {
                hash = (hash ^ UInt64(delay) << 8 ^ UInt64(hops)) &* 0x100_0000_01b3
                hash ^= hash >> 29
            }
        }
        return hash
    }
}
