// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Market
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
        case .value(let module, let key, let value):
            "key \(Hexadecimal.encode(key)) of module \(module.value) "
                + (value.map { "holds \($0.count) bytes" } ?? "has no value")
        }
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
