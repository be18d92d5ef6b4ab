// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Names
import Testing
import Vocabulary

/// A bank with one balance an account and one sum a name, kept in the same state as all else.
struct HallBank: NameBank, CellBank {
    static let module = ModuleID(99)

    static func balanceKey(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }
    static func heldKey(_ name: Bytes32) -> [UInt8] { [2] + name.bytes }

    func holdBid(
        _ amount: Amount, for name: Bytes32, from bidder: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(bidder), in: context)
        add(amount, to: Self.heldKey(name), in: context)
    }

    func releaseBid(
        _ amount: Amount, for name: Bytes32, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.heldKey(name), in: context)
        add(amount, to: Self.balanceKey(account), in: context)
    }

    func burnBid(
        _ amount: Amount, for name: Bytes32, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.heldKey(name), in: context)
    }

    func held(for name: Bytes32, in state: any StateReader) -> Amount {
        amount(Self.heldKey(name), in: state)
    }
}

/// Everybody speaks for themselves; account 8 for account 7 too, and 7 no more for itself.
struct HallSpeakers: SpeakerDirectory {
    func speaks(
        _ sender: AccountID, for identity: AccountID, in context: ExecutionContext
    ) -> Bool {
        sender == (identity == Hall.account(7) ? Hall.account(8) : identity)
    }
}

/// A state with rich accounts, and the module over it; time moves by new blocks.
///
/// Terms last 10,000 ms, grace 1,000, auctions 500, and at least 100 after a bid; a name of five
/// letters costs 10.
final class Hall {
    let bank = HallBank()
    let names: NamesModule
    let robot: PlainName
    private(set) var context: ExecutionContext

    init(treasury: Bool = false) throws {
        names = NamesModule(bank: bank, speakers: HallSpeakers())
        robot = try #require(PlainName("robot"))
        context = .block(0, at: 0, over: EmptyState())
        var genesis: [JSON.Member] = [
            JSON.Member("priceOfThree", "100"), JSON.Member("priceOfFour", "50"),
            JSON.Member("price", "10"), JSON.Member("termMilliseconds", 10_000),
            JSON.Member("graceMilliseconds", 1_000), JSON.Member("auctionMilliseconds", 500),
            JSON.Member("extensionMilliseconds", 100),
        ]
        if treasury {
            genesis.append(JSON.Member("treasury", .string("\(Self.account(9))")))
        }
        try names.initialise(from: .object(genesis), in: context)
        for number in UInt8(1)...8 {
            bank.add(
                Amount(whole: 1_000), to: HallBank.balanceKey(Self.account(number)), in: context)
        }
    }

    static func account(_ number: UInt8) -> AccountID {
        AccountID(Bytes32([UInt8](repeating: number, count: 32)) ?? .zero)
    }

    /// Ends the block and starts one at a later time.
    func pass(to time: UInt64) {
        names.endBlock(in: context)
        context = .block(time, at: time, over: StateAfter(context))
    }

    /// Lets a block begin and end at a time, and starts another then.
    func settle(at time: UInt64) {
        pass(to: time)
        pass(to: time)
    }

    func send(_ message: NamesMessage, from sender: UInt8) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try names.execute(message.message.payload, from: Self.account(sender), in: context)
        }
    }

    func claim(_ amount: UInt64 = 10, by sender: UInt8 = 1, _ name: PlainName? = nil) throws {
        try send(
            .claim(
                ClaimName(
                    name: name ?? robot, owner: Self.account(sender), amount: Amount(whole: amount))
            ), from: sender)
    }

    func bid(_ amount: UInt64, by sender: UInt8) throws {
        try send(
            .bid(
                BidForName(
                    name: robot, owner: Self.account(sender), amount: Amount(whole: amount))),
            from: sender)
    }

    func balance(_ number: UInt8) -> Amount {
        bank.amount(HallBank.balanceKey(Self.account(number)), in: context)
    }

    var resolved: AccountID? { NamesQueries(context).resolve(robot, at: context.block.time) }
    var record: NameRecord? { NamesQueries(context).record(robot) }
    var auction: NameAuction? { NamesQueries(context).auction(robot) }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(names.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(names.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
