// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import JSONText
import Ledger
import LedgerSupport
import Testing
import Validators
import Vocabulary

/// A bank with one balance and one stake an account, kept in the same state as everything else.
struct CouncilBank: StakeBank, CellBank {
    static let module = ModuleID(99)

    static func balanceKey(_ account: AccountID) -> [UInt8] { [1] + account.raw.bytes }
    static func stakeKey(_ account: AccountID) -> [UInt8] { [2] + account.raw.bytes }

    func holdStake(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.balanceKey(owner), in: context)
        add(amount, to: Self.stakeKey(owner), in: context)
    }

    func releaseStake(
        _ amount: Amount, of owner: AccountID, to destination: StakeDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        try take(amount, from: Self.stakeKey(owner), in: context)
        switch destination {
        case .owner: add(amount, to: Self.balanceKey(owner), in: context)
        case .forfeited: break
        }
    }

    func stake(of owner: AccountID, in state: any StateReader) -> Amount {
        amount(Self.stakeKey(owner), in: state)
    }
}

/// A chain whose epochs are two blocks long, with some validators of the genesis.
final class Council {
    static let chain = ChainID(Bytes32 { $0[0] = 7 })

    let bank = CouncilBank()
    let module: ValidatorsModule
    private(set) var context: ExecutionContext

    /// - Parameter stakes: Of the founders, who are `key(0)`, `key(1)` and so on.
    init(
        _ stakes: [UInt64] = [10, 10, 10, 10], figures: JSON = [:], checkpointBlocks: UInt64 = 2
    ) throws {
        module = ValidatorsModule(bank: bank)
        context = Self.block(0, over: EmptyState())
        var lengths = LedgerParameters.standard
        lengths.checkpointBlocks = checkpointBlocks
        lengths.epochCheckpoints = 1
        context.set(.ledger, [0], lengths.canonicalBytes)
        try module.initialise(from: Self.short(figures), in: context)
        try module.found(
            stakes.enumerated().map { place, stake in
                GenesisValidator(
                    name: "v\(place)", publicKey: Self.key(place).publicKey, stake: stake,
                    account: Self.account(place))
            }, in: context)
        pass()
    }

    /// Delays of two epochs, and whatever else `figures` say.
    private static func short(_ figures: JSON) -> JSON {
        let given = figures.members ?? []
        let usual: [JSON.Member] = [
            JSON.Member("unbondingEpochs", 2), JSON.Member("jailEpochs", 2),
        ]
        return .object(
            given + usual.filter { member in !given.contains { $0.name == member.name } })
    }

    static func key(_ place: Int) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8(place)] + [UInt8](repeating: 1, count: 31)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    /// The account that governs the member of a place: of a key beside its consensus key.
    static func account(_ place: Int) -> AccountID {
        AccountID(
            Bytes32 {
                $0[0] = UInt8(place)
                $0[1] = 200
            })
    }

    private static func block(
        _ height: UInt64, proposedBy key: PublicKey? = nil, over base: any StateReader
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: chain, height: BlockHeight(height), time: Timestamp(height),
                proposer: AccountID(.zero), proposerKey: key,
                lanes: key.map { _ in
                    LanePosition(epoch: Epoch(0), order: LaneOrder(lanes: 1))
                }),
            base: base)
    }

    // MARK: Time

    /// Starts the next block.
    private func pass() {
        context = Self.block(context.block.height.value + 1, over: StateAfter(context))
    }

    /// Ends the block as one that a key proposed, and starts the next.
    func end(proposedBy key: PublicKey) {
        let height = context.block.height.value
        context = Self.block(height, proposedBy: key, over: StateAfter(context))
        end()
    }

    /// Ends the block and starts the next.
    func end() {
        module.endBlock(in: context)
        expectSound()
        lastEvents = context.events
        pass()
    }

    /// Ends blocks up to the next cut and starts the block after it; the set then known is of
    /// the next epoch.
    func cut() {
        while true {
            let isCut = context.block.height.value.isMultiple(of: 2)
            end()
            if isCut { return }
        }
    }

    /// What the block before told.
    private(set) var lastEvents: [Event] = []

    /// What the last cut said of its choice.
    var choice: SetChoice? {
        lastEvents.last { $0.kind == ValidatorsEventKind.setChosen.rawValue }
            .flatMap { try? SetChoice(canonicalBytes: $0.payload) }
    }

    // MARK: Asking

    func send(_ message: ValidatorsMessage, from place: Int) throws(Refusal) {
        try context.atomically { () throws(Refusal) in
            try module.execute(
                message.message.payload, from: Self.account(place), in: context)
        }
    }

    /// Gives an account money and joins with some of it.
    func join(_ place: Int, stake: UInt64 = 100, key: SigningKey? = nil) throws(Refusal) {
        bank.add(
            Amount(whole: stake), to: CouncilBank.balanceKey(Self.account(place)), in: context)
        try send(.join(joining(place, stake: stake, key: key)), from: place)
    }

    func joining(_ place: Int, stake: UInt64 = 100, key: SigningKey? = nil) -> JoinValidators {
        JoinValidators(
            claim: claim(place, key: key), name: "v\(place)", stake: Amount(whole: stake),
            fees: Self.account(place))
    }

    func claim(_ place: Int, key: SigningKey? = nil) -> KeyClaim {
        KeyClaim(key ?? Self.key(place), for: Self.account(place), on: Self.chain)
    }

    /// Two votes of one validator of an epoch that contradict each other.
    func evidence(against place: Int, in epoch: UInt64 = 0, slot: UInt64 = 5) throws
        -> EquivocationEvidence
    {
        let seats = try #require(queries.seats(of: Epoch(epoch)))
        let seat = try #require(
            seats.seats.firstIndex { $0.account == Self.account(place) })
        func vote(_ statement: Statement) -> Vote {
            Vote(
                statement, by: Self.key(place), validator: UInt16(seat), chain: Self.chain,
                epoch: Epoch(epoch))
        }
        return .votes(vote(.skip(Slot(slot))), vote(.final(Slot(slot), .zero)))
    }

    // MARK: Seeing

    var queries: ValidatorsQueries { ValidatorsQueries(context) }
    func member(_ place: Int) -> ValidatorMember? { queries.member(of: Self.account(place)) }
    func balance(_ place: Int) -> Amount {
        bank.amount(CouncilBank.balanceKey(Self.account(place)), in: context)
    }

    /// The places that have a seat in the newest set, ascending.
    var seated: [Int] {
        guard let next = queries.nextSet, let seats = queries.seats(of: next.epoch) else {
            return []
        }
        return seats.seats.map { Int($0.account.raw.bytes[0]) }.sorted()
    }

    /// The weights of the newest set by place.
    var weights: [Int: UInt64] {
        guard let next = queries.nextSet, let seats = queries.seats(of: next.epoch) else {
            return [:]
        }
        return Dictionary(
            uniqueKeysWithValues: seats.seats.map { (Int($0.account.raw.bytes[0]), $0.weight) })
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(module.breaches(after: context) == [], sourceLocation: sourceLocation)
        #expect(module.breaches(in: context) == [], sourceLocation: sourceLocation)
    }
}
