// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MandatesModule {
    /// Ends a mandate at once; what is a part of it covers nothing from here on (MANDATES-7).
    func revoke(
        _ message: RevokeMandate, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = MandatesQueries(context)
        guard let mandate = queries.mandate(message.mandate) else {
            throw .mandates(.unknownMandate, "there is no mandate \(message.mandate)")
        }
        guard mayEnd(mandate, sender, in: context) else {
            throw .mandates(.mayNotRevoke, "\(sender) stands nowhere in its chain")
        }
        context.set(.mandates, MandatesKeys.mandate(mandate.id), nil)
        context.set(.mandates, MandatesKeys.expenses(mandate.id), nil)
        context.set(.mandates, MandatesKeys.granted(mandate.principal, mandate.id), nil)
        context.emit(.mandateEnded, about: mandate.id.raw, mandate)
    }

    /// Whoever stands in the chain may end it; what covers nothing any more, anybody may remove.
    private func mayEnd(
        _ mandate: Mandate, _ sender: AccountID, in context: ExecutionContext
    ) -> Bool {
        guard sender != mandate.principal, mandate.scope.until > context.block.time else {
            return true
        }
        guard let chain = try? MandatesQueries(context).chain(to: mandate.id) else { return true }
        return chain.contains { $0.delegate == sender }
    }
}
