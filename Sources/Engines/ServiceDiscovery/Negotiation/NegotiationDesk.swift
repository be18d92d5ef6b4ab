// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// The negotiations that a node follows, within limits. A value, as each of them is.
///
/// Source: DISCOVERY-28.
public struct NegotiationDesk: Sendable {
    /// How much is followed.
    public struct Limits: Sendable {
        /// Tasks in all: 1,024 of at most 54 KiB are 55 MiB.
        public var tasksMax = 1_024
        /// Tasks of one client.
        public var perClientMax = 16
        /// How long a task is remembered after its time for awards.
        public var keepMilliseconds: UInt64 = 600_000

        /// The usual limits.
        public init() {}
    }

    private struct Ending: Comparable, Sendable {
        let at: Timestamp
        let task: TaskID
        static func < (left: Self, right: Self) -> Bool {
            (left.at, left.task) < (right.at, right.task)
        }
    }

    /// The chain whose tasks are followed.
    public let chain: ChainID
    private let limits: Limits
    private var negotiations: [TaskID: TaskNegotiation] = [:]
    private var endings = OrderedIndex<Ending>()
    private var perClient: [PublicKey: Int] = [:]

    /// Follows nothing yet.
    public init(chain: ChainID, _ limits: Limits = Limits()) {
        self.chain = chain
        self.limits = limits
    }

    /// How many tasks are followed.
    public var count: Int { negotiations.count }

    /// One negotiation.
    public subscript(task: TaskID) -> TaskNegotiation? { negotiations[task] }

    /// Tasks whose bids are awaited, those that end first in front; at most `limit`.
    public func open(at now: Timestamp, limit: Int = 100) -> [TaskNegotiation] {
        var found: [TaskNegotiation] = []
        endings.walk { ending in
            if let one = negotiations[ending.task], one.phase(at: now) == .bidding {
                found.append(one)
            }
            return found.count < limit
        }
        return found
    }

    /// Takes a message of any task.
    ///
    /// - Throws: ``NegotiationRefusal``; nothing has changed then.
    public mutating func receive(
        _ checked: CheckedTaskMessage, at now: Timestamp
    ) throws(NegotiationRefusal) -> NegotiationChange {
        expire(at: now)
        let task = checked.message.task
        if negotiations[task] != nil {
            guard let change = try negotiations[task]?.receive(checked, at: now) else {
                throw .unknownTask
            }
            return change
        }
        guard case .manifest(let manifest) = checked.message else { throw .unknownTask }
        guard negotiations.count < limits.tasksMax,
            perClient[manifest.client] ?? 0 < limits.perClientMax
        else { throw .tooMany }
        negotiations[task] = try TaskNegotiation(checked, on: chain, at: now)
        endings.insert(Ending(at: end(of: manifest), task: task))
        perClient[manifest.client, default: 0] += 1
        return .unchanged
    }

    /// Forgets what ended long ago. Cost: logarithmic for each.
    public mutating func expire(at now: Timestamp) {
        while let ending = endings.first, ending.at < now {
            endings.remove(ending)
            guard let gone = negotiations.removeValue(forKey: ending.task) else { continue }
            let left = (perClient[gone.manifest.client] ?? 1) - 1
            perClient[gone.manifest.client] = left > 0 ? left : nil
        }
    }

    private func end(of manifest: TaskManifest) -> Timestamp {
        manifest.awardBy.advanced(by: limits.keepMilliseconds)
    }
}
