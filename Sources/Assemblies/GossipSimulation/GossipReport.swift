// SPDX-License-Identifier: Apache-2.0

/// What honest nodes have sent.
struct FieldTraffic {
    var messageBytes: UInt64 = 0
    var controlBytes: UInt64 = 0
    var messages: UInt64 = 0

    mutating func count(_ parcel: Parcel) {
        if parcel.rpc.messages.isEmpty {
            controlBytes += UInt64(parcel.bytes)
        } else {
            messageBytes += UInt64(parcel.bytes)
            messages += 1
        }
    }
}

/// What came of a field.
public struct GossipReport: Sendable, CustomStringConvertible {
    /// Messages published by honest nodes.
    public var messages = 0
    /// Pairs of a message and an honest node that was there for it.
    public var owed = 0
    /// Those of them that came.
    public var delivered = 0
    /// Messages that came to a node twice.
    public var repeats = 0
    /// Delays in microseconds: half of all deliveries, 99 of a hundred, and all took no longer.
    public var delays = (half: UInt32(0), p99: UInt32(0), longest: UInt32(0))
    /// The mean number of links a message went over, in thousandths.
    public var meanHopsPerMille = 0
    /// The links of the shallowest tree in which everybody passes on to as many as a mesh has.
    public var treeDepth = 0
    /// The mean round trip of two nodes, in microseconds.
    public var meanRoundTrip: UInt64 = 0
    /// Bytes of messages sent for each byte that a tree without any excess would send, in
    /// thousandths; and of everything, control too.
    public var overheadPerMille = (messages: 0, all: 0)
    /// How many of a thousand members of honest nodes' meshes are villains, at the end.
    public var hostileMeshPerMille = 0
    /// The most messages that one node has not got, and how many of the surrounded miss any.
    public var worst = (missing: 0, victims: 0)
    /// A hash of all deliveries: the same for the same scenario and seed.
    public var digest: UInt64 = 0

    /// Of a million owed messages, how many came.
    public var deliveredPerMillion: Int { owed == 0 ? 0 : delivered * 1_000_000 / owed }

    /// What of the promises is broken; empty when all hold.
    public func broken(_ scenario: GossipScenario) -> [String] {
        var broken: [String] = []
        if deliveredPerMillion < 999_000 {
            broken.append("delivery \(Self.decimal(deliveredPerMillion / 10, 1_000)) % < 99.9 %")
        }
        if repeats > 0 { broken.append("\(repeats) messages came twice") }
        switch scenario.distance {
        case .near where delays.p99 >= 100_000:
            broken.append("p99 \(delays.p99 / 1_000) ms is not below 100 ms")
        case .wide where UInt64(delays.p99) > 2 * meanRoundTrip * UInt64(treeDepth):
            broken.append("p99 \(delays.p99 / 1_000) ms is above two round trips for each link")
        default: break
        }
        return broken
    }

    /// A number of thousandths, or of so many parts, with its decimals.
    private static func decimal(_ value: Int, _ parts: Int) -> String {
        let digits = String(parts).utf8.count - 1
        let rest = String(value % parts)
        return "\(value / parts)." + String(repeating: "0", count: digits - rest.utf8.count) + rest
    }

    /// One line for people.
    public var description: String {
        """
        \(messages) messages, \(Self.decimal(deliveredPerMillion / 10, 1_000)) % of \(owed) \
        deliveries, p50 \(delays.half / 1_000) p99 \(delays.p99 / 1_000) longest \
        \(delays.longest / 1_000) ms, \(Self.decimal(meanHopsPerMille, 1_000)) links (tree \
        \(treeDepth)), \(Self.decimal(overheadPerMille.messages, 1_000)) times a tree's bytes \
        (\(Self.decimal(overheadPerMille.all, 1_000)) with control), villains \
        \(Self.decimal(hostileMeshPerMille, 10)) % of meshes, most missed by one node \
        \(worst.missing)
        """
    }
}

extension GossipField {
    /// Sums up.
    func report() -> GossipReport {
        var report = GossipReport()
        let end = milliseconds
        let outcome = book.outcome { number, publishedAt in
            let node = self.nodes[number]
            // A node that has left since has another beginning, or is not up.
            return node.role == .honest && node.isUp && end > publishedAt / 1_000
                && node.upSince + GossipScenario.settledMilliseconds <= publishedAt / 1_000
        }
        report.messages = book.count
        report.owed = outcome.owed
        report.delivered = outcome.delays.count
        report.repeats = book.repeats
        report.digest = book.digest
        report.meanRoundTrip = delays.meanRoundTrip
        report.treeDepth = depth
        report.hostileMeshPerMille = hostileShare
        report.worst = (
            outcome.missing.values.max() ?? 0, victims.count { outcome.missing[$0] != nil }
        )
        guard !outcome.delays.isEmpty else { return report }
        let count = outcome.delays.count
        report.delays = (
            outcome.delays[count / 2], outcome.delays[min(count - 1, count * 99 / 100)],
            outcome.delays[count - 1]
        )
        report.meanHopsPerMille = outcome.hops * 1_000 / count
        // A tree sends each message once to each honest node that is there.
        let tree = UInt64(book.count) * UInt64(honestCount - 1) * traffic.meanMessageBytes
        report.overheadPerMille = (
            Int(traffic.messageBytes * 1_000 / max(tree, 1)),
            Int((traffic.messageBytes + traffic.controlBytes) * 1_000 / max(tree, 1))
        )
        return report
    }

    private var depth: Int {
        var (reached, links) = (1, 0)
        while reached < scenario.nodes {
            links += 1
            reached = reached * scenario.parameters.degree + 1
        }
        return links
    }

    private var hostileShare: Int {
        var (hostile, all) = (0, 0)
        for node in nodes where node.role == .honest && node.isUp {
            for peer in node.router.meshPeers(of: Self.topic) {
                all += 1
                if let number = numbers[peer], nodes[number].role != .honest { hostile += 1 }
            }
        }
        return all == 0 ? 0 : hostile * 1_000 / all
    }
}

extension FieldTraffic {
    /// How long a message is on the wire.
    var meanMessageBytes: UInt64 { messages == 0 ? 0 : messageBytes / messages }
}
