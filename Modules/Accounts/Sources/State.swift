// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What the module stores, under which keys. Numbers in keys are big-endian, so keys sort by them.
public enum AccountsKeys {
    /// 1, account: the next nonce, 8 bytes.
    public static func nonce(of account: AccountID) -> [UInt8] { [noncePrefix] + account.raw.bytes }
    /// 2, account, asset: an ``Amount`` above zero.
    public static func balance(of account: AccountID, _ asset: AssetID) -> [UInt8] {
        balances(of: account) + bigEndian(asset)
    }
    /// 2, account: the prefix of an account's balances.
    public static func balances(of account: AccountID) -> [UInt8] {
        [balancePrefix] + account.raw.bytes
    }
    /// 3, module, id: an ``Escrow`` above zero.
    public static func escrow(_ key: EscrowKey) -> [UInt8] { [3] + key.canonicalBytes }
    /// 4, asset: an ``Asset``.
    public static func asset(_ asset: AssetID) -> [UInt8] { [4] + bigEndian(asset) }

    static let noncePrefix: UInt8 = 1
    static let balancePrefix: UInt8 = 2
    static let escrowPrefix: UInt8 = 3
    static let assetPrefix: UInt8 = 4

    static func bigEndian(_ asset: AssetID) -> [UInt8] {
        withUnsafeBytes(of: asset.value.bigEndian) { Array($0) }
    }
}

/// Names an escrow: whose law holds it, and that module's own id for it.
public struct EscrowKey: Hashable, Sendable, CanonicalCodable {
    /// The module that holds it.
    public let module: ModuleID
    /// A job, a provider's account, whatever the module counts by.
    public let id: Bytes32

    /// Names an escrow.
    public init(module: ModuleID, id: Bytes32) {
        self.module = module
        self.id = id
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(module)
        encoder.write(id)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        module = try decoder.read()
        id = try decoder.read()
    }
}

/// Money that a module holds for somebody.
public struct Escrow: Hashable, Sendable, CanonicalCodable {
    /// Who paid it in.
    public let owner: AccountID
    /// Which asset.
    public let asset: AssetID
    /// How much is left; never zero in the state.
    public let amount: Amount

    init(owner: AccountID, asset: AssetID, amount: Amount) {
        self.owner = owner
        self.asset = asset
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(owner)
        encoder.write(asset)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        owner = try decoder.read()
        asset = try decoder.read()
        amount = try decoder.read()
    }
}

/// One asset of the chain.
public struct Asset: Hashable, Sendable, CanonicalCodable {
    /// What people write after an amount: 1 to 16 bytes, such as `ATL`.
    public let symbol: String
    /// All that exists, in balances and escrows.
    public let supply: Amount

    /// The most bytes of a symbol.
    public static let symbolBytesMax = 16

    init(symbol: String, supply: Amount) {
        self.symbol = symbol
        self.supply = supply
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(symbol)
        encoder.write(supply)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        symbol = try decoder.readText(limit: Self.symbolBytesMax)
        supply = try decoder.read()
    }
}
