// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import NodeAssembly
import Staking
import Testing
import Validators
import Vocabulary

/// The real rooms of law as a node introduces them to each other, without a node: epochs are two
/// blocks of half an hour unless more are asked for, accounts 0 to 19 have a million units each, 0
/// to 3 are founders.
final class Reef {
    static let chain = ChainID(Bytes32 { $0[0] = 7 })

    let house = House()
    private let book = FinishedState()
    private let epochBlocks: UInt64
    /// Who proposes the blocks, in turns; nobody leaves them without a proposer's key.
    private let proposers: [Int]
    private(set) var context: ExecutionContext
    private(set) var lastEvents: [Event] = []

    init(
        _ parts: JSON = [:], founders: Int = 4, epochBlocks: UInt64 = 2, proposers: [Int] = []
    ) throws {
        self.epochBlocks = epochBlocks
        self.proposers = proposers
        context = Self.block(0, at: 1_000, by: nil, over: book)
        var lengths = LedgerParameters.standard
        lengths.checkpointBlocks = epochBlocks
        lengths.epochCheckpoints = 1
        context.set(.ledger, [0], lengths.canonicalBytes)
        let accounts = AccountsGenesis(
            assets: [AccountsGenesis.NamedAsset(id: AssetID(5), symbol: "CRL")],
            balances: (0..<20).map {
                AccountsGenesis.Balance(Self.account($0), Amount(whole: 1_000_000))
            })
        for module in house.modules {
            let part = module.id == .accounts ? accounts.json : parts[module.name] ?? [:]
            try module.initialise(from: part, in: context)
        }
        let validators = (0..<founders).map { place in
            GenesisValidator(
                name: "v\(place)", publicKey: Self.key(place).publicKey, stake: 100,
                account: Self.account(place))
        }
        for module in house.modules { try module.found(validators, in: context) }
        pass()
    }

    static func key(_ place: Int) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8(place)] + [UInt8](repeating: 1, count: 31)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    static func account(_ place: Int) -> AccountID { AccountID(of: key(place).publicKey) }

    private static func block(
        _ height: UInt64, at time: UInt64, by proposer: Int?, over base: any StateReader
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: chain, height: BlockHeight(height), time: Timestamp(time),
                proposer: account(proposer ?? 0), proposerKey: proposer.map { key($0).publicKey },
                lanes: proposer.map { _ in
                    LanePosition(epoch: Epoch(0), order: LaneOrder(lanes: 1))
                }),
            base: base)
    }

    private func pass(_ milliseconds: UInt64 = 1_800_000) {
        book.apply(context)
        let height = context.block.height.value + 1
        let turn = proposers.isEmpty ? nil : proposers[Int(height) % proposers.count]
        context = Self.block(
            height, at: context.block.time.value + milliseconds, by: turn, over: book)
    }

    /// Ends the block and starts the next, so much later.
    func end(_ milliseconds: UInt64 = 1_800_000) {
        for module in house.modules { module.endBlock(in: context) }
        expectSound()
        lastEvents = context.events
        pass(milliseconds)
    }

    /// Ends blocks up to the next cut and starts the block after it.
    func cut(_ times: Int = 1) {
        for _ in 0..<times {
            while !context.block.height.value.isMultiple(of: epochBlocks) { end() }
            end()
        }
    }

    func send(_ message: Message, from place: Int) throws(Refusal) {
        guard let module = house.modules.first(where: { $0.id == message.module }) else { return }
        try context.atomically { () throws(Refusal) in
            try module.execute(message.payload, from: Self.account(place), in: context)
        }
    }

    /// Joins the validators with a bond.
    func join(_ place: Int, stake: UInt64) throws(Refusal) {
        let claim = KeyClaim(Self.key(place), for: Self.account(place), on: Self.chain)
        let message = JoinValidators(
            claim: claim, name: "v\(place)", stake: Amount(whole: stake),
            fees: Self.account(place))
        try send(ValidatorsMessage.join(message).message, from: place)
    }

    func send(_ message: StakingMessage, from place: Int) throws(Refusal) {
        try send(message.message, from: place)
    }

    /// Two votes of one validator of an epoch that contradict each other.
    func evidence(against place: Int, in epoch: UInt64) throws -> Message {
        let seats = try #require(ValidatorsQueries(context).seats(of: Epoch(epoch)))
        let seat = try #require(seats.seats.firstIndex { $0.account == Self.account(place) })
        func vote(_ statement: Statement) -> Vote {
            Vote(
                statement, by: Self.key(place), validator: UInt16(seat), chain: Self.chain,
                epoch: Epoch(epoch))
        }
        let evidence = EquivocationEvidence.votes(
            vote(.skip(Slot(5))), vote(.final(Slot(5), .zero)))
        return ValidatorsMessage.submitEvidence(evidence).message
    }

    func balance(_ place: Int, _ asset: AssetID = .native) -> Amount {
        house.accounts.balance(of: Self.account(place), asset, in: context)
    }

    var supply: Amount { house.accounts.asset(.native, in: context)?.supply ?? .zero }

    func member(_ place: Int) throws -> ValidatorMember {
        try #require(ValidatorsQueries(context).member(of: Self.account(place)))
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        for module in house.modules {
            #expect(module.breaches(after: context) == [], sourceLocation: sourceLocation)
            #expect(module.breaches(in: context) == [], sourceLocation: sourceLocation)
        }
    }
}
