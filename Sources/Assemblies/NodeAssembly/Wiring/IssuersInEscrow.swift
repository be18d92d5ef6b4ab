// SPDX-License-Identifier: Apache-2.0
import Accounts
import Identities
import Ledger
import Vocabulary

/// Bonds of issuers as escrows of the accounts module, named by the issuer's identity.
struct IssuersInEscrow: IssuerBank {
    let accounts: AccountsModule

    func holdBond(
        _ amount: Amount, of issuer: AccountID, from payer: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: payer, as: key(of: issuer), in: context)
    }

    func releaseBond(
        _ amount: Amount, of issuer: AccountID, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(of: issuer), to: account, in: context)
    }

    func burnBond(
        _ amount: Amount, of issuer: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.burn(amount, from: key(of: issuer), in: context)
    }

    func bond(of issuer: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(of: issuer), in: state)?.amount ?? .zero
    }

    private func key(of issuer: AccountID) -> EscrowKey {
        EscrowKey(module: .identities, id: issuer.raw)
    }
}
