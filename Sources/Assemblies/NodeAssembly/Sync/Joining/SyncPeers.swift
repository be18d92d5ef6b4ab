// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Vocabulary

/// What a peer says to a request.
enum SyncReply: Sendable, Equatable {
    /// The answer's bytes.
    case answer([UInt8])
    /// No; nothing when the transport itself refused.
    case refused(SyncRefusal?)
    /// It is away, or did not answer in time.
    case silent
}

/// Whom a joining node asks.
protocol SyncPeers: Sendable {
    /// All that are connected, in key order.
    func everyone() async -> [PublicKey]
    /// Asks one of them.
    func ask(_ request: SyncRequest, of peer: PublicKey) async -> SyncReply
}

/// Who says which headers are final (SYNC-6).
///
/// Which validators sign an epoch follows from the epochs before it, so a judge may have to ask
/// peers for what shows it.
protocol FinalityJudge: Sendable {
    /// Checks that a header is final on the chain.
    func verify(
        _ header: BlockHeader, _ finality: FinalityProof, asking peers: any SyncPeers
    ) async throws(SyncFault)
}

/// What shows that a peer's word is false or of no use; it is not asked again.
enum SyncFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What it sent does not read.
    case malformed(String)
    /// The header that it sent as final is not.
    case notFinal(BlockHeight, FinalityError)
    /// Nobody showed who votes in this epoch.
    case unknownEpoch(Epoch)
    /// The manifest contradicts its own header or the offer.
    case manifestContradicts(BlockHeight)
    /// The index is not the one whose digest the manifest names.
    case otherIndex
    /// The index does not lead to the root.
    case falseIndex(String)
    /// The chunk does not hold what lies below its node.
    case falseChunk(part: Int, String)
    /// The block is not the one of this height.
    case otherBlock(BlockHeight)

    /// One clause for people.
    var description: String {
        switch self {
        case .malformed(let what): "its \(what) does not read"
        case .notFinal(let height, let error): "its block \(height) is not final: \(error)"
        case .unknownEpoch(let epoch): "nobody shows who votes in its epoch \(epoch)"
        case .manifestContradicts(let height):
            "its manifest of height \(height) contradicts its own header"
        case .otherIndex: "its index is not the one its manifest names"
        case .falseIndex(let reason): "its index does not lead to the root: \(reason)"
        case .falseChunk(let part, let reason): "its chunk of part \(part) is false: \(reason)"
        case .otherBlock(let height): "it sent another block as block \(height)"
        }
    }
}

/// Why joining from a snapshot ended; the next start goes on where it stopped.
public enum SyncFailure: Error, Sendable, Equatable {
    /// The disk failed or is full.
    case disk(DiskFailure)
    /// No peer holds the first block, and none offers a snapshot that holds.
    case nothingOffered(asked: Int)
    /// Every peer that offered the snapshot went away or was banned.
    case sourcesLost(BlockHeight)
    /// What was built does not have the root although every chunk did: the disk or this program
    /// errs.
    case wrongState(String)
    /// The task was cancelled.
    case stopped
}

extension SyncFailure: CustomStringConvertible {
    /// What happened and what to do.
    public var description: String {
        switch self {
        case .disk(.full(let path)):
            "no space is left for \(path): make room and start again; what is there is kept"
        case .disk(let failure):
            "the disk failed (\(failure)): start again when it works; what is there is kept"
        case .nothingOffered(let asked):
            "none of \(asked) peers holds block 1 or offers a snapshot that holds: name a peer "
                + "that keeps every block (archive) or one that makes snapshots"
        case .sourcesLost(let height):
            "no peer offers the snapshot of height \(height) any more: start again to take another"
        case .wrongState(let reason):
            "the state that was built is not the certified one (\(reason)): check the disk and "
                + "start again"
        case .stopped: "stopped; the next start goes on"
        }
    }
}
