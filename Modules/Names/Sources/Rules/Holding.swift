// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension NamesModule {
    /// Pays for further terms of a name, before it ends or in its time of grace (NAMES-7).
    func renew(
        _ message: RenewName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let parameters = NamesQueries(context).parameters
        var record = try known(message.name, in: context)
        let now = context.block.time
        guard now < record.expires.advanced(by: parameters.graceMilliseconds) else {
            throw .names(.nameExpired, "\(message.name) can be claimed by anybody now")
        }
        let terms = UInt64(message.terms)
        let expires = record.expires.advanced(by: terms * parameters.termMilliseconds)
        let latest = now.advanced(by: NamesParameters.termsMax * parameters.termMilliseconds)
        guard terms > 0, terms <= NamesParameters.termsMax, expires <= latest,
            let price = parameters.price(of: message.name).multiplied(by: terms)
        else {
            throw .names(
                .badTerms, "\(NamesParameters.termsMax) terms from now are the most one may hold")
        }
        try bank.holdBid(price, for: message.name.id, from: sender, in: context)
        try pay(price, for: message.name, parameters, in: context)
        record.expires = expires
        write(record, message.name, in: context)
        context.emit(
            .nameRenewed,
            NameEvent(
                name: message.name, record: record, amount: price, people: [record.owner, sender]))
    }

    /// Says whom a name stands for (NAMES-8).
    func point(
        _ message: PointName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var record = try held(message.name, by: sender, in: context)
        record.target = message.target
        write(record, message.name, in: context)
        context.emit(
            .namePointed,
            NameEvent(name: message.name, record: record, people: [record.owner, message.target]))
    }

    /// Gives a name to another (NAMES-8).
    func transfer(
        _ message: TransferName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var record = try held(message.name, by: sender, in: context)
        let giver = record.owner
        context.set(.names, NamesKeys.owned(giver, message.name), nil)
        record.owner = message.owner
        record.target = message.owner
        write(record, message.name, in: context)
        context.emit(
            .nameTransferred,
            NameEvent(name: message.name, record: record, people: [giver, message.owner]))
    }

    /// Gives a name up (NAMES-8).
    func release(
        _ message: ReleaseName, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let record = try held(message.name, by: sender, in: context)
        context.set(.names, NamesKeys.name(message.name), nil)
        context.set(.names, NamesKeys.owned(record.owner, message.name), nil)
        context.emit(.nameReleased, NameEvent(name: message.name, people: [record.owner]))
    }

    private func known(
        _ name: PlainName, in context: ExecutionContext
    ) throws(Refusal) -> NameRecord {
        let queries = NamesQueries(context)
        guard let record = queries.record(name), queries.auction(name) == nil else {
            throw .names(.unknownName, "nobody holds \(name)")
        }
        return record
    }

    /// A name whose owner the sender speaks for, while it lasts.
    private func held(
        _ name: PlainName, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> NameRecord {
        let record = try known(name, in: context)
        guard context.block.time < record.expires else {
            throw .names(.nameExpired, "\(name) ended at \(record.expires): renew it first")
        }
        guard speakers.speaks(sender, for: record.owner, in: context) else {
            throw .names(.notOwner, "\(sender) does not speak for the owner of \(name)")
        }
        return record
    }
}
