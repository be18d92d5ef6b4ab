// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension RegistryModule {
    /// Makes the sender a provider (REGISTRY-3): Unbonded or Withdrawn becomes Bonded.
    func register(
        _ message: RegisterProvider, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try message.terms.check()
        guard AccountID(of: message.peer) == sender else {
            throw .registry(.notPeerKey, "the account of the peer key is not the sender's")
        }
        let earlier = provider(sender, in: context)
        if let earlier, earlier.status != .withdrawn {
            throw .registry(.alreadyRegistered, "it is \(earlier.status)")
        }
        let bondMin = parameters(in: context).bondMin
        guard message.bond >= bondMin else {
            throw .registry(.bondTooSmall, "the bond is \(message.bond); the least is \(bondMin)")
        }
        try bank.holdBond(message.bond, of: sender, in: context)
        let provider = Provider(
            account: sender, peer: message.peer, terms: message.terms, status: .bonded,
            bond: message.bond, slashed: earlier?.slashed ?? .zero,
            since: earlier?.since ?? context.block.height)
        write(provider, in: context)
        context.emit(.providerRegistered, provider)
    }
}
