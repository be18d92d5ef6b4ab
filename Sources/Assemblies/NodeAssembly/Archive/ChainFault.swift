// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Effects
public import Vocabulary

/// The first thing about a chain of stored blocks that does not hold, and its height (ARCHIVE-3).
public enum ChainFault: Error, Equatable, Sendable {
    /// No whole record of this block is stored, although blocks follow or followed it.
    case damaged(BlockHeight, LogFlaw)
    /// The blocks up to and with this one are not stored.
    case missing(BlockHeight)
    /// The stored record is no block.
    case unreadable(BlockHeight, CanonicalError)
    /// The block is of another chain.
    case otherChain(BlockHeight, ChainID)
    /// The block does not follow the one before it.
    case brokenLink(BlockHeight)
    /// The block names another proposer than the leader of its slot.
    case wrongLeader(BlockHeight)
    /// Who decides the epoch of the block is not known: the epoch before has not ended, or what is
    /// recorded of its end does not hold.
    case unknownEpoch(BlockHeight)
    /// No quorum made the block final.
    case notFinal(BlockHeight, FinalityError)
    /// The payload does not read as a cut of lanes.
    case badPayload(BlockHeight, CanonicalError)
    /// The batches stored with the block are not those that it orders.
    case badBatches(BlockHeight, LaneOrderError)
    /// Executing the block breaks a rule; the words say which.
    case notExecutable(BlockHeight, String)
    /// Executing the first block gives another root than the second block, which a quorum made
    /// final, vouches for.
    case wrongRoot(BlockHeight, in: BlockHeight, certified: Digest, computed: Digest)
    /// The block vouches for a state older than any that its voters can have known.
    case forgottenState(BlockHeight, BlockHeight)

    /// The height of the first bad block.
    public var height: BlockHeight {
        switch self {
        case .damaged(let height, _), .missing(let height), .unreadable(let height, _),
            .otherChain(let height, _), .brokenLink(let height), .wrongLeader(let height),
            .unknownEpoch(let height), .notFinal(let height, _), .badPayload(let height, _),
            .badBatches(let height, _),
            .notExecutable(let height, _), .wrongRoot(let height, _, _, _),
            .forgottenState(let height, _):
            height
        }
    }
}

extension ChainFault: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .damaged(let height, let flaw):
            "block \(height) is not whole: \(flaw.path) \(flaw.reason)"
        case .missing(let height): "the blocks up to \(height) are not here"
        case .unreadable(let height, let error): "block \(height) does not read: \(error)"
        case .otherChain(let height, let chain): "block \(height) is of chain \(chain)"
        case .brokenLink(let height): "block \(height) does not follow the one before it"
        case .wrongLeader(let height):
            "block \(height) was not proposed by the leader of its slot"
        case .unknownEpoch(let height):
            "who decides block \(height) is not known: its epoch does not follow the one before"
        case .notFinal(let height, let error): "block \(height) is not proven final: \(error)"
        case .badPayload(let height, let error):
            "block \(height) holds no cut of lanes that reads: \(error)"
        case .badBatches(let height, let error):
            "block \(height) is stored with other batches than it orders: \(error)"
        case .notExecutable(let height, let reason):
            "block \(height) cannot be executed: \(reason)"
        case .wrongRoot(let height, let header, let certified, let computed):
            "executing block \(height) gives the state root \(computed), "
                + "while block \(header) certifies \(certified)"
        case .forgottenState(let height, let state):
            "block \(height) vouches for the state of block \(state), which is too old"
        }
    }
}

/// Why stored blocks could not be gone through to their end.
public enum ArchiveFailure: Error, Equatable, Sendable {
    /// A block does not hold.
    case fault(ChainFault)
    /// The disk failed, or another process uses the folder.
    case disk(DiskFailure)
    /// The genesis names no valid set of validators.
    case validators(ValidatorSetError)
    /// The file is no archive.
    case notAnArchive
    /// The archive's bytes are damaged at this offset.
    case damaged(offset: UInt64, reason: String)
    /// The archive begins another chain than the one that is trusted.
    case otherGenesis(ChainID)
    /// Blocks are stored there already.
    case notEmpty(blocks: UInt64)
    /// The state cannot be kept while blocks are executed; the words say why.
    case state(String)
}

/// How far a walk through stored blocks has come.
public struct ArchiveProgress: Sendable {
    /// The last block that was dealt with.
    public let height: BlockHeight
    /// Bytes dealt with.
    public let bytesDone: UInt64
    /// Bytes of all.
    public let bytesTotal: UInt64
}
