// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Verdicts given before, for a process in which many nodes are asked about the same signatures.
///
/// A verdict is a function of the claim alone (CRYPTO-5), so the one remembered is the one that
/// would be given: only time is saved. Where no memory is bound, nothing is remembered.
public final class VerdictMemory: Sendable {
    /// The most verdicts remembered, after which all are forgotten: 65,536 of some 400 bytes.
    private static let verdictsMax = 65_536

    /// The memory of this task and of those it starts.
    @TaskLocal public static var current: VerdictMemory?

    private let verdicts = Mutex<[SignatureClaim: Bool]>([:])

    /// Remembers nothing yet.
    public init() {}

    /// The verdict on a claim, decided by `decide` when it is asked for the first time.
    func verdict(_ claim: SignatureClaim, _ decide: () -> Bool) -> Bool {
        if let known = verdicts.withLock({ $0[claim] }) { return known }
        let verdict = decide()
        verdicts.withLock { verdicts in
            if verdicts.count >= Self.verdictsMax { verdicts.removeAll(keepingCapacity: true) }
            verdicts[claim] = verdict
        }
        return verdict
    }
}
