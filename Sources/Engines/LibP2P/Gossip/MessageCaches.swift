// SPDX-License-Identifier: Apache-2.0

/// Which messages have been seen, and what became of them; the oldest are forgotten first.
struct SeenMessages: Sendable {
    /// What is thought of a message.
    enum Verdict: Sendable {
        case undecided
        case valid(at: UInt64)
        case invalid
        case ignored
    }

    struct Entry: Sendable {
        let seenAt: UInt64
        var verdict = Verdict.undecided
        /// Who else brought it while it was undecided.
        var bringers: [PeerID] = []
    }

    /// The most bringers remembered of one undecided message.
    static let bringersMax = 32

    private let countMax: Int
    private let milliseconds: UInt64
    private var entries: [[UInt8]: Entry] = [:]
    private var order: [[UInt8]] = []
    private var head = 0

    init(countMax: Int, milliseconds: UInt64) {
        self.countMax = countMax
        self.milliseconds = milliseconds
    }

    var count: Int { entries.count }

    subscript(id: [UInt8]) -> Entry? {
        get { entries[id] }
        set { if entries[id] != nil { entries[id] = newValue } }
    }

    func contains(_ id: [UInt8]) -> Bool { entries[id] != nil }

    /// Notes a message.
    ///
    /// - Returns: Whether it is new.
    mutating func insert(_ id: [UInt8], now: UInt64) -> Bool {
        guard entries[id] == nil else { return false }
        entries[id] = Entry(seenAt: now)
        order.append(id)
        if entries.count > countMax { forgetOldest() }
        return true
    }

    /// Forgets what is old.
    mutating func expire(now: UInt64) {
        while head < order.count, let entry = entries[order[head]],
            entry.seenAt + milliseconds <= now
        {
            forgetOldest()
        }
    }

    private mutating func forgetOldest() {
        guard head < order.count else { return }
        entries[order[head]] = nil
        head += 1
        if head > 1_024, head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
    }
}

/// The messages of the last heartbeats, for gossip and for those who ask.
///
/// Source: gossipsub v1.0 specification, "Message Cache".
struct MessageCache: Sendable {
    private struct Kept: Sendable {
        let topic: String
        let encoded: [UInt8]
        var given: [PeerID: Int] = [:]
    }

    private let gossipLength: Int
    private let bytesMax: Int
    private let countMax: Int
    private var messages: [[UInt8]: Kept] = [:]
    private var windows: [[(id: [UInt8], topic: String)]]
    private var bytes = 0

    init(_ parameters: GossipParameters) {
        gossipLength = parameters.historyGossip
        bytesMax = parameters.historyBytesMax
        countMax = parameters.historyMessagesMax
        windows = Array(repeating: [], count: max(1, parameters.historyLength))
    }

    var count: Int { messages.count }

    /// Keeps a message; when there is no room it is only forwarded, not gossiped.
    mutating func put(_ id: [UInt8], topic: String, encoded: [UInt8]) {
        guard messages[id] == nil, bytes + encoded.count <= bytesMax, messages.count < countMax
        else { return }
        messages[id] = Kept(topic: topic, encoded: encoded)
        bytes += encoded.count
        windows[0].append((id, topic))
    }

    /// A message for a peer that asks, and how often it has been given to it by now.
    mutating func take(_ id: [UInt8], for peer: PeerID) -> (encoded: [UInt8], times: Int)? {
        guard var kept = messages[id] else { return nil }
        let times = kept.given[peer, default: 0] + 1
        kept.given[peer] = times
        messages[id] = kept
        return (kept.encoded, times)
    }

    /// The ids of a topic that are worth gossip.
    func gossip(_ topic: String) -> [[UInt8]] {
        windows.prefix(gossipLength).flatMap { window in
            window.filter { $0.topic == topic }.map(\.id)
        }
    }

    /// Begins a new window and forgets the oldest.
    mutating func shift() {
        for (id, _) in windows.removeLast() {
            if let kept = messages.removeValue(forKey: id) { bytes -= kept.encoded.count }
        }
        windows.insert([], at: 0)
    }
}
