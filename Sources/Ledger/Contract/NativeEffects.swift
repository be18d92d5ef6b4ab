// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// One movement that a native message asks for: out of the sender's balance, into another.
public struct NativeTransfer: Hashable, Sendable {
    /// Who receives; may be the sender.
    public let to: AccountID
    /// Which asset.
    public let asset: AssetID
    /// How much.
    public let amount: Amount

    /// Describes a movement.
    public init(to: AccountID, asset: AssetID, amount: Amount) {
        self.to = to
        self.asset = asset
        self.amount = amount
    }
}

/// What the native messages of one transaction ask for, in order (EXECUTION-2).
public struct NativeEffects: Sendable {
    /// The movements.
    public private(set) var transfers: [NativeTransfer] = []

    /// Starts without any.
    public init() {}

    /// Adds a movement.
    public mutating func append(_ transfer: NativeTransfer) { transfers.append(transfer) }

    /// Lets all go and keeps the memory.
    mutating func removeAll() { transfers.removeAll(keepingCapacity: true) }
}

/// Where an accounts module keeps what section 1 changes, and how it tells of it (EXECUTION-9).
///
/// Under the module, the key `nonceKind ‖ account` holds the next nonce as 8 bytes, little-endian,
/// or nothing for 0; `balanceKind ‖ account ‖ asset` (8 bytes, big-endian) holds the balance as 16
/// bytes, little-endian, or nothing for zero. The payload of the events is giver, receiver, asset,
/// amount in canonical bytes.
public struct AccountLayout: Hashable, Sendable {
    /// Whose keys and events.
    public let module: ModuleID
    /// The first byte of a nonce's key.
    public let nonceKind: UInt8
    /// The first byte of a balance's key.
    public let balanceKind: UInt8
    /// The event of a fee that was paid; its subject is the payer.
    public let feePaid: UInt16
    /// The event of an amount that moved; its subject is the receiver.
    public let transferred: UInt16

    /// Describes the layout.
    public init(
        module: ModuleID, nonceKind: UInt8, balanceKind: UInt8, feePaid: UInt16,
        transferred: UInt16
    ) {
        self.module = module
        self.nonceKind = nonceKind
        self.balanceKind = balanceKind
        self.feePaid = feePaid
        self.transferred = transferred
    }
}

/// Why a native movement is refused; the module finds the code and the words.
public enum NativeProblem: Hashable, Sendable {
    /// The amount is zero.
    case zeroAmount(to: AccountID)
    /// The chain has no such asset.
    case unknownAsset(AssetID)
    /// The sender may spend less than is asked.
    case insufficientBalance(
        account: AccountID, balance: Amount, asset: AssetID, amount: Amount)
}

/// A fee book whose accounts section 1 reads and writes by their layout (EXECUTION-9).
///
/// Without one, no transaction is in section 1.
public protocol AccountBook: FeeBook {
    /// Where nonces and balances lie.
    var layout: AccountLayout { get }
    /// Whether an asset can be moved. Called by several threads at once.
    func hasAsset(_ asset: AssetID, in state: any StateReader) -> Bool
    /// The refusal that a problem is told with.
    func refusal(of problem: NativeProblem) -> Refusal
}
