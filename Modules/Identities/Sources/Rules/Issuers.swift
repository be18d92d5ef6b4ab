// SPDX-License-Identifier: Apache-2.0
import Identity
import Ledger
import Vocabulary

extension IdentitiesModule {
    /// Makes an identity an issuer, or again one after it withdrew (IDENTITIES-7).
    func registerIssuer(
        _ message: RegisterIssuer, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let record = try spoken(message.issuer, by: sender, in: context)
        let earlier = issuer(message.issuer, in: context)
        if let earlier, earlier.status != .withdrawn {
            throw .identities(.alreadyIssuer, "it is \(earlier.status)")
        }
        try check(message.types, message.address, in: context)
        let now = context.block.time
        let issuer = Issuer(
            account: message.issuer, status: .active, address: message.address,
            authorities: message.types.sorted().map { IssuerAuthority(type: $0, from: now) },
            bond: message.bond, slashed: earlier?.slashed ?? .zero, since: now,
            anchors: earlier?.anchors ?? 0)
        try check(issuer, in: context)
        try bank.holdBond(message.bond, of: message.issuer, from: sender, in: context)
        remember(keysOf: record, in: context)
        write(issuer, in: context)
    }

    /// Changes types and address, and adds to the bond (IDENTITIES-8).
    func updateIssuer(
        _ message: UpdateIssuer, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try spoken(message.issuer, by: sender, in: context)
        var issuer = try active(message.issuer, in: context)
        try check(message.types, message.address, in: context)
        let now = context.block.time
        for index in issuer.authorities.indices where issuer.authorities[index].until == nil {
            guard !message.types.contains(issuer.authorities[index].type) else { continue }
            issuer.authorities[index].until = now
        }
        let kept = issuer.types
        for type in message.types.sorted() where !kept.contains(type) {
            issuer.authorities.append(IssuerAuthority(type: type, from: now))
        }
        guard issuer.authorities.count <= Issuer.authoritiesMax else {
            throw .identities(
                .listFull, "an issuer keeps at most \(Issuer.authoritiesMax) authorities")
        }
        issuer.address = message.address
        guard let bond = issuer.bond.adding(message.addedBond) else {
            throw .identities(.bondTooSmall, "the bond would exceed 128 bits")
        }
        issuer.bond = bond
        try check(issuer, in: context)
        if message.addedBond > .zero {
            try bank.holdBond(message.addedBond, of: message.issuer, from: sender, in: context)
        }
        write(issuer, in: context)
    }

    /// Ends all authority; the bond stays within reach for a while (IDENTITIES-9).
    func retireIssuer(
        _ message: RetireIssuer, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try spoken(message.issuer, by: sender, in: context)
        var issuer = try active(message.issuer, in: context)
        let now = context.block.time
        for index in issuer.authorities.indices where issuer.authorities[index].until == nil {
            issuer.authorities[index].until = now
        }
        let delay = IdentitiesQueries(context).parameters.retiringMilliseconds
        issuer.status = .retiring(until: now.advanced(by: delay))
        write(issuer, in: context)
    }

    /// Pays the bond back to whoever speaks for the issuer (IDENTITIES-9).
    func withdrawIssuerBond(
        _ message: WithdrawIssuerBond, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try spoken(message.issuer, by: sender, in: context)
        var issuer = try known(message.issuer, in: context)
        guard case .retiring(let until) = issuer.status else {
            throw .identities(.wrongStatus, "it is \(issuer.status)")
        }
        guard context.block.time >= until else {
            throw .identities(.tooEarly, "the bond can be withdrawn from \(until) on")
        }
        try bank.releaseBond(issuer.bond, of: message.issuer, to: sender, in: context)
        issuer.bond = .zero
        issuer.status = .withdrawn
        write(issuer, in: context)
    }

