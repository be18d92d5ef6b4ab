// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold (NAMES-11): for each name the bank holds the highest bid of its auction
/// and nothing else, and an open auction is due once.
enum NamesInvariants {
    /// Checks the auctions that a block changed. Cost: the block's changes.
    static func breaches(after block: ExecutionContext, bank: any NameBank) -> [String] {
        block.changes(of: .names).flatMap { change -> [String] in
            switch change.key.first {
            case NamesKeys.auctionPrefix, NamesKeys.namePrefix:
                return breaches(of: change.key, bank, in: block)
            default: return []
            }
        }
    }

    /// Checks every auction and every name.
    static func breaches(in state: any StateReader, bank: any NameBank) -> [String] {
        [NamesKeys.namePrefix, NamesKeys.auctionPrefix].flatMap { prefix in
            state.pairs(of: .names, prefix: [prefix]).flatMap {
                breaches(of: $0.key, bank, in: state)
            }
        }
    }

    private static func breaches(
        of key: [UInt8], _ bank: any NameBank, in state: any StateReader
    ) -> [String] {
        guard let name = PlainName(String(decoding: key.dropFirst(), as: UTF8.self)) else {
            return ["a key that is no name"]
        }
        var found: [String] = []
        let queries = NamesQueries(state)
        let auction = queries.auction(name)
        let held = bank.held(for: name.id, in: state)
        if held != auction?.amount ?? .zero {
            found.append("\(name): bid \(auction?.amount ?? .zero), held \(held)")
        }
        if let auction, state.value(.names, NamesKeys.due(auction.ends, name)) == nil {
            found.append("\(name): an auction without an end")
        }
        if let record = queries.record(name),
            state.value(.names, NamesKeys.owned(record.owner, name)) == nil
        {
            found.append("\(name): its owner does not have it")
        }
        return found
    }
}
