// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Where this module's money lies: every amount is in exactly one purse (STAKING-30).
public enum Purse: Hashable, Sendable {
    /// What rewards are released from.
    case budget
    /// What offences cost others, until the next cut shares it among the honest.
    case penalties
    /// What insures pools against offences of their operators.
    case insurance
    /// What is delegated to an operator.
    case stake(AccountID)
    /// Rewards of an operator and of those behind it.
    case rewards(AccountID)
    /// What was delegated to an operator and comes back.
    case leaving(AccountID)
    /// A bond of a role in the native asset, and what of it comes back.
    case bond(Role, AccountID)
    /// The same in the role's own asset.
    case second(Role, AccountID)

    /// The purse's name among this module's escrows: the hash of a tag, the kind and its fields.
    public var id: Bytes32 {
        var encoder = CanonicalEncoder(capacity: 64)
        encoder.writeFixed(Array("atoll/staking-purse/1".utf8) + [0])
        switch self {
        case .budget: encoder.writeTag(0)
        case .penalties: encoder.writeTag(1)
        case .insurance: encoder.writeTag(2)
        case .stake(let account):
            encoder.writeTag(3)
            encoder.write(account)
        case .rewards(let account):
            encoder.writeTag(4)
            encoder.write(account)
        case .leaving(let account):
            encoder.writeTag(5)
            encoder.write(account)
        case .bond(let role, let account):
            encoder.writeTag(6)
            encoder.write(role)
            encoder.write(account)
        case .second(let role, let account):
            encoder.writeTag(7)
            encoder.write(role)
            encoder.write(account)
        }
        return SHA256.hash(encoder.bytes).raw
    }
}
