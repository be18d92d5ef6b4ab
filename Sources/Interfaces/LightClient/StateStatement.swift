// SPDX-License-Identifier: Apache-2.0
public import Identities
public import Identity
public import Ledger
public import Mandates
public import Market
public import Names
public import Vocabulary

/// What a proven key and value mean, where this code knows the module's law (LIGHT-6, LIGHT-7).
public enum StateStatement: Hashable, Sendable {
    /// An account has so much of an asset.
    case balance(AccountID, AssetID, Amount)
    /// An account's next transaction has this nonce.
    case nonce(AccountID, UInt64)
    /// A job ended with this receipt, whose signatures and sums hold.
    case receipt(JobID, Receipt)
    /// No job with this id has ended.
    case noReceipt(JobID)
    /// What an identity's log says, or that none has begun.
    case identity(AccountID, IdentityRecord?)
    /// An issuer of credentials, or that the identity never was one.
    case issuer(AccountID, Issuer?)
    /// Who holds a name, or that nobody ever did.
    case name(PlainName, NameRecord?)
    /// A mandate, or that there is none.
    case mandate(MandateID, Mandate?)
    /// Any other key.
    case value(ModuleID, key: [UInt8], [UInt8]?)

    /// One sentence for people.
    public var words: String {
        switch self {
        case .balance(let account, let asset, let amount):
            "account \(account) has \(amount) of asset \(asset)"
        case .nonce(let account, let nonce):
            "the next transaction of account \(account) has nonce \(nonce)"
        case .receipt(let job, let receipt):
            "job \(job) \(receipt.ending) at block \(receipt.ended.height), cost \(receipt.cost)"
        case .noReceipt(let job): "no job \(job) has ended"
        case .identity(let account, let record): Self.words(of: account, record)
        case .issuer(let account, let issuer):
            issuer.map { "identity \(account) attests \($0.types.joined(separator: ", "))" }
                ?? "identity \(account) never was an issuer"
        case .name(let name, let record):
            record.map { "\(name) stands for \($0.target) until \($0.expires)" }
                ?? "nobody holds \(name)"
        case .mandate(let id, let mandate):
            mandate.map { "under mandate \(id) \($0.delegate) acts for \($0.principal)" }
                ?? "there is no mandate \(id)"
        case .value(let module, let key, let value):
            "key \(Hexadecimal.encode(key)) of module \(module.value) "
                + (value.map { "holds \($0.count) bytes" } ?? "has no value")
        }
    }

    private static func words(of account: AccountID, _ record: IdentityRecord?) -> String {
        let did = AtollMethod.did(of: account)
        guard let record else { return "no log of \(did) has begun" }
        return record.isDeactivated
            ? "the log of \(did) has ended after \(record.count) entries"
            : "the log of \(did) has \(record.count) entries"
    }
}

extension ProvenEntry {
    /// What the entry means.
    ///
    /// - Throws: ``LightFailure/unreadable(_:)``, ``LightFailure/unsound(_:)``.
    public func statement() throws(LightFailure) -> StateStatement {
        switch StateSubject(module, key: key) {
        case .balance(let account, let asset):
            .balance(account, asset, try read(Amount.self) ?? .zero)
        case .nonce(let account): .nonce(account, try number() ?? 0)
        case .receipt(let job): try receipt(of: job)
        case .identity(let account): .identity(account, try record(of: account))
        case .issuer(let account): .issuer(account, try read(Issuer.self))
        case .name(let name): .name(name, try read(NameRecord.self))
        case .mandate(let id): .mandate(id, try read(Mandate.self))
        case .other: .value(module, key: key, value)
        }
    }

    /// The receipt under a job's key, which must also be sound by itself (RECEIPT-3, 6 and 7).
    private func receipt(of job: JobID) throws(LightFailure) -> StateStatement {
        guard let receipt = try read(Receipt.self) else { return .noReceipt(job) }
        var flaws = receipt.flaws()
        if receipt.job != job { flaws.append("the receipt is of job \(receipt.job)") }
        if receipt.chain != header.header.chain {
            flaws.append("the receipt is of chain \(receipt.chain)")
        }
        if receipt.ended.height > header.stateHeight {
            flaws.append("the job ended at block \(receipt.ended.height), after the proven state")
        }
        guard flaws.isEmpty else { throw .unsound(flaws) }
        return .receipt(job, receipt)
    }

    /// The record under an identity's account, which is kept without chain and subject.
    private func record(of account: AccountID) throws(LightFailure) -> IdentityRecord? {
        guard let value else { return nil }
        do {
            return try IdentityRecord(stored: value, of: account, chain: header.header.chain)
        } catch {
            throw .unreadable(error)
        }
    }

    /// The whole value as one thing, or nothing when there is no value.
    private func read<Value: CanonicalCodable>(_: Value.Type) throws(LightFailure) -> Value? {
        guard let value else { return nil }
        do {
            return try Value(canonicalBytes: value)
        } catch {
            throw .unreadable(error)
        }
    }

    private func number() throws(LightFailure) -> UInt64? {
        guard let value else { return nil }
        var decoder = CanonicalDecoder(value)
        do {
            let number = try decoder.read(UInt64.self)
            try decoder.finish()
            return number
        } catch {
            throw .unreadable(error)
        }
    }
}
