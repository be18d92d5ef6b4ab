// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market

extension MarketMessage {
    /// This message as a transaction carries it.
    var message: Message { Message(module: .market, payload: canonicalBytes) }
}
