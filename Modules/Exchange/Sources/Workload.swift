// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum ExchangeWorkload {
    /// A message that an account may send at any time; the chain decides.
    public static func message(
        of assets: [AssetID], at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> Message {
        precondition(!assets.isEmpty, "nothing is traded")
        func draw(_ bound: UInt64) -> UInt64 { random.next(upperBound: bound) }
        func amount() -> Amount {
            switch draw(16) {
            case 0: Amount(.max)
            case 1: Amount(UInt128(draw(3)))
            default: Amount(UInt128(draw(1_000_000_000_000)))
            }
        }
        func asset() -> AssetID { assets[Int(draw(UInt64(assets.count)))] }
        let pool = draw(4)
        let later = now.advanced(by: draw(100_000))
        let message: ExchangeMessage =
            switch draw(16) {
            case 0, 1:
                .createPool(
                    CreatePool(
                        AssetAmount(amount(), of: asset()), AssetAmount(amount(), of: asset()),
                        fee: 1_000 * draw(60), lockedUntil: draw(4) == 0 ? later : nil))
            case 2, 3, 4:
                .addLiquidity(
                    AddLiquidity(pool: pool, firstMost: amount(), secondMost: amount()))
            case 5, 6: .removeLiquidity(RemoveLiquidity(pool: pool, shares: amount()))
            case 7: .lock(pool: pool, shares: amount(), until: later)
            case 8: .unlock(pool: pool)
            case 9: .fund(amount())
            case 10:
                .convert(
                    asset: asset(), amount: Amount(whole: 900 + draw(1_000)), least: .zero)
            default:
                .swap(
                    Swap(
                        pool: pool, selling: AssetAmount(amount(), of: asset()), least: .zero,
                        expires: later))
            }
        return message.message
    }
}
