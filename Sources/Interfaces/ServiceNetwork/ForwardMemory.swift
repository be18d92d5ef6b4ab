// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// When known messages were last passed on, so that repeating them costs a network no more than
/// once in a while.
struct ForwardMemory: Sendable {
    /// The most messages remembered: 100 bytes each, 800 KiB.
    static let messagesMax = 8_192

    private let pauseMilliseconds: UInt64
    private var last: [Digest: Timestamp] = [:]

    /// - Parameter pauseMilliseconds: How long one message is not passed on again.
    init(pauseMilliseconds: UInt64) { self.pauseMilliseconds = pauseMilliseconds }

    /// Whether a message may be passed on now; if so, it is noted.
    mutating func admits(_ message: Digest, at now: Timestamp) -> Bool {
        if let before = last[message], now < before.advanced(by: pauseMilliseconds) {
            return false
        }
        if last.count >= Self.messagesMax { forget(at: now) }
        guard last.count < Self.messagesMax else { return false }
        last[message] = now
        return true
    }

    private mutating func forget(at now: Timestamp) {
        last = last.filter { now < $0.value.advanced(by: pauseMilliseconds) }
    }
}

/// What a node counts of announcements and negotiations.
struct ServiceCounters: Sendable {
    var accepted: UInt64 = 0
    var ignored: UInt64 = 0
    var rejected: UInt64 = 0
    var contradictions: UInt64 = 0
    var published: UInt64 = 0
    var unpublished: UInt64 = 0

    /// By metric name, after a prefix.
    func named(_ prefix: String) -> [(name: String, value: UInt64)] {
        [
            ("\(prefix)_accepted_total", accepted),
            ("\(prefix)_contradictions_total", contradictions),
            ("\(prefix)_ignored_total", ignored), ("\(prefix)_published_total", published),
            ("\(prefix)_rejected_total", rejected),
            ("\(prefix)_unpublished_total", unpublished),
        ]
    }
}
