// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of reputation: what providers did, kept for ever, and a score that follows from it.
public struct ReputationModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.reputation
    /// The module's name.
    public let name = "reputation"

    /// Creates the module; all it knows is in the state.
    public init() {}

    /// Refuses: nobody writes evidence by message, only other modules do (REPUTATION-1).
    ///
    /// - Throws: `noMessages`, always.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        throw .reputation(.noMessages, "reputation takes no messages; the market records evidence")
    }

    /// Writes the weights of `/modules/reputation`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        let weights = try ReputationWeights(genesis: genesis)
        context.set(.reputation, ReputationKeys.weights, weights.canonicalBytes)
    }

    /// Checks that a block only added evidence, and that its counters say so (REPUTATION-4).
    public func breaches(after block: ExecutionContext) -> [String] {
        ReputationInvariants.breaches(after: block)
    }

    /// Counts every provider's evidence again (REPUTATION-4).
    public func breaches(in state: any StateReader) -> [String] {
        ReputationInvariants.breaches(in: state)
    }
}
