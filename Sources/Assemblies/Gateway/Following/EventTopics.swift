// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Kinds of events that a stream may want (GATEWAY-8).
struct EventTopics: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// Everything that modules tell.
    static let events = EventTopics(rawValue: 1)
    /// What the market tells.
    static let jobs = EventTopics(rawValue: 2)
    /// What governance tells.
    static let proposals = EventTopics(rawValue: 4)
    /// One event for each transaction of a block.
    static let transactions = EventTopics(rawValue: 8)
    /// One event for each block, after all others of it.
    static let blocks = EventTopics(rawValue: 16)

    /// The words of requests.
    static let words: [(name: String, topic: EventTopics)] = [
        ("events", .events), ("jobs", .jobs), ("proposals", .proposals),
        ("transactions", .transactions), ("blocks", .blocks),
    ]

    /// Topics that are rendered only while somebody wants them.
    static let rare: EventTopics = [.transactions, .blocks]

    /// Reads words separated by commas; nothing when one is unknown or none is given.
    init?(_ text: String) {
        self = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = Self.words.first(where: { $0.name == word }) else { return nil }
            insert(known.topic)
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The topics of what a module tells.
    init(of module: ModuleID) {
        self = .events
        if module == .market { insert(.jobs) }
        if module == .governance { insert(.proposals) }
    }
}
