// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A module whose figures can be changed while the chain runs, by whoever the law lets do it.
///
/// Figures are named as in the module's part of a genesis file, and checked by the same rules.
public protocol AdjustableModule: LedgerModule {
    /// The figures that hold, as a genesis file would name them.
    func figures(in state: any StateReader) -> JSON

    /// Sets all figures.
    ///
    /// - Throws: ``GenesisFailure`` with the first that is out of its range; nothing has changed.
    func adjust(to figures: JSON, in context: ExecutionContext) throws(GenesisFailure)
}