    /// Anchors a list of status (IDENTITIES-10).
    func anchorStatus(
        _ message: AnchorStatus, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        _ = try spoken(message.issuer, by: sender, in: context)
        var issuer = try known(message.issuer, in: context)
        guard issuer.status != .withdrawn else {
            throw .identities(.wrongStatus, "it is \(issuer.status)")
        }
        try Self.check(address: message.list)
        let key = IdentitiesKeys.anchor(message.issuer, list: message.list)
        if context.value(.identities, key) == nil {
            guard issuer.anchors < Issuer.anchorsMax else {
                throw .identities(.listFull, "an issuer has at most \(Issuer.anchorsMax) lists")
            }
            issuer.anchors += 1
            context.set(
                .identities, IdentitiesKeys.issuer(message.issuer), issuer.canonicalBytes)
        }
        let anchor = StatusAnchor(
            list: message.list, digest: message.digest, time: context.block.time)
        context.set(.identities, key, anchor.canonicalBytes)
        context.emit(.statusAnchored, about: message.issuer, anchor)
    }
}

// MARK: - What the rules share

extension IdentitiesModule {
    /// An issuer, or nothing.
    public func issuer(_ account: AccountID, in state: any StateReader) -> Issuer? {
        IdentitiesQueries(state).issuer(account)
    }

    func write(_ issuer: Issuer, in context: ExecutionContext) {
        context.set(.identities, IdentitiesKeys.issuer(issuer.account), issuer.canonicalBytes)
        context.emit(.issuerChanged, about: issuer.account, issuer)
    }

    func known(_ account: AccountID, in context: ExecutionContext) throws(Refusal) -> Issuer {
        guard let issuer = issuer(account, in: context) else {
            throw .identities(.unknownIssuer, "identity \(account) is no issuer")
        }
        return issuer
    }

    private func active(
        _ account: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> Issuer {
        let issuer = try known(account, in: context)
        guard issuer.status == .active else {
            throw .identities(.wrongStatus, "it is \(issuer.status)")
        }
        return issuer
    }

    /// The record of an identity the sender speaks for (IDENTITIES-6).
    private func spoken(
        _ identity: AccountID, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> IdentityRecord {
        let queries = IdentitiesQueries(context)
        guard let record = queries.identity(identity, chain: context.block.chain) else {
            throw .identities(.unknownIdentity, "no log of \(identity) has begun")
        }
        guard !record.isDeactivated else {
            throw .identities(.deactivated, "the log of \(identity) has ended")
        }
        guard AccountID(of: record.controller) == sender else {
            throw .identities(.notController, "\(sender) does not speak for \(identity)")
        }
        return record
    }

    private func check(
        _ types: [String], _ address: String, in context: ExecutionContext
    ) throws(Refusal) {
        let attested = IdentitiesQueries(context).parameters.attestedTypes
        guard !types.isEmpty, Set(types).count == types.count,
            types.allSatisfy(attested.contains)
        else {
            throw .identities(
                .badTypes,
                "an issuer attests 1 to \(RegisterIssuer.typesMax) of "
                    + attested.joined(separator: ", "))
        }
        try Self.check(address: address)
    }

    private static func check(address: String) throws(Refusal) {
        guard !address.isEmpty, address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .identities(.badAddress, "an address is visible ASCII")
        }
    }

    private func check(_ issuer: Issuer, in context: ExecutionContext) throws(Refusal) {
        let parameters = IdentitiesQueries(context).parameters
        guard let least = parameters.bondMin(types: issuer.types.count), issuer.bond >= least
        else {
            throw .identities(
                .bondTooSmall,
                "the bond is \(issuer.bond); each type asks \(parameters.bondPerType)")
        }
    }

    /// Remembers every key an issuer can attest with, so that changing keys undoes no evidence.
    func remember(keysOf record: IdentityRecord, in context: ExecutionContext) {
        var keys = [record.controller]
        for delegate in record.delegates where delegate.uses.contains(.assertionMethod) {
            if case .ed25519(let key) = delegate.key { keys.append(key) }
        }
        for key in keys {
            let place = IdentitiesKeys.issuerKey(record.subject, key)
            guard context.value(.identities, place) == nil else { continue }
            context.set(.identities, place, IdentitiesKeys.mark)
        }
    }
}
