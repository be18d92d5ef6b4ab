// SPDX-License-Identifier: Apache-2.0
import Identities
import Ledger
import Mandates
import Names
import Vocabulary

/// Who speaks for an identity, as its log says (IDENTITIES-6).
struct SpeakersOfIdentities: Mandates.IdentityDirectory, Names.SpeakerDirectory {
    func speaks(
        _ sender: AccountID, for identity: AccountID, in context: ExecutionContext
    ) -> Bool {
        IdentitiesQueries(context).speaks(sender, for: identity, chain: context.block.chain)
    }
}
