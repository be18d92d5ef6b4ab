// SPDX-License-Identifier: Apache-2.0
import NodeAssembly
import NodeInterface
import Vocabulary

/// What a node may use up, whatever its peers do.
struct Appetite {
    /// How many others there are.
    let peers: Int
    /// How long the world has run.
    let milliseconds: UInt64

    /// What waits for the loop: the limit of a node, and one batch of each peer beyond it.
    private static let inboxInputsMax: UInt64 = 16_384 + 100 * 1_024
    private static let inboxBytesMax: UInt64 = 32 << 20 + 100 * 4 << 20
    /// The most transactions that may wait.
    private static let pendingMax = 20_000
    /// What lanes may hold in memory: far more than all payments of a run, far less than a node's
    /// own limit.
    private static let laneBytesMax: UInt64 = 16 << 20
    /// What a node may send to one peer: 128 KiB a second, ten times what a loaded one needs, and
    /// 8 MiB for one that catches up.
    private static let bytesPerSecond: UInt64 = 128 << 10
    private static let bytesAtOnce: UInt64 = 8 << 20

    /// What a node uses too much of, in words.
    func excess(of status: NodeStatus) -> String? {
        if status.pendingTransactions > Self.pendingMax {
            return "\(status.pendingTransactions) transactions wait"
        }
        let sent = Self.bytesAtOnce + Self.bytesPerSecond * (milliseconds / 1_000 + 1)
        let limits: [(String, UInt64)] = [
            ("inbox_inputs_peak", Self.inboxInputsMax), ("inbox_bytes_peak", Self.inboxBytesMax),
            ("lane_bytes_held", Self.laneBytesMax),
            ("transport_bytes_out_total", sent * UInt64(max(peers, 1))),
        ]
        for (name, limit) in limits {
            guard let value = status.counters.first(where: { $0.name == name })?.value else {
                return "it does not count \(name)"
            }
            if value > limit { return "\(name) is \(value), above \(limit)" }
        }
        return nil
    }
}
