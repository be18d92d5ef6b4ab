// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Ledger
import Vocabulary

extension IdentitiesModule {
    /// Takes a part of the bond of an issuer that attested what it had no authority for, by a
    /// credential with a proof (IDENTITIES-11).
    func reportIssuance(
        _ message: ReportIssuance, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let document = SHA256.hash(message.document)
        let signed = SHA256.hash(message.options).raw.bytes + document.raw.bytes
        let evidence = SignedEvidence(
            issuer: message.issuer, key: message.key, name: document, signed: signed,
            signature: message.signature)
        try punish(evidence, from: sender, in: context) { () throws(Refusal) in
            try Issuance(message)
        }
    }

    /// The same, by a token (IDENTITIES-13).
    func reportToken(
        _ message: ReportToken, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let evidence = SignedEvidence(
            issuer: message.issuer, key: message.key, name: SHA256.hash(message.signed),
            signed: message.signed, signature: message.signature)
        try punish(evidence, from: sender, in: context) { () throws(Refusal) in
            try Issuance(message)
        }
    }

    private func punish(
        _ evidence: SignedEvidence, from sender: AccountID, in context: ExecutionContext,
        reading: () throws(Refusal) -> Issuance
    ) throws(Refusal) {
        var issuer = try known(evidence.issuer, in: context)
        guard issuer.status != .withdrawn else {
            throw .identities(.wrongStatus, "it is \(issuer.status)")
        }
        let place = IdentitiesKeys.report(evidence.name)
        guard context.value(.identities, place) == nil else {
            throw .identities(.alreadyReported, "credential \(evidence.name) has been reported")
        }
        try evidence.check(in: context)
        let parameters = IdentitiesQueries(context).parameters
        let type = try reading().typeOutside(of: issuer, attested: parameters.attestedTypes)
        context.set(.identities, place, IdentitiesKeys.mark)
        let taken = Self.part(parameters.slashPartsPerMillion, of: issuer.bond)
        let reward = Self.part(parameters.rewardPartsPerMillion, of: taken)
        guard let burnt = taken.subtracting(reward), let rest = issuer.bond.subtracting(taken)
        else { preconditionFailure("a part is never more than the whole") }
        try bank.releaseBond(reward, of: issuer.account, to: sender, in: context)
        try bank.burnBond(burnt, of: issuer.account, in: context)
        issuer.bond = rest
        issuer.slashed = issuer.slashed.adding(taken) ?? Amount(.max)
        write(issuer, in: context)
        context.emit(
            .issuerSlashed, about: issuer.account,
            IssuerSlashed(
                reporter: sender, taken: taken, reward: reward, document: evidence.name, type: type)
        )
    }

    private static func part(_ parts: UInt32, of amount: Amount) -> Amount {
        amount.scaled(by: UInt128(parts), over: 1_000_000) ?? amount
    }
}

/// What an issuer is said to have signed.
private struct SignedEvidence {
    let issuer: AccountID
    let key: PublicKey
    /// The hash under which it counts once.
    let name: Digest
    /// The bytes under the signature.
    let signed: [UInt8]
    let signature: Signature

    /// Checks that a key the issuer has or had signed just these bytes.
    func check(in context: ExecutionContext) throws(Refusal) {
        guard context.value(.identities, IdentitiesKeys.issuerKey(issuer, key)) != nil else {
            throw .identities(.notEvidence, "the key was never the issuer's to attest with")
        }
        guard key.accepts(signature, over: signed) else {
            throw .identities(.badSignature, "the signature is not the key's over these bytes")
        }
    }
}

/// What a reported credential says of itself.
private struct Issuance {
    let types: [String]
    /// When it was issued: when the proof was made, or from when on the credential counts.
    let moment: Timestamp?

    init(_ message: ReportIssuance) throws(Refusal) {
        let document = try Self.read(message.document)
        let options = try Self.read(message.options)
        guard options["type"]?.text == DataIntegrityProof.type,
            options["cryptosuite"]?.text == DataIntegrityProof.suite,
            options["proofPurpose"]?.text == Relationship.assertionMethod.rawValue
        else { throw .identities(.notEvidence, "the proof attests nothing") }
        let issuer = document["issuer"]?.text ?? document["issuer"]?["id"]?.text
        try Self.check(issuer, is: message.issuer)
        types = document["type"]?.elements?.compactMap(\.text) ?? []
        guard types.contains(Credential.type) else {
            throw .identities(.notEvidence, "the document is no credential")
        }
        let text = options["created"]?.text ?? document["validFrom"]?.text
        moment = Self.time(text.flatMap { Moment($0) })
    }

    init(_ message: ReportToken) throws(Refusal) {
        let statement: TokenStatement
        do {
            statement = try TokenStatement(signed: message.signed)
        } catch {
            throw .identities(.notEvidence, "the token attests nothing: \(error)")
        }
        try Self.check(statement.issuer, is: message.issuer)
        types = statement.types
        moment = Self.time(statement.moment)
    }

    private static func check(_ issuer: String?, is account: AccountID) throws(Refusal) {
        guard let did = issuer.flatMap({ DID($0) }),
            (try? AtollMethod.account(of: did)) == account
        else { throw .identities(.notEvidence, "the credential names another issuer") }
    }

    private static func time(_ moment: Moment?) -> Timestamp? {
        moment.map { Timestamp(UInt64(clamping: $0.seconds).multipliedCapped(by: 1_000)) }
    }

    private static func read(_ bytes: [UInt8]) throws(Refusal) -> JSON {
        do {
            return try JSON(parsing: bytes, limits: JSONLimits(depth: 32))
        } catch {
            throw .identities(.notEvidence, "the bytes are no JSON: \(error)")
        }
    }

    /// The first type that needs authority and for which the issuer had none (IDENTITIES-11).
    func typeOutside(of issuer: Issuer, attested: [String]) throws(Refusal) -> String {
        if let moment, moment < issuer.since {
            throw .identities(.notEvidence, "it was issued before the identity was an issuer")
        }
        let outside = types.first { attested.contains($0) && !issuer.had($0, at: moment) }
        guard let outside else {
            throw .identities(.withinAuthority, "the issuer had the authority for it")
        }
        return outside
    }
}

extension UInt64 {
    fileprivate func multipliedCapped(by factor: UInt64) -> UInt64 {
        let product = multipliedReportingOverflow(by: factor)
        return product.overflow ? .max : product.partialValue
    }
}
