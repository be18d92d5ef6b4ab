// SPDX-License-Identifier: Apache-2.0
import PeerNetwork

/// The numbers by which nodes tell their messages apart (specs/node.md NODE-2).
enum MeshChannels {
    /// Votes, proposals, certificates, status.
    static let consensus = Channel(1, priority: .consensus)
    /// Final blocks for a node that is behind: the same messages, after everything urgent.
    static let history = Channel(1, priority: .bulk)
    /// Signed transactions on their way to the validators.
    static let transactions = Channel(2, priority: .transactions)
    /// What validators hold of the lanes, and questions for batches.
    static let vectors = Channel(5, priority: .consensus)
    /// New batches.
    static let batches = Channel(5, priority: .transactions)
    /// Batches that were asked for.
    static let batchAnswers = Channel(5, priority: .bulk)
    /// Ranges of blobs, as request and answer.
    static let blobs = Channel(3, priority: .bulk)
    /// Snapshots and single blocks for nodes that join, as request and answer.
    static let sync = Channel(6, priority: .bulk)
}
