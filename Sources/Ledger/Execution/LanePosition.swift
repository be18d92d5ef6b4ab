// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Vocabulary

/// How far the lanes of an epoch are executed, as the state keeps it (LEDGER-19).
public struct LanePosition: CanonicalCodable, Hashable {
    /// The epoch whose lanes they are.
    public let epoch: Epoch
    /// Their tips, and which of them are closed.
    public let order: LaneOrder

    /// Joins the two.
    public init(epoch: Epoch, order: LaneOrder) {
        self.epoch = epoch
        self.order = order
    }

    /// Where the lanes of an epoch stand in a state; at their beginning when the state knows only
    /// of an earlier epoch.
    ///
    /// - Parameter count: How many lanes the epoch has: its validators.
    public static func order(
        of epoch: Epoch, lanes count: Int, in state: any StateReader
    ) -> LaneOrder {
        guard let bytes = state.value(.ledger, LedgerKeys.lanes),
            let known = try? LanePosition(canonicalBytes: bytes), known.epoch == epoch,
            known.order.tips.count == count
        else { return LaneOrder(lanes: count) }
        return known.order
    }

    /// Appends the epoch, then the order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(order)
    }

    /// Reads both.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        order = try decoder.read()
    }
}
