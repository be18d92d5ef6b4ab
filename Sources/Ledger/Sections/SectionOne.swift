// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// Section 1 of a cut: what native transactions do to accounts, over many workers (EXECUTION-3).
///
/// An account spends only what it held at the start of the cut, so what is sent to it matters to
/// nobody before the end: effects commute, and shards of accounts need not wait for each other.
final class SectionOne {
    let shards: [AccountShard]
    let layout: AccountLayout
    private var overlay: OrderedOverlay?

    /// Shards for each worker, so that one with busy accounts does not hold up the rest.
    private static let shardsPerWorker = 4
    /// The most shards.
    private static let shardsMax = 64

    init(_ input: SectionInput, workers: Int) {
        var count = 1
        if workers > 1 {
            while count < min(workers * Self.shardsPerWorker, Self.shardsMax) { count *= 2 }
        }
        shards = (0..<count).map { AccountShard(input, number: $0, of: count) }
        layout = input.book.layout
    }

    /// Carries the section out.
    func run(_ input: SectionInput, by executor: SparseMerkleTree.Executor) {
        let lists = Self.senders(input.transactions, shards: shards.count)
        let shards = shards
        executor(shards.count) { shards[$0].send(lists[$0][...]) }
        if shards.count > 1 { executor(shards.count) { shards[$0].receive(from: shards) } }
        payFees(to: input.receiver)
    }

    /// Gives the fees of the section to who receives them, when all else is done (EXECUTION-6).
    private func payFees(to receiver: AccountID) {
        let fees = shards.reduce(0 as UInt128) { $0 + $1.fees }
        guard fees > 0 else { return }
        let hash = CellTable.hash(receiver)
        shards[AccountShard.number(of: hash, among: shards.count)].receive(
            AccountShard.Credit(account: receiver, asset: .native, amount: fees, hash: hash))
    }

    /// The places of each shard's transactions, in the order of the cut.
    private static func senders(
        _ transactions: [CheckedTransaction], shards: Int
    ) -> [[UInt32]] {
        guard shards > 1 else { return [transactions.indices.map(UInt32.init)] }
        var lists = [[UInt32]](repeating: [], count: shards)
        for index in transactions.indices {
            let hash = CellTable.hash(transactions[index].account)
            lists[AccountShard.number(of: hash, among: shards)].append(UInt32(index))
        }
        return lists
    }

    /// Which shard decides a transaction.
    func shard(of transaction: CheckedTransaction) -> Int {
        guard shards.count > 1 else { return 0 }
        return AccountShard.number(
            of: CellTable.hash(transaction.account), among: shards.count)
    }

    // MARK: What section 2 sees

    private func cell(_ account: AccountID, _ asset: AssetID) -> (shard: Int, index: Int)? {
        let hash = CellTable.hash(account)
        let shard = AccountShard.number(of: hash, among: shards.count)
        return shards[shard].table.find(account, asset, hash: hash).map { (shard, $0) }
    }

