// SPDX-License-Identifier: Apache-2.0

extension LedgerParameters {
    /// The figures that hold in a state; ``standard`` in one without any.
    public init(in state: any StateReader) {
        let stored = state.value(.ledger, LedgerKeys.parameters)
        self = stored.flatMap { try? LedgerParameters(canonicalBytes: $0) } ?? .standard
    }
}
