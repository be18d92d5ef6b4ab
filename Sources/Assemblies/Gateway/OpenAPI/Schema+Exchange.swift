// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Pools, quotes, windows.
    static var exchange: [(name: String, schema: JSON)] {
        [
            ("LiquidityPool", liquidityPool),
            ("LiquidityPoolPage", page("pools", of: "LiquidityPool")), ("SwapQuote", swapQuote),
            ("RoleWindows", roleWindows),
        ]
    }

    private static var liquidityPool: JSON {
        let side = object([("asset", count), ("symbol", text), ("reserve", amount)])
        return object([
            ("number", count), ("first", side), ("second", side), ("fee", count),
            ("shares", amount), ("shareAsset", count), ("locked?", amount), ("lockedUntil?", time),
        ])
    }

    private static var swapQuote: JSON {
        object([
            ("sold", count), ("amount", amount), ("fee", amount), ("bought", count),
            ("symbol", text), ("received", amount), ("impact", count),
        ])
    }

    private static var roleWindows: JSON {
        object([
            (
                "windows",
                list(
                    object([
                        ("asset", count), ("symbol", text), ("supply", amount),
                        ("target", amount), ("reference", amount), ("since", time),
                        ("converted", amount), ("demand", count), ("scarcity", count),
                        ("rate", count),
                    ]))
            ), ("least", amount), ("yearlyLeft?", amount),
        ])
    }
}
