// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Treasury

/// The finished state of all blocks so far.
final class Book: StateReader {
    private var modules: [UInt8: [[UInt8]: [UInt8]]] = [:]

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? { modules[module.value]?[key] }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let found = (modules[module.value] ?? [:]).filter { entry in
            entry.key.starts(with: prefix)
                && (after.map { $0.lexicographicallyPrecedes(entry.key) } ?? true)
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
            .map { ($0.key, $0.value) }
    }

    /// Takes over what a block changed.
    func apply(_ block: ExecutionContext) {
        for module in UInt8.min...UInt8.max {
            for change in block.changes(of: ModuleID(module)) {
                modules[module, default: [:]][change.key] = change.after
            }
        }
    }
}

/// A chain that begins at time zero; accounts 0 to 29 have a million units of both assets each.
final class Hall {
    static let bank = Vaults()
    static let module = TreasuryModule(
        bank: bank, dispatcher: TownClerk(), persons: Register())
    static let coral = AssetID(5)
    static let plenty = Amount(whole: 1_000_000)
    static let day: UInt64 = 86_400_000

    private let book = Book()
    private(set) var context: ExecutionContext

    init(_ genesis: JSON = [:]) throws {
        context = Self.block(0, at: 0, over: book)
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

    private static func block(
        _ height: UInt64, at time: UInt64, over base: any StateReader
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: ChainID(.zero), height: BlockHeight(height), time: Timestamp(time),
                proposer: AccountID(.zero)),
            base: base)
    }

    /// Ends the block and starts the next, so much later.
    func wait(_ milliseconds: UInt64) {
        expectSound()
        book.apply(context)
        context = Self.block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds,
            over: book)
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

/// A small generator with a seed (SplitMix64), so that every failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// The name of the refusal that `body` throws, if it throws one.
func refusal(of body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Refusal)?.name ?? "\(error)"
    }
}
