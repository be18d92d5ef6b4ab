// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

/// A chain whose epochs are two blocks of half an hour long, with operators 0, 1, 2 that hold 1,000
/// units each; everybody has plenty.
final class Town {
    static let chain = ChainID(Bytes32 { $0[0] = 7 })
    static let coral = AssetID(5)
    static let plenty = Amount(whole: 1_000_000)
    static let blockMilliseconds: UInt64 = 1_800_000

    let bank = TownBank()
    let validators = TownValidators()
    let conduct = TownConduct()
    let module: StakingModule
    private let book = FinishedState()
    private(set) var context: ExecutionContext

    init(_ figures: JSON = [:], budget: UInt64 = 100_000) throws {
        module = StakingModule(bank: bank, validators: validators, conduct: conduct)
        context = .block(
            0, at: 1_000, on: Self.chain, over: book)
        var lengths = LedgerParameters.standard
        lengths.checkpointBlocks = 2
        lengths.epochCheckpoints = 1
        context.set(.ledger, [0], lengths.canonicalBytes)
        for place in 0..<40 {
            bank.give(Self.plenty, to: Self.account(place), in: context)
            bank.give(Self.plenty, Self.coral, to: Self.account(place), in: context)
        }
        for place in 0..<3 {
            validators.set(Self.account(place), own: Amount(whole: 1_000), in: context)
        }
        validators.choose(Epoch(0), in: context)
        let rest: [JSON.Member] = [
            JSON.Member(
                "budget",
                ["account": .string("\(Self.account(39))"), "amount": .string("\(budget)")])
        ]
        try module.initialise(from: .object((figures.members ?? []) + rest), in: context)
        pass()
    }

    static func key(_ place: Int) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8(place)] + [UInt8](repeating: 1, count: 31)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    static func account(_ place: Int) -> AccountID { AccountID(of: key(place).publicKey) }

    // MARK: Time

    private func pass(_ milliseconds: UInt64 = Town.blockMilliseconds) {
        book.apply(context)
        context = .block(
            context.block.height.value + 1, at: context.block.time.value + milliseconds,
            on: Self.chain, over: book)
    }

    /// Ends the block and starts the next, so much later.
    func end(_ milliseconds: UInt64 = Town.blockMilliseconds) {
        let height = context.block.height.value
        if height.isMultiple(of: 2) { validators.choose(Epoch(height / 2), in: context) }
        module.endBlock(in: context)
        expectSound()
        lastEvents = context.events
        pass(milliseconds)
    }

    /// Ends blocks up to the next cut and starts the block after it.
    func cut(_ times: Int = 1) {
        for _ in 0..<times {
            while !context.block.height.value.isMultiple(of: 2) { end() }
            end()
        }
    }

    /// What the block before told.
    private(set) var lastEvents: [Event] = []

    // MARK: Asking

    func send(_ message: StakingMessage, from place: Int) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try module.execute(message.message.payload, from: Self.account(place), in: context)
        }
    }

    func delegate(
        _ whole: UInt64, to place: Int, from delegator: Int, compounds: Bool = false
    ) throws(Refusal) {
        try send(.delegate(order(whole, place, compounds)), from: delegator)
    }

    func order(_ whole: UInt64, _ place: Int, _ compounds: Bool = false) -> StakeOrder {
        StakeOrder(
            operator: Self.account(place), amount: Amount(whole: whole), compounds: compounds)
    }

    /// Punishes an operator as the validators' module does.
    func punish(_ place: Int, of epoch: UInt64, from before: UInt64 = 0, to after: UInt64) {
        validators.convict(Self.account(place), of: Epoch(epoch), in: context)
        module.punishPool(
            of: Self.account(place), for: Epoch(epoch), before: before, after: after, in: context)
    }

    // MARK: Seeing

    var queries: StakingQueries { StakingQueries(context) }

    func balance(_ place: Int, _ asset: AssetID = .native) -> Amount {
        bank.balance(of: Self.account(place), asset, in: context)
    }

    /// What an account has spent since the beginning, or nothing when it has gained.
    func spent(_ place: Int) -> Amount { Self.plenty.subtracting(balance(place)) ?? .zero }

    /// What an account has gained.
    func gained(_ place: Int) -> Amount { balance(place).subtracting(Self.plenty) ?? .zero }

    func pool(_ place: Int) throws -> Pool {
        try #require(queries.pool(of: Self.account(place)))
    }

    func worth(_ delegator: Int, _ place: Int) -> Amount {
        queries.worth(of: Self.account(delegator), behind: Self.account(place))
    }

    func bond(_ role: Role, _ place: Int) throws -> RoleBond {
        try #require(queries.bond(role, of: Self.account(place)))
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(module.breaches(in: context) == [], sourceLocation: sourceLocation)
        #expect(
            bank.everything(in: context) == 40 * Self.plenty.units,
            "the native asset is neither made nor lost", sourceLocation: sourceLocation)
    }
}
