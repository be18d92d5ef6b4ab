// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeAssembly
import Vocabulary

/// Whom a message is for.
enum Audience {
    case everybody
    case one(PublicKey)

    /// Says something to it.
    func hears(_ message: ConsensusMessage) -> ConsensusEffect {
        switch self {
        case .everybody: .broadcast(message)
        case .one(let peer): .send(to: peer, message)
        }
    }

    var isEverybody: Bool {
        if case .everybody = self { true } else { false }
    }
}

/// A conduct that changes only what is said.
protocol SpokenConduct: ValidatorConduct {
    /// What is said instead of a message.
    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect]
}

extension SpokenConduct {
    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] { spoken(effects) }

    /// The effects with everything said by ``speak(_:to:)``.
    func spoken(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        effects.flatMap { effect in
            switch effect {
            case .broadcast(let message): speak(message, to: .everybody)
            case .send(let peer, let message): speak(message, to: .one(peer))
            default: [effect]
            }
        }
    }
}
