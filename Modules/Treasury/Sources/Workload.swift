// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum TreasuryWorkload {
    /// A message that an account may send at any time; the chain decides.
    ///
    /// - Parameter now: The time that schedules and auctions begin about.
    public static func message(
        of sender: AccountID, among accounts: [AccountID], selling asset: AssetID,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!accounts.isEmpty, "nobody is there")
        func draw(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        func amount() -> Amount {
            draw(16) == 0 ? Amount(.max) : Amount(UInt128(draw(1_000_000_000_000)))
        }
        let other = accounts[Int(draw(UInt64(accounts.count)))]
        let number = draw(8)
        let hour: UInt64 = 3_600_000
        let receiver: Source = draw(3) == 0 ? .pool(number) : .account(other)
        let source: Source = draw(2) == 0 ? .pool(number) : .account(sender)
        let message: TreasuryMessage =
            switch draw(20) {
            case 0: .createPool(name: "pool \(draw(9))", owner: sender)
            case 1, 2: .deposit(pool: number, asset: .native, amount: amount())
            case 3: .spend(pool: number, payments: [Payment(to: other, amount())])
            case 4: .setLimit(pool: number, asset: .native, amount: amount(), period: hour)
            case 5, 6:
                .createGrant(
                    CreateGrant(
                        source: source, receiver: receiver, amount: amount(),
                        schedule: .curve(
                            Schedule.Curve(
                                start: now, atStart: draw(1_000_001), cliff: draw(hour),
                                duration: draw(10 * hour), period: draw(2) * hour / 4,
                                lock: draw(hour))), isRevocable: draw(2) == 0))
            case 7, 8, 9: .claimGrant(number)
            case 10: .revokeGrant(number)
            case 11:
                .createAuction(
                    AuctionTerms(
                        asset: asset, supply: Amount(UInt128(draw(1_000_000_000_000))),
                        startPrice: Amount(whole: 1 + draw(9)),
                        endPrice: Amount(whole: draw(2)), start: now,
                        end: now.advanced(by: draw(9 * hour)),
                        cap: Amount(UInt128(draw(1_000_000_000_000)))), source: .account(sender))
            case 12...15: .bid(auction: number, offer: amount())
            case 16, 17: .collect(auction: number, bidder: other)
            case 18: .closeAuction(number)
            default: .giveBadge(to: other, name: "helper", evidence: .zero)
            }
        return message.message
    }
}
