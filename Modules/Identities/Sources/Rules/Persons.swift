// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// One person, one account: what counts by heads needs somebody who vouches (IDENTITIES-14).
extension IdentitiesModule {
    /// Notes an issuer's word.
    func vouch(
        _ message: VouchForPerson, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try checkVouching(message.issuer, by: sender, in: context)
        let now = context.block.time
        guard message.until > now,
            message.until <= now.advanced(by: PersonRecord.lifeMillisecondsMax)
        else {
            throw .identities(.badPerson, "an issuer's word lasts from now to two years")
        }
        let queries = IdentitiesQueries(context)
        if let other = queries.account(ofPerson: message.person), other != message.account,
            queries.person(of: other) != nil
        {
            throw .identities(.badPerson, "the same person stands behind account \(other)")
        }
        if let known = queries.person(of: message.account), known.issuer != message.issuer {
            throw .identities(.badPerson, "issuer \(known.issuer) vouches for it already")
        }
        forget(message.account, in: context)
        write(
            PersonRecord(person: message.person, issuer: message.issuer, until: message.until),
            of: message.account, in: context)
    }

    /// Takes an issuer's word back.
    func endVouch(
        _ message: EndVouch, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard rules.version(in: context) >= Self.personsSince else {
            throw .identities(.malformedMessage, "these rules know no persons")
        }
        let queries = IdentitiesQueries(context)
        guard queries.speaks(sender, for: message.issuer, chain: context.block.chain),
            queries.record(ofPersonBehind: message.account)?.issuer == message.issuer
        else {
            throw .identities(.notController, "\(sender) did not vouch for \(message.account)")
        }
        forget(message.account, in: context)
        watcher.personChanged(message.account, in: context)
    }

    /// Says whose word counts; only what was decided does.
    func setPersonIssuers(
        _ message: SetPersonIssuers, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard rules.version(in: context) >= Self.personsSince, sender == law else {
            throw .identities(.notController, "only a proposal that passed does this")
        }
        guard zip(message.issuers, message.issuers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .identities(.badPerson, "issuers ascend")
        }
        context.set(
            .identities, IdentitiesKeys.personIssuers,
            message.issuers.isEmpty ? nil : message.canonicalBytes)
    }

    /// From which version of the rules on persons are known.
    static let personsSince: UInt32 = 2

    private func checkVouching(
        _ issuer: AccountID, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard rules.version(in: context) >= Self.personsSince else {
            throw .identities(.malformedMessage, "these rules know no persons")
        }
        let queries = IdentitiesQueries(context)
        guard queries.speaks(sender, for: issuer, chain: context.block.chain) else {
            throw .identities(.notController, "\(sender) does not speak for \(issuer)")
        }
        guard queries.mayVouch(issuer) else {
            throw .identities(
                .badPerson, "identity \(issuer) is not on the chain's list, or has no authority")
        }
    }

    /// Writes what stands behind an account.
    private func write(
        _ record: PersonRecord, of account: AccountID, in context: ExecutionContext
    ) {
        context.set(.identities, IdentitiesKeys.person(of: account), record.canonicalBytes)
        context.set(
            .identities, IdentitiesKeys.account(of: record.person), account.canonicalBytes)
        context.set(
            .identities, IdentitiesKeys.personEnds(record.until, account), IdentitiesKeys.mark)
        watcher.personChanged(account, in: context)
        context.emit(.personChanged, about: account, record)
    }

    private func forget(_ account: AccountID, in context: ExecutionContext) {
        guard let record = IdentitiesQueries(context).record(ofPersonBehind: account) else {
            return
        }
        context.set(.identities, IdentitiesKeys.person(of: account), nil)
        context.set(.identities, IdentitiesKeys.account(of: record.person), nil)
        context.set(.identities, IdentitiesKeys.personEnds(record.until, account), nil)
    }

    /// Forgets whose time is over, at most 32 in one block.
    func endPersons(in context: ExecutionContext) {
        let due = context.scan(
            .identities, prefix: [IdentitiesKeys.personEndsPrefix], after: nil, limit: 32)
        for entry in due {
            let time = entry.key[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard time <= context.block.time.value, let raw = Bytes32(entry.key.suffix(32)) else {
                return
            }
            forget(AccountID(raw), in: context)
            watcher.personChanged(AccountID(raw), in: context)
        }
    }

    /// Reads `personIssuers` and `persons` of a genesis.
    func writePersons(_ json: JSON, in context: ExecutionContext) throws(GenesisFailure) {
        let part = try GenesisObject(
            json, at: "", known: IdentitiesParameters.names + ["personIssuers", "persons"])
        var issuers: [AccountID] = []
        for row in try part.list("personIssuers", countMax: SetPersonIssuers.issuersMax) {
            guard let account = row.json.text.flatMap(AccountID.init(hexadecimal:)) else {
                throw GenesisFailure(
                    pointer: row.pointer, reason: "must be 64 hexadecimal digits")
            }
            issuers.append(account)
        }
        if !issuers.isEmpty {
            context.set(
                .identities, IdentitiesKeys.personIssuers,
                SetPersonIssuers(issuers.sorted()).canonicalBytes)
        }
        for row in try part.list("persons", countMax: Self.genesisPersonsMax) {
            let object = try GenesisObject(
                row.json, at: row.pointer, known: ["account", "person"])
            let account: AccountID = try object.identifier("account")
            let person: Digest = try object.identifier("person")
            guard IdentitiesQueries(context).account(ofPerson: person) == nil else {
                throw object.failure("person", "stands behind another account already")
            }
            write(
                PersonRecord(
                    person: person, issuer: AccountID(.zero),
                    until: context.block.time.advanced(by: PersonRecord.lifeMillisecondsMax)),
                of: account, in: context)
        }
    }

    /// The most persons of a genesis.
    static let genesisPersonsMax = 10_000
}

extension IdentitiesQueries {
    /// What is noted of an account, whether it counts still or not.
    func record(ofPersonBehind account: AccountID) -> PersonRecord? {
        Self.decoded(state.value(.identities, IdentitiesKeys.person(of: account)))
    }

    /// The person behind an account, while somebody with authority vouches for it.
    public func person(of account: AccountID) -> PersonRecord? {
        guard let record = record(ofPersonBehind: account),
            record.issuer == AccountID(.zero) || mayVouch(record.issuer)
        else { return nil }
        return record
    }

    /// The account that a person stands behind.
    public func account(ofPerson person: Digest) -> AccountID? {
        Self.decoded(state.value(.identities, IdentitiesKeys.account(of: person)))
    }

    /// Whether an issuer's word about persons counts now.
    public func mayVouch(_ issuer: AccountID) -> Bool {
        let listed: SetPersonIssuers? = Self.decoded(
            state.value(.identities, IdentitiesKeys.personIssuers))
        guard listed?.issuers.contains(issuer) == true, let issuer = self.issuer(issuer) else {
            return false
        }
        return issuer.status == .active && issuer.types.contains { PersonRecord.types.contains($0) }
    }
}
