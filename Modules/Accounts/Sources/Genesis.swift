// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The module's part of a genesis file: `{assets: [{id, symbol}], balances: [{account, amount,
/// asset?}]}`. Asset 0 exists without being named; its symbol is then `ATL`.
public struct AccountsGenesis: Sendable {
    /// One asset of the chain.
    public struct NamedAsset: Hashable, Sendable {
        /// Its number.
        public let id: AssetID
        /// Its symbol.
        public let symbol: String

        /// Describes an asset.
        public init(id: AssetID, symbol: String) {
            self.id = id
            self.symbol = symbol
        }
    }

    /// One balance.
    public struct Balance: Hashable, Sendable {
        /// Whose.
        public let account: AccountID
        /// Of which asset.
        public let asset: AssetID
        /// How much, above zero.
        public let amount: Amount

        /// Describes a balance.
        public init(_ account: AccountID, _ amount: Amount, of asset: AssetID = .native) {
            self.account = account
            self.asset = asset
            self.amount = amount
        }
    }

    /// The assets, by ascending number.
    public let assets: [NamedAsset]
    /// The balances, in the file's order; each account and asset once.
    public let balances: [Balance]

    /// The most assets of a file.
    public static let assetsMax = 1_000
    /// The most balances of a file: 100,000 lines of about 150 bytes fill its 16 MiB.
    public static let balancesMax = 100_000
    /// The native asset's symbol when the file names none.
    public static let nativeSymbol = "ATL"

    /// Describes the part.
    public init(assets: [NamedAsset] = [], balances: [Balance]) {
        let hasNative = assets.contains { $0.id == .native }
        let native = NamedAsset(id: .native, symbol: Self.nativeSymbol)
        self.assets = (hasNative ? assets : [native] + assets).sorted { $0.id < $1.id }
        self.balances = balances
    }

    /// Reads the part.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(_ json: JSON) throws(GenesisFailure) {
        let part = try GenesisObject(json, at: "", known: ["assets", "balances"])
        var assets: [NamedAsset] = []
        for element in try part.list("assets", countMax: Self.assetsMax) {
            let object = try GenesisObject(
                element.json, at: element.pointer, known: ["id", "symbol"])
            try assets.append(
                NamedAsset(
                    id: AssetID(object.unsigned("id", in: 0...AssetID.issuedMin - 1)),
                    symbol: object.text("symbol", bytesMax: Asset.symbolBytesMax)))
        }
        var balances: [Balance] = []
        for element in try part.list("balances", countMax: Self.balancesMax) {
            let object = try GenesisObject(
                element.json, at: element.pointer, known: ["account", "amount", "asset"])
            try balances.append(
                Balance(
                    object.identifier("account"), object.amount("amount"),
                    of: AssetID(object.unsigned("asset", standard: 0))))
        }
        self.init(assets: assets, balances: balances)
    }

    /// The part as a genesis file holds it.
    public var json: JSON {
        [
            "assets": .array(
                assets.map { ["id": JSON($0.id.value), "symbol": .string($0.symbol)] }),
            "balances": .array(
                balances.map {
                    [
                        "account": .string("\($0.account)"), "amount": .string("\($0.amount)"),
                        "asset": JSON($0.asset.value),
                    ]
                }),
        ]
    }

    /// Writes assets, then balances; the supply of an asset is the sum of its balances.
    func write(in context: ExecutionContext) throws(GenesisFailure) {
        for (index, asset) in assets.enumerated() {
            guard index == 0 || assets[index - 1].id != asset.id else {
                throw GenesisFailure(pointer: "/assets", reason: "asset \(asset.id) comes twice")
            }
            Balances.writeAsset(Asset(symbol: asset.symbol, supply: .zero), asset.id, in: context)
        }
        for (index, balance) in balances.enumerated() {
            try Self.mint(balance, at: "/balances/\(index)", in: context)
        }
    }

    private static func mint(
        _ balance: Balance, at pointer: String, in context: ExecutionContext
    ) throws(GenesisFailure) {
        guard let asset = Balances.asset(balance.asset, in: context) else {
            throw GenesisFailure(pointer: pointer + "/asset", reason: "is not among the assets")
        }
        guard balance.amount > .zero else {
            throw GenesisFailure(pointer: pointer + "/amount", reason: "must be above zero")
        }
        guard Balances.read(balance.account, balance.asset, in: context) == .zero else {
            throw GenesisFailure(pointer: pointer + "/account", reason: "comes twice")
        }
        guard let supply = asset.supply.adding(balance.amount) else {
            throw GenesisFailure(pointer: pointer + "/amount", reason: "exceeds 128 bits in sum")
        }
        do {
            try Balances.credit(
                balance.amount, of: balance.asset, to: balance.account, in: context)
        } catch {
            throw GenesisFailure(pointer: pointer, reason: error.detail)
        }
        Balances.writeAsset(
            Asset(symbol: asset.symbol, supply: supply), balance.asset, in: context)
    }
}
