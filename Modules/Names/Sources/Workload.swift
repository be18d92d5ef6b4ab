// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: a few names that many want.
public enum NamesWorkload {
    private static let words = ["abc", "robo", "harbour", "lighthouse", "tide", "robot-7"]

    /// A message that an account may send at any time; the chain decides.
    ///
    /// - Parameter others: Who else is there, to give names to.
    public static func message(
        of account: AccountID, among others: [AccountID],
        using random: inout some RandomNumberGenerator
    ) -> Message {
        func draw(_ limit: Int) -> Int { Int(random.next(upperBound: UInt64(limit))) }
        guard let name = PlainName(words[draw(words.count)]) else {
            preconditionFailure("the words are names")
        }
        let other = others.isEmpty ? account : others[draw(others.count)]
        let amount = Amount(whole: UInt64(draw(300)))
        let message: NamesMessage =
            switch draw(10) {
            case 0, 1, 2: .claim(ClaimName(name: name, owner: account, amount: amount))
            case 3, 4, 5: .bid(BidForName(name: name, owner: account, amount: amount))
            case 6: .renew(RenewName(name: name, terms: UInt8(draw(4))))
            case 7: .point(PointName(name: name, target: other))
            case 8: .transfer(TransferName(name: name, owner: other))
            default: .release(ReleaseName(name: name))
            }
        return message.message
    }
}
