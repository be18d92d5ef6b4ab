// SPDX-License-Identifier: Apache-2.0
import Cryptography
import SimulatedEffects
import Vocabulary

/// One who lives in an economy: an account, and habits that were drawn once. Shares are millionths.
struct Citizen {
    let account: AccountID
    let key: SigningKey
    let isValidator: Bool
    /// The yearly yield from which on it stakes.
    let wantedYield: UInt64
    /// Whether what it stakes compounds.
    let compounds: Bool
    /// Whether it votes.
    let votes: Bool
    /// Whether it says yes to what is asked.
    let agrees: Bool
    /// What it takes of those behind it, as a validator.
    let commission: UInt64
    /// Whom it stakes behind.
    var validator = 0

    /// Draws the habits: yields from 1 to 12 %, half compound, four of ten vote, four fifths of
    /// them yes, commissions from 3 to 12 %.
    init(
        account: AccountID, key: SigningKey, isValidator: Bool, using random: inout SeededGenerator
    ) {
        self.account = account
        self.key = key
        self.isValidator = isValidator
        wantedYield = 10_000 + random.next(upperBound: 110_000)
        compounds = random.happens(perMillion: 500_000)
        votes = random.happens(perMillion: 400_000)
        agrees = random.happens(perMillion: 800_000)
        commission = 30_000 + random.next(upperBound: 90_000)
        validator = random.below(EconomyPlan.validators)
    }
}
