// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What the module stores, under which keys.
public enum RegistryKeys {
    /// 0: the ``RegistryParameters``.
    public static let parameters: [UInt8] = [0]
    /// 1, account: a ``Provider``.
    public static func provider(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }

    static let providerPrefix: UInt8 = 1
}

/// Where a provider stands in the life of its role (REGISTRY-1); no record is Unbonded.
public enum ProviderStatus: Hashable, Sendable {
    /// It takes work.
    case bonded
    /// It takes no new work, by its own choice.
    case paused
    /// It takes no new work until it resumes, from the given time on.
    case jailed(until: Timestamp)
    /// It has left; its bond can still be slashed, and withdrawn from the given time on.
    case unbonding(until: Timestamp)
    /// It has its bond back.
    case withdrawn
}

extension ProviderStatus: CanonicalCodable {
    /// Appends the tag and the time.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .bonded: encoder.writeTag(0)
        case .paused: encoder.writeTag(1)
        case .jailed(let until):
            encoder.writeTag(2)
            encoder.write(until)
        case .unbonding(let until):
            encoder.writeTag(3)
            encoder.write(until)
        case .withdrawn: encoder.writeTag(4)
        }
    }

    /// Reads the tag and the time.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .bonded
        case 1: self = .paused
        case 2: self = try .jailed(until: decoder.read())
        case 3: self = try .unbonding(until: decoder.read())
        case 4: self = .withdrawn
        default: throw .unknownTag(tag)
        }
    }
}

/// One provider as the chain knows it.
public struct Provider: Hashable, Sendable {
    /// Its account, which receives what it earns.
    public let account: AccountID
    /// The key it is known by on the network; its account is of this key.
    public let peer: PublicKey
    /// What it offers.
    public internal(set) var terms: ProviderTerms
    /// Where it stands.
    public internal(set) var status: ProviderStatus
    /// What backs its promises, in the native asset.
    public internal(set) var bond: Amount
    /// All that was ever taken from it.
    public internal(set) var slashed: Amount
    /// When it first registered.
    public let since: BlockHeight

    /// Whether it takes new work.
    public var isActive: Bool { status == .bonded }
}

extension Provider: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(account)
        encoder.write(peer)
        encoder.write(terms)
        encoder.write(status)
        encoder.write(bond)
        encoder.write(slashed)
        encoder.write(since)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        account = try decoder.read()
        peer = try decoder.read()
        terms = try decoder.read()
        status = try decoder.read()
        bond = try decoder.read()
        slashed = try decoder.read()
        since = try decoder.read()
    }
}
