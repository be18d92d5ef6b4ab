// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// The validators of a genesis as first members, with weight that it grants them (VALIDATORS-2).
enum ValidatorsGenesis {
    /// Writes members in the file's order, and the set of epoch 0.
    static func write(
        _ validators: [GenesisValidator], of module: ValidatorsModule, in context: ExecutionContext
    ) throws(GenesisFailure) {
        guard !validators.isEmpty else { return }
        var seats: [Seat] = []
        for (place, validator) in validators.enumerated() {
            guard module.member(of: validator.account, in: context) == nil else {
                throw GenesisFailure(
                    pointer: "/validators/\(place)/account",
                    reason: "governs another validator already")
            }
            let member = ValidatorMember(
                account: validator.account, key: validator.publicKey, name: validator.name,
                fees: validator.account, status: .active, bond: .zero, backing: .zero,
                granted: validator.stake, slashed: .zero, since: context.block.height)
            module.keep(validator.publicKey, of: validator.account, in: context)
            module.write(member, in: context)
            seats.append(Seat(member, weight: validator.stake))
        }
        module.write(EpochSeats(seats), of: Epoch(0), in: context)
    }
}
