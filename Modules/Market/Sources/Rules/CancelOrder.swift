// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MarketDesk {
    /// Ends an order at its client's wish, while no result is committed (MARKET-14).
    func cancelOrder(_ message: CancelOrder, from sender: AccountID) throws(Refusal) {
        let order = try liveOrder(message.job)
        guard sender == order.client else {
            throw MarketRefusal.notClient.refusal("only the client may cancel its order")
        }
        try expect(by: order.terms.deadline, "the order")
        guard order.leases.allSatisfy({ $0.progress == .running }) else {
            throw MarketRefusal.tooLate.refusal("a result is committed; the order runs to its end")
        }
        // Whoever has begun to work gets the part of its price that does not depend on fuel.
        let executions = order.leases.map { lease in
            ReceiptExecution(
                of: lease, bill: lease.price.base, paid: lease.price.base, finding: .undecided)
        }
        try end(order, as: .cancelled, executions: executions)
    }
}
