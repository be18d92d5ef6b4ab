// SPDX-License-Identifier: Apache-2.0
import Ledger
import Mandates
import Market
import Vocabulary

/// What owners let their machines agree to, in the market's words (MANDATES-11).
struct AuthorisedContracts: ContractAuthority {
    func checkContract(
        worth value: Amount, of asset: AssetID, by account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try MandatesQueries(context).checkContract(
            worth: value, of: asset, by: account, at: context.block.time)
    }
}
