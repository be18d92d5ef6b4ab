// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Takes down what a provider has, as far as its bond backs it (LEASES-2).
    func declareCapacity(
        _ message: DeclareCapacity, from sender: AccountID
    ) throws(Refusal) {
        guard message.capacity.isWellFormed, LeaseWords.isName(message.region),
            LeaseWords.areNames(message.attributes)
        else {
            throw LeasesRefusal.badCapacity.refusal(
                "names are 1 to 32 of a-z, 0-9 and . - / = _, ascending, each once, with an "
                    + "amount above zero")
        }
        if message.capacity != .zero { try checkBond(of: sender, for: message.capacity) }
        let held = book.capacity(of: sender)?.held ?? .zero
        guard held.fits(in: message.capacity) else {
            throw LeasesRefusal.capacityInUse.refusal(
                "bids and leases hold more than would be declared")
        }
        book.write(
            ProviderCapacity(
                declared: message.capacity, held: held, region: message.region,
                attributes: message.attributes), of: sender)
        emit(
            .capacityDeclared, about: sender.raw,
            LeaseNote(sender) { $0.number = message.capacity.milliCores })
    }

    private func checkBond(
        of sender: AccountID, for capacity: ResourceAmounts
    ) throws(Refusal) {
        guard let backing = providers.backing(of: sender, in: context), backing.isActive else {
            throw LeasesRefusal.notProvider.refusal("\(sender) is no active provider")
        }
        let wanted = parameters.bondPerCore.scaledUp(
            by: UInt128(capacity.milliCores), over: 1_000)
        guard let wanted, wanted <= backing.bond else {
            throw LeasesRefusal.bondTooSmall.refusal(
                "a core needs a bond of \(parameters.bondPerCore); the bond is \(backing.bond)")
        }
    }
}
