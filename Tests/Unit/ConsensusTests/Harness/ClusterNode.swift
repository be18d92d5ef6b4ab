// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

@testable import Consensus

/// How a node of the simulated network behaves.
enum Conduct: Equatable {
    case honest
    /// Never says anything.
    case silent
    /// Proposes two blocks where it leads and votes both ways.
    case equivocator
    /// States a false state root in its blocks.
    case liar
    /// Shows its proposals and votes to some peers only.
    case withholder
    /// Runs the key of another node, unaware of it.
    case twin

    /// Whether evidence against its key would be a fault of the machine.
    var keepsTheRules: Bool {
        switch self {
        case .honest, .silent, .liar, .withholder: true
        case .equivocator, .twin: false
        }
    }
}

/// A machine with the host around it: a disk, a block log, an executor.
struct ClusterNode {
    let key: SigningKey
    let votes: Bool
    let conduct: Conduct
    var machine: ConsensusMachine?
    /// Grows with every crash, so that what was under way before is recognised.
    var life = 0
    /// Carry out so many effects of the next answer, then crash.
    var dieAfterEffects: Int?

    // What survives a crash.
    var records: [ConsensusRecord] = []
    var log: [FinalizedBlock] = []

    // What does not.
    var roots: [Digest] = []
    var executing = 0
    var executorFreeAt: UInt64 = 0

    var isUp: Bool { machine != nil }

    /// The state root after one more block.
    static func root(after root: Digest, _ block: Block) -> Digest {
        SHA256.hash(root.raw.bytes + block.hash.raw.bytes)
    }

    /// Executes the block log up to `height` at once, as a restart does.
    mutating func replay(to height: Int, genesis: Digest) {
        roots = [genesis]
        for record in log.prefix(height) {
            roots.append(Self.root(after: roots[roots.count - 1], record.block))
        }
        executing = height
    }
}