    /// The value of one of the section's keys at its end; an outer nothing when it has none of it.
    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]?? {
        switch AccountPlace(module, key, layout) {
        case nil: return nil
        case .balance(let account, let asset):
            guard let place = cell(account, asset) else { return nil }
            let balance = shards[place.shard].table.cells[place.index].balance
            return .some(balance == 0 ? nil : Self.bytes(balance))
        case .nonce(let account):
            guard let place = cell(account, .native) else { return nil }
            let cell = shards[place.shard].table.cells[place.index]
            guard cell.nonceStart != nil else { return nil }
            return .some(cell.nonce == 0 ? nil : Self.bytes(cell.nonce))
        }
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// The section's changes, for scans.
    func changes() -> OrderedOverlay {
        if let overlay { return overlay }
        let made = OrderedOverlay()
        for shard in shards {
            let delta = shard.delta()
            for index in delta.items.indices { delta.withAfter(at: index) { made.set($0, $1) } }
        }
        overlay = made
        return made
    }

    // MARK: The end of the block

    /// Whether nothing came into being or vanished in the section (EXECUTION-7).
    ///
    /// Sums wrap at 2^128 on both sides alike.
    func isBalanced() -> Bool {
        var native: UInt128 = 0
        var others: [AssetID: UInt128] = [:]
        for shard in shards {
            for cell in shard.table.cells {
                let gain = cell.balance &- cell.start
                if cell.asset == .native {
                    native &+= gain
                } else if gain != 0 {
                    others[cell.asset, default: 0] &+= gain
                }
            }
        }
        return native == 0 && others.keys.sorted().allSatisfy { others[$0] == 0 }
    }

    /// Lets what section 2 made of the section's own keys stand in their cells.
    ///
    /// - Returns: The changes of all other keys.
    func settle(_ changes: [StateChange]) -> StateDelta {
        var rest = StateDelta()
        for change in changes where !settle(change) { rest.append(change) }
        return rest
    }

    private func settle(_ change: StateChange) -> Bool {
        switch AccountPlace(change.module, change.key, layout) {
        case nil: return false
        case .balance(let account, let asset):
            guard let place = cell(account, asset) else { return false }
            let balance = Self.number(change.after, as: UInt128.self)
            shards[place.shard].table.change(at: place.index) { $0.settle(balance) }
        case .nonce(let account):
            guard let place = cell(account, .native),
                shards[place.shard].table.cells[place.index].nonceStart != nil
            else { return false }
            let nonce = Self.number(change.after, as: UInt64.self)
            shards[place.shard].table.change(at: place.index) { $0.nonce = nonce }
        }
        return true
    }

    private static func number<Number: FixedWidthInteger>(
        _ bytes: [UInt8]?, as type: Number.Type
    ) -> Number {
        guard let bytes, bytes.count == MemoryLayout<Number>.size else { return 0 }
        return Number(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(as: Number.self) })
    }

    /// The changes of all accounts of the section, by shard.
    func deltas(by executor: SparseMerkleTree.Executor) -> [StateDelta] {
        let shards = shards
        let made = DeltaBoard(shards.count)
        executor(shards.count) { made.put(shards[$0].delta(), at: $0) }
        return made.deltas
    }
}

/// A place for each shard's changes.
private final class DeltaBoard: @unchecked Sendable {
    // Each place is written by one worker, and read when all have ended.
    private let places: UnsafeMutablePointer<StateDelta>
    private let count: Int

    init(_ count: Int) {
        self.count = count
        places = .allocate(capacity: count)
        places.initialize(repeating: StateDelta(), count: count)
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    func put(_ delta: StateDelta, at index: Int) { places[index] = delta }
    var deltas: [StateDelta] { Array(UnsafeBufferPointer(start: places, count: count)) }
}

/// One of the keys section 1 knows.
private enum AccountPlace {
    case nonce(AccountID)
    case balance(AccountID, AssetID)

    init?(_ module: ModuleID, _ key: [UInt8], _ layout: AccountLayout) {
        guard module == layout.module, let kind = key.first, key.count > Bytes32.count,
            let account = Bytes32(key[1...Bytes32.count])
        else { return nil }
        if kind == layout.nonceKind, key.count == 1 + Bytes32.count {
            self = .nonce(AccountID(account))
        } else if kind == layout.balanceKind, key.count == 9 + Bytes32.count {
            let asset = key.suffix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            self = .balance(AccountID(account), AssetID(asset))
        } else {
            return nil
        }
    }
}

/// The state between the sections: what the second one reads.
struct SectionView: StateReader {
    let section: SectionOne
    let machine: LedgerMachine

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        section.value(module, key) ?? machine.value(module, key)
    }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        guard module == section.layout.module else {
            return machine.scan(module, prefix: prefix, after: after, limit: limit)
        }
        return section.changes().scan(
            prefix: StoreLayout.state(module, prefix),
            after: after.map { StoreLayout.state(module, $0) }, limit: limit
        ) { [machine] after, limit in
            machine.layers.scan(
                prefix: StoreLayout.state(module, prefix), after: after, limit: limit)
        }.map { (Array($0.key.dropFirst(2)), $0.value) }
    }
}
