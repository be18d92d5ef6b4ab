// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Why this module says no; raw values are stable codes.
public enum AccountsRefusal: UInt16, CaseIterable, Sendable {
    /// The payload is not a message.
    case malformedMessage = 1
    /// The account has less than is asked.
    case insufficientBalance = 2
    /// A transfer has no parts.
    case noParts = 3
    /// An amount is zero.
    case zeroAmount = 4
    /// The chain has no such asset.
    case unknownAsset = 5
    /// The recipient's balance would exceed 128 bits.
    case balanceTooLarge = 6
    /// No escrow has this key.
    case unknownEscrow = 7
    /// The escrow holds less than is asked.
    case insufficientEscrow = 8
    /// The escrow holds another asset.
    case escrowMismatch = 9
    /// The asset is not the module's to make or end.
    case notIssuer = 10
    /// What exists of the asset would exceed 128 bits.
    case supplyTooLarge = 11

    /// The stable name people and programs see.
    public var name: String { "\(self)" }
}

extension Refusal {
    static func accounts(_ reason: AccountsRefusal, _ detail: String) -> Refusal {
        Refusal(module: .accounts, code: reason.rawValue, name: reason.name, detail: detail)
    }

    static func zeroAmount(for account: AccountID) -> Refusal {
        .accounts(.zeroAmount, "the part for \(account) is zero")
    }

    static func unknownAsset(_ asset: AssetID) -> Refusal {
        .accounts(.unknownAsset, "this chain has no asset \(asset)")
    }

    static func insufficientBalance(
        of account: AccountID, has balance: Amount, _ asset: AssetID, needs amount: Amount
    ) -> Refusal {
        .accounts(
            .insufficientBalance,
            "account \(account) has \(balance) of asset \(asset), not \(amount)")
    }
}
