// SPDX-License-Identifier: Apache-2.0

/// Holds every weight to a share of all weight (VALIDATORS-9); the proof is in the README.
enum VotingCap {
    /// The weights, each no more than the largest limit `L` with `L ≤ share · Σ min(w, L)`.
    ///
    /// - Parameters:
    ///   - weights: Descending, each from 1 to 2^53, at most 100 of them.
    ///   - partsPerMillion: The largest share; where so few members cannot keep it, an equal share
    ///     for all.
    static func clamped(_ weights: [UInt64], partsPerMillion: UInt64) -> [UInt64] {
        let million: UInt128 = 1_000_000
        guard let least = weights.last else { return [] }
        let share = UInt128(partsPerMillion)
        guard share * UInt128(weights.count) >= million else {
            return weights.map { _ in least }
        }
        var rest = weights.reduce(UInt128(0)) { $0 + UInt128($1) }
        for (clamped, weight) in weights.enumerated() {
            // With the `clamped` largest held to L: L · million ≤ share · (clamped · L + rest).
            // Below a million here, for else the loop would have ended before (README).
            let held = share * UInt128(clamped)
            let limit = share * rest / (million - held)
            if limit >= UInt128(weight) {
                return weights.map { UInt64(min(UInt128($0), limit)) }
            }
            rest -= UInt128(weight)
        }
        preconditionFailure("the loop ends at the last weight a cap can hold")
    }
}
