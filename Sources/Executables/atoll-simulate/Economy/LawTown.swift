// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import JSONText
import Ledger
import NodeAssembly
import Validators
import Vocabulary

/// The real rooms of law as a node introduces them to each other, without network and disk: blocks
/// follow each other as fast as they are computed, and time is what the caller says.
final class LawTown {
    static let chain = ChainID(Bytes32 { $0[0] = 7 })
    /// Blocks of an epoch.
    static let epochBlocks: UInt64 = 4

    let house = House()
    let keys: [SigningKey]
    let accounts: [AccountID]
    private(set) var context: ExecutionContext
    /// What the modules found broken, in words; a town without any keeps its law.
    private(set) var breaches: [String] = []
    /// The finished state.
    let state = ShelvedState()

    /// Begins a chain at time zero.
    ///
    /// - Parameters:
    ///   - parts: The parts of the modules, as in a genesis file's `/modules`.
    ///   - people: How many accounts there are; the first are the founders.
    ///   - founders: How many validators the genesis names, with a granted weight of one.
    /// - Throws: ``GenesisFailure`` when the parts make no chain.
    init(
        _ parts: JSON, people: Int, founders: Int, granted: UInt64 = 1
    ) throws(GenesisFailure) {
        keys = (0..<people).map(Self.key)
        accounts = keys.map { AccountID(of: $0.publicKey) }
        context = Self.block(0, at: Timestamp(0), by: accounts[0], over: state)
        var lengths = LedgerParameters.standard
        lengths.checkpointBlocks = Self.epochBlocks / 2
        lengths.epochCheckpoints = 2
        context.set(.ledger, [0], lengths.canonicalBytes)
        for module in house.modules {
            try module.initialise(from: parts[module.name] ?? [:], in: context)
        }
        let validators = (0..<founders).map { place in
            GenesisValidator(
                name: "founder \(place)", publicKey: keys[place].publicKey, stake: granted,
                account: accounts[place])
        }
        for module in house.modules { try module.found(validators, in: context) }
        pass(to: Timestamp(1_000))
    }

    private static func key(_ place: Int) -> SigningKey {
        let number = UInt64(place) + 1
        let seed = (0..<4).flatMap { part in
            withUnsafeBytes(of: (number &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(part)).littleEndian) {
                Array($0)
            }
        }
        guard let key = SigningKey(seed: seed) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return key
    }

    /// The account of a place.
    static func account(_ place: Int) -> AccountID { AccountID(of: key(place).publicKey) }

    private static func block(
        _ height: UInt64, at time: Timestamp, by proposer: AccountID, over base: ShelvedState
    ) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: chain, height: BlockHeight(height), time: time, proposer: proposer),
            base: base)
    }

    var now: Timestamp { context.block.time }

    private func pass(to time: Timestamp) {
        state.apply(context)
        let height = context.block.height.value + 1
        context = Self.block(
            height, at: time, by: accounts[Int(height % UInt64(accounts.count))], over: state)
    }

    /// Ends the block and starts the next, so much later.
    func end(_ milliseconds: UInt64) {
        for module in house.modules { module.endBlock(in: context) }
        for module in house.modules { note(module.breaches(after: context)) }
        pass(to: now.advanced(by: milliseconds))
    }

    /// Checks the whole state.
    func audit() {
        for module in house.modules { note(module.breaches(in: context)) }
    }

    private func note(_ found: [String]) {
        breaches += found.map { "block \(context.block.height): \($0)" }
    }

    /// Executes a message.
    ///
    /// - Throws: What its module refuses; nothing has changed then.
    func send(_ message: Message, from account: AccountID) throws(Refusal) {
        guard let module = house.modules.first(where: { $0.id == message.module }) else {
            throw Refusal(module: nil, code: 0, name: "unknownModule", detail: "no such module")
        }
        try context.atomically { () throws(Refusal) in
            try module.execute(message.payload, from: account, in: context)
        }
    }

    /// Whether a message was taken.
    func took(_ message: Message, from account: AccountID) -> Bool {
        do {
            try send(message, from: account)
            return true
        } catch {
            return false
        }
    }

    func balance(of account: AccountID, _ asset: AssetID = .native) -> Amount {
        house.accounts.balance(of: account, asset, in: context)
    }

    /// How much of an asset exists.
    func supply(_ asset: AssetID = .native) -> Amount {
        house.accounts.asset(asset, in: context)?.supply ?? .zero
    }

    /// Two votes of a validator of an epoch that contradict each other.
    func evidence(against account: AccountID, in epoch: Epoch) -> Message? {
        guard let seats = ValidatorsQueries(context).seats(of: epoch),
            let seat = seats.seats.firstIndex(where: { $0.account == account }),
            let key = keys.first(where: { $0.publicKey == seats.seats[seat].key })
        else { return nil }
        func vote(_ statement: Statement) -> Vote {
            Vote(statement, by: key, validator: UInt16(seat), chain: Self.chain, epoch: epoch)
        }
        let evidence = EquivocationEvidence.votes(
            vote(.skip(Slot(5))), vote(.final(Slot(5), .zero)))
        return ValidatorsMessage.submitEvidence(evidence).message
    }
}
