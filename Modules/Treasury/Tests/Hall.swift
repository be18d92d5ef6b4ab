// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

/// A chain that begins at time zero; accounts 0 to 29 have a million units of both assets each.
final class Hall {
    static let bank = Vaults()
    static let module = TreasuryModule(
        bank: bank, dispatcher: TownClerk(), persons: Register())
    static let coral = AssetID(5)
    static let plenty = Amount(whole: 1_000_000)
    static let day: UInt64 = 86_400_000

    private let book = FinishedState()
    private(set) var context: ExecutionContext

    init(_ genesis: JSON = [:]) throws {
        context = .block(
            0, at: 0, over: book)
        for number in 0..<30 {
            for asset in [.native, Self.coral] {
                Self.bank.give(Self.plenty, asset, to: Self.account(number), in: context)
            }
        }
        try Self.module.initialise(from: genesis, in: context)
        wait(0)
    }

    static func account(_ number: Int) -> AccountID {
        AccountID(Bytes32 { $0[0] = UInt8(number) })
    }

    /// Ends the block and starts the next, so much later.
    func wait(_ milliseconds: UInt64) {
        expectSound()
        book.apply(context)
        context = .block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds, over: book)
    }

    var now: Timestamp { context.block.time }

    func send(_ message: TreasuryMessage, from number: Int) throws(Refusal) {
        try send(message, from: Self.account(number))
    }

    func send(_ message: TreasuryMessage, from account: AccountID) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try Self.module.execute(message.message.payload, from: account, in: context)
        }
    }

    var queries: TreasuryQueries { TreasuryQueries(context) }

    func balance(_ number: Int, _ asset: AssetID = .native) -> Amount {
        Self.bank.balance(of: Self.account(number), asset, in: context)
    }

    /// What an account has gained of an asset.
    func gained(_ number: Int, _ asset: AssetID = .native) -> Amount {
        balance(number, asset).subtracting(Self.plenty) ?? .zero
    }

    /// What an account has spent of an asset.
    func spent(_ number: Int, _ asset: AssetID = .native) -> Amount {
        Self.plenty.subtracting(balance(number, asset)) ?? .zero
    }

    func held(_ holder: Chest.Holder, _ asset: AssetID = .native) -> Amount {
        Self.bank.balance(of: Chest(holder, asset), in: context)
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(Self.module.breaches(in: context) == [], sourceLocation: sourceLocation)
        for asset in [.native, Self.coral] {
            #expect(
                Self.bank.everything(asset, in: context) == 30 * Self.plenty.units,
                "nothing is made or lost", sourceLocation: sourceLocation)
        }
    }
}
