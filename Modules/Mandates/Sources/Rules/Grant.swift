// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MandatesModule {
    /// Begins a mandate of the sender (MANDATES-2).
    func grant(
        _ message: GrantMandate, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if let flaw = message.scope.flaw { throw .mandates(.badScope, flaw) }
        guard message.delegate != sender else {
            throw .mandates(.loop, "nobody needs a mandate to act for itself")
        }
        try enter(
            Mandate(
                id: message.id(sender: sender, transaction: context.transaction),
                principal: sender, delegate: message.delegate, parent: nil, link: 1,
                scope: message.scope), in: context)
    }

    /// Begins a part of the sender's own mandate (MANDATES-6).
    func narrow(
        _ message: NarrowMandate, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if let flaw = message.scope.flaw { throw .mandates(.badScope, flaw) }
        let chain = try MandatesQueries(context).chain(to: message.parent)
        guard let parent = chain.first, parent.delegate == sender else {
            throw .mandates(.notDelegate, "mandate \(message.parent) is not the sender's")
        }
        try Self.checkTime(of: chain, at: context.block.time)
        guard parent.link < Mandate.linksMax else {
            throw .mandates(.tooDeep, "a chain has at most \(Mandate.linksMax) links")
        }
        let people = chain.map(\.delegate) + [parent.principal]
        guard !people.contains(message.delegate) else {
            throw .mandates(.loop, "\(message.delegate) stands in the chain already")
        }
        let widenings = message.scope.widenings(beyond: parent.scope)
        guard widenings.isEmpty else {
            throw .mandates(
                .widens, "it widens: \(widenings.map(\.rawValue).joined(separator: ", "))")
        }
        try enter(
            Mandate(
                id: message.id(sender: sender, transaction: context.transaction),
                principal: parent.principal, delegate: message.delegate, parent: parent.id,
                link: parent.link + 1, scope: message.scope), in: context)
    }

    private func enter(_ mandate: Mandate, in context: ExecutionContext) throws(Refusal) {
        guard MandatesQueries(context).mandate(mandate.id) == nil else {
            throw .mandates(.mandateExists, "this transaction granted just this already")
        }
        context.set(.mandates, MandatesKeys.mandate(mandate.id), mandate.canonicalBytes)
        context.set(
            .mandates, MandatesKeys.granted(mandate.principal, mandate.id), MandatesKeys.mark)
        context.emit(.mandateGranted, about: mandate.id.raw, mandate)
    }

    /// Checks that every mandate of a chain has begun and none has ended (MANDATES-4).
    static func checkTime(of chain: [Mandate], at now: Timestamp) throws(Refusal) {
        for link in chain {
            guard now >= link.scope.from else {
                throw .mandates(.notYetValid, "mandate \(link.id) begins at \(link.scope.from)")
            }
            guard now < link.scope.until else {
                throw .mandates(.mandateExpired, "mandate \(link.id) ended at \(link.scope.until)")
            }
        }
    }
}
