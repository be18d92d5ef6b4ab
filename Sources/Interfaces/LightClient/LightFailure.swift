// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Ledger
public import StateTree
public import Vocabulary

/// The first thing about a proof that does not hold.
public enum LightFailure: Error, Equatable, Sendable {
    /// The genesis names no valid set of validators.
    case validators(ValidatorSetError)
    /// A header is of another chain than the genesis begins.
    case otherChain(BlockHeight, ChainID)
    /// The signatures do not show that the block of this height is final.
    case notFinal(BlockHeight, FinalityError)
    /// Who votes in this epoch is not known: the reader has followed the chain from one epoch to
    /// another.
    case unknownEpoch(Epoch, oldest: Epoch, newest: Epoch)
    /// The handover of this epoch carries the state of another height than the epoch's cut.
    case notAtCut(Epoch, state: BlockHeight)
    /// The handover of the first epoch names the validators of the second, which is not the next.
    case wrongSuccessor(Epoch, Epoch)
    /// The validators of this epoch signed a handover to other validators than are known: two
    /// histories of one chain.
    case conflictingHandover(Epoch)
    /// The header at this place does not follow the one before it.
    case brokenChain(Int)
    /// There are no headers, or more than ``LightVerifier/headersMax``.
    case headerCount(Int)
    /// The state that the header of this height certifies does not hold what the entry says.
    case notInState(BlockHeight, ProofFailure)
    /// The proven value does not read as what lies under its key.
    case unreadable(CanonicalError)
    /// The proven receipt contradicts itself; the words say how.
    case unsound([String])
    /// The file says nothing about this key.
    case notInFile(ModuleID, key: [UInt8])
}

extension LightFailure: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .validators(let error): "the genesis names no valid set of validators: \(error)"
        case .otherChain(let height, let chain):
            "the header of block \(height) is of chain \(chain)"
        case .notFinal(let height, let error): "block \(height) is not proven final: \(error)"
        case .unknownEpoch(let epoch, let oldest, let newest):
            "who votes in epoch \(epoch) is not known; known are epochs \(oldest) to \(newest)"
        case .notAtCut(let epoch, let state):
            "the handover of epoch \(epoch) carries the state of block \(state), not of its cut"
        case .wrongSuccessor(let epoch, let next):
            "the handover of epoch \(epoch) names the validators of epoch \(next)"
        case .conflictingHandover(let epoch):
            "validators of epoch \(epoch) signed two different sets for the next: two histories"
        case .brokenChain(let place): "header \(place) does not follow the one before it"
        case .headerCount(let count):
            "a chain of \(count) headers; it has 1 to \(LightVerifier.headersMax)"
        case .notInState(let height, let error):
            "the state that block \(height) certifies does not say so: \(error)"
        case .unreadable(let error): "the proven value does not read: \(error)"
        case .unsound(let flaws): flaws.joined(separator: "; ")
        case .notInFile(let module, let key):
            "the file says nothing of key \(Hexadecimal.encode(key)) of module \(module.value)"
        }
    }
}
