// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Effects
import StateTree
import Vocabulary

extension LedgerMachine {
    /// Opens a store at the height it stands at, or starts the chain in an empty one.
    ///
    /// Reads every key once to rebuild the tree and checks the root it was committed with.
    ///
    /// - Parameters:
    ///   - genesis: The chain's beginning.
    ///   - modules: The rooms of law, in any order; each id once.
    ///   - fees: Who keeps nonces and charges fees: the accounts module.
    ///   - store: The executed state; written by ``commit()`` alone.
    /// - Throws: ``LedgerFailure/disk(_:)``, ``LedgerFailure/damaged(reason:)``,
    ///   ``LedgerFailure/genesis(_:)``.
    public static func open(
        genesis: Genesis, modules: [any LedgerModule], fees: any FeeBook,
        store: any KeyValueStore, options: Options = Options()
    ) throws(LedgerFailure) -> LedgerMachine {
        let ordered = modules.sorted { $0.id < $1.id }
        precondition(Set(modules.map(\.id)).count == modules.count, "module ids are unique")
        precondition(!modules.contains { $0.id == .ledger }, "id 0 is the ledger's own")
        let position: StorePosition?
        do {
            position = try store.get(StoreLayout.position).map(StorePosition.init(canonicalBytes:))
        } catch let error as DiskFailure {
            throw .disk(error)
        } catch {
            throw .damaged(reason: "the position record does not read: \(error)")
        }
        let empty = StorePosition(
            chain: genesis.chain, height: BlockHeight(0), time: genesis.time, root: .zero)
        let machine = LedgerMachine(
            genesis: genesis, modules: ordered, fees: fees, options: options,
            layers: LayeredStore(store, cacheBytesMax: options.cacheBytesMax),
            tree: SparseMerkleTree(), position: position ?? empty)
        if position == nil { try machine.begin() } else { try machine.rebuild() }
        return machine
    }

    /// Writes the state of height 0.
    private func begin() throws(LedgerFailure) {
        let block = BlockContext(
            chain: chain, height: BlockHeight(0), time: genesis.time,
            proposer: AccountID(.zero))
        let context = ExecutionContext(block: block, base: self)
        do throws(GenesisFailure) {
            try genesis.checkParts(modules)
            context.set(.ledger, LedgerKeys.parameters, genesis.parameters.canonicalBytes)
            for module in modules {
                try Self.initialise(module, from: genesis, in: context)
            }
            for module in modules { try module.found(genesis.validators, in: context) }
        } catch {
            throw .genesis(error)
        }
        try check(context)
        var delta = StateDelta()
        for change in context.changes() { delta.append(change) }
        apply(OrderedDelta([delta]), of: block, workers: 1) { count, body in
            (0..<count).forEach(body)
        }
    }

    private static func initialise(
        _ module: any LedgerModule, from genesis: Genesis, in context: ExecutionContext
    ) throws(GenesisFailure) {
        do {
            try module.initialise(from: genesis.part(of: module), in: context)
        } catch {
            throw GenesisFailure(
                pointer: "/modules/\(module.name)\(error.pointer)", reason: error.reason)
        }
    }

    /// Builds the tree of the stored state and checks what the store says of itself.
    private func rebuild() throws(LedgerFailure) {
        guard position.version == StorePosition.versionNow else {
            throw .damaged(reason: "the store has layout \(position.version)")
        }
        guard position.chain == genesis.chain else {
            throw .damaged(reason: "the store is of chain \(position.chain)")
        }
        var after: [UInt8]?
        while true {
            let page = layers.stored(
                prefix: [StoreLayout.state], after: after, limit: Self.rebuildPageMax)
            if let failure = layers.takeFailure() { throw .disk(failure) }
            guard let last = page.last else { break }
            tree.update(Self.treeChanges(page.map { (Array($0.key.dropFirst()), $0.value) }))
            after = last.key
        }
        guard tree.root == position.root else {
            throw .damaged(reason: "the state gives root \(tree.root), not \(position.root)")
        }
        try recall()
    }

    /// Tree changes of full state keys and values, in ascending tree order.
    private static func treeChanges(
        _ pairs: [(key: [UInt8], value: [UInt8])]
    ) -> [SparseMerkleTree.Change] {
        pairs.map { pair in
            SparseMerkleTree.Change(
                key: SparseMerkleTree.path(of: pair.key), valueHash: SHA256.hash(pair.value))
        }
        .sorted { $0.key < $1.key }
    }

    /// Keys read at a time while the tree is rebuilt: 16,384, about 4 MiB of small values.
    private static let rebuildPageMax = 16_384
}
