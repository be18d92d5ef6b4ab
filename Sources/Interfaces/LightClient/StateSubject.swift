// SPDX-License-Identifier: Apache-2.0
import Accounts
import Identities
public import Ledger
public import Mandates
import Market
public import Names
public import Vocabulary

/// What a state key is about, by its form alone (LIGHT-6, LIGHT-7).
public enum StateSubject: Hashable, Sendable {
    /// What an account has of an asset.
    case balance(AccountID, AssetID)
    /// The nonce of an account's next transaction.
    case nonce(AccountID)
    /// The receipt of a job that has ended.
    case receipt(JobID)
    /// The record of an identity.
    case identity(AccountID)
    /// An issuer.
    case issuer(AccountID)
    /// A name.
    case name(PlainName)
    /// A mandate.
    case mandate(MandateID)
    /// Any other key.
    case other

    /// Reads a key of a module.
    public init(_ module: ModuleID, key: [UInt8]) {
        self =
            switch module {
            case .accounts: Self.accounts(key)
            case .market: Self.market(key)
            case .identities: Self.identities(key)
            case .names: Self.names(key)
            case .mandates: Self.mandates(key)
            default: .other
            }
    }

    private static func accounts(_ key: [UInt8]) -> StateSubject {
        guard let account = Bytes32(key.dropFirst().prefix(Bytes32.count)).map(AccountID.init)
        else { return .other }
        if key == AccountsKeys.nonce(of: account) { return .nonce(account) }
        let asset = AssetID(key.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        return key == AccountsKeys.balance(of: account, asset) ? .balance(account, asset) : .other
    }

    private static func market(_ key: [UInt8]) -> StateSubject {
        guard let job = Bytes32(key.suffix(Bytes32.count)).map(JobID.init),
            key == MarketKeys.receipt(job)
        else { return .other }
        return .receipt(job)
    }

    private static func identities(_ key: [UInt8]) -> StateSubject {
        guard let account = Bytes32(key.dropFirst()).map(AccountID.init) else { return .other }
        if key == IdentitiesKeys.identity(account) { return .identity(account) }
        return key == IdentitiesKeys.issuer(account) ? .issuer(account) : .other
    }

    private static func names(_ key: [UInt8]) -> StateSubject {
        guard let name = PlainName(String(decoding: key.dropFirst(), as: UTF8.self)),
            key == NamesKeys.name(name)
        else { return .other }
        return .name(name)
    }

    private static func mandates(_ key: [UInt8]) -> StateSubject {
        guard let id = Bytes32(key.dropFirst()).map(MandateID.init),
            key == MandatesKeys.mandate(id)
        else { return .other }
        return .mandate(id)
    }

    /// A short stable name: `balance`, `nonce`, `receipt`, `identity`, `issuer`, `name`, `mandate`
    /// or `value`.
    public var name: String {
        switch self {
        case .balance: "balance"
        case .nonce: "nonce"
        case .receipt: "receipt"
        case .identity: "identity"
        case .issuer: "issuer"
        case .name: "name"
        case .mandate: "mandate"
        case .other: "value"
        }
    }
}
