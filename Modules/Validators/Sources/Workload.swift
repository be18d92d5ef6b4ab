// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum ValidatorsWorkload {
    /// A message that the account of `owner` may send at any time; the chain decides.
    ///
    /// - Parameter owner: The key whose account governs the member; its consensus keys follow from
    ///   the draws.
    public static func message(
        of owner: SigningKey, on chain: ChainID, using random: inout some RandomNumberGenerator
    ) -> Message {
        let account = AccountID(of: owner.publicKey)
        let kind = random.next(upperBound: 10 as UInt64)
        let message: ValidatorsMessage =
            switch kind {
            case 0, 1, 2:
                .join(
                    JoinValidators(
                        claim: claim(of: account, on: chain, using: &random),
                        name: "member \(random.next(upperBound: 100 as UInt64))",
                        stake: Amount(whole: 50 + random.next(upperBound: 451)), fees: account))
            case 3, 4: .addStake(Amount(whole: random.next(upperBound: 51)))
            case 5: .leave
            case 6, 7: .rotateKey(claim(of: account, on: chain, using: &random))
            case 8: .update(UpdateMember(name: "renamed", fees: account))
            default: .resume
            }
        return message.message
    }

    /// A key among eight of the account's own, and sometimes one that anybody may draw.
    private static func claim(
        of account: AccountID, on chain: ChainID, using random: inout some RandomNumberGenerator
    ) -> KeyClaim {
        let draw = UInt8(random.next(upperBound: 9 as UInt64))
        let seed =
            draw == 8 ? [UInt8](repeating: 8, count: 32) : [draw] + account.raw.bytes.dropFirst()
        guard let key = SigningKey(seed: seed) else { preconditionFailure("a seed has 32 bytes") }
        return KeyClaim(key, for: account, on: chain)
    }
}
