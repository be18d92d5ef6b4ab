// SPDX-License-Identifier: Apache-2.0
import Treasury
import Vocabulary

/// A list of an airdrop: a line `ACCOUNT,AMOUNT` a place, in order, amounts in whole units. Empty
/// lines and lines that begin with `#` are no places.
struct AirdropList {
    let places: [(account: AccountID, amount: Amount)]

    /// A line has at most 105 bytes; a million of them are 100 MiB.
    static let bytesMax = 128 << 20

    /// Why a list does not read.
    struct Flaw: Error, Equatable {
        let line: Int
        let reason: String
    }

    /// Reads a list.
    ///
    /// - Throws: ``Flaw`` with the number of the first line that is no place.
    init(_ text: String) throws(Flaw) {
        var places: [(AccountID, Amount)] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let plain = line.filter { $0 != " " && $0 != "\t" }
            guard !plain.isEmpty, !plain.hasPrefix("#") else { continue }
            let cells = plain.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count == 2, let account = AccountID(hexadecimal: String(cells[0])) else {
                throw Flaw(line: index + 1, reason: "is no ACCOUNT,AMOUNT")
            }
            guard let amount = Amount(String(cells[1])), amount > .zero else {
                throw Flaw(line: index + 1, reason: "has no amount above zero")
            }
            places.append((account, amount))
        }
        guard !places.isEmpty else {
            throw Flaw(line: lines.count, reason: "ends a list of nobody")
        }
        self.places = places
    }

    /// All of it together, or nothing beyond 128 bits.
    var total: Amount? {
        places.reduce(Amount.zero as Amount?) { $0?.adding($1.amount) }
    }

    /// The leaves in order.
    var leaves: [Digest] {
        places.enumerated().map { Airdrop.leaf(UInt64($0), $1.account, $1.amount) }
    }

    /// The root that names the list.
    var root: Digest { Airdrop.root(of: leaves) }

    /// The claims of an account, one for each of its places.
    func claims(of account: AccountID, from airdrop: UInt64) -> [AirdropClaim] {
        let leaves = leaves
        return places.enumerated().filter { $0.element.account == account }.map { place, entry in
            AirdropClaim(
                airdrop: airdrop, place: UInt64(place), account: account, amount: entry.amount,
                proof: Airdrop.proof(of: place, in: leaves))
        }
    }
}
