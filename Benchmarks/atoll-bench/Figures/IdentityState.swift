// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Identities
import JSONText
import Ledger
import Vocabulary

/// What an identity costs where the state is kept: bytes of the store's file, and of memory.
enum IdentityState {
    static let disk = FigureID(
        "identity.state.disk", "B", "bytes of the state's file for an identity, at 10 M")
    static let memory = FigureID(
        "identity.state.memory", "B", "bytes of a node's memory for an identity, at 10 M")
    static let benchmark = Benchmark(figures: [disk, memory], measure: measure)

    private static let perBlock = 100_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let sizes = bench.either([1_000_000, 10_000_000], quick: [100_000, 1_000_000])
        let town = try LedgerTown(accounts: 1)
        let store = try await bench.effects.disk.openStore("records-state", bytesMax: 32 << 30)
        let accounts = AccountsModule()
        let machine = try LedgerMachine.open(
            genesis: town.genesis, modules: [accounts, RecordPress()], fees: accounts,
            store: store)
        try await machine.commit()
        let emptyMemory = ProcessMeter.ownBytes
        let emptyDisk = SystemFile.blocks(below: bench.folder)
        var found: [(count: Int, disk: Double, memory: Double)] = []
        var (made, height) = (0, 0)
        for size in sizes {
            while made < size {
                height += 1
                let count = min(perBlock, size - made)
                let signed = press(made, count, height, town)
                let result = try machine.execute(town.context(height), [signed])
                guard result.outcomes.allSatisfy({ $0.refusal == nil }) else {
                    throw BenchFailure("records were refused: \(result.outcomes)")
                }
                made += count
                if machine.isCommitDue { try await machine.commit() }
            }
            try await machine.commit()
            let disk = Double(SystemFile.blocks(below: bench.folder) - emptyDisk) / Double(made)
            let memory = Double(ProcessMeter.ownBytes - emptyMemory) / Double(made)
            bench.say("\(made) identities: \(disk) B on disk, \(memory) B in memory")
            found.append((made, disk, memory))
        }
        await store.close()
        return measurements(found)
    }

    private static func measurements(
        _ found: [(count: Int, disk: Double, memory: Double)]
    ) -> [Measurement] {
        let (small, large) = (found[0], found[found.count - 1])
        let meter =
            "records of \(RecordPress.recordBytes) bytes under keys of 33, as identities that have "
            + "just begun have; at \(small.count) identities"
        return [
            Measurement(
                figure: disk, value: large.disk,
                meter: "\(meter) \(NumberText.of(small.disk)) B; LMDB's file after a commit"),
            Measurement(
                figure: memory, value: large.memory,
                meter: "\(meter) \(NumberText.of(small.memory)) B; resident memory that belongs to "
                    + "no file, the state tree with its free pages"),
        ]
    }

    private static func press(
        _ first: Int, _ count: Int, _ height: Int, _ town: LedgerTown
    ) -> SignedTransaction {
        var encoder = CanonicalEncoder()
        encoder.write(UInt64(first))
        encoder.write(UInt64(count))
        return Transaction(
            chain: town.genesis.chain, sender: town.keys[0].publicKey, nonce: UInt64(height - 1),
            feeMax: Amount(whole: 1), validUntil: BlockHeight(10_000),
            messages: [Message(module: .identities, payload: encoder.bytes)]
        ).signed(by: town.keys[0])
    }
}

/// Writes records as identities have them, without the signatures that begin a real one.
private struct RecordPress: LedgerModule {
    static let recordBytes = 98
    let id = ModuleID.identities
    let name = "identities"

    func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var decoder = CanonicalDecoder(payload)
        guard let first = try? decoder.read(UInt64.self), let count = try? decoder.read(UInt64.self)
        else { return }
        for index in first..<first + count {
            let seed = Dice.bytes32(Int(index))
            let key = IdentitiesKeys.identity(AccountID(seed))
            let half = SHA256.hash(seed.bytes).raw.bytes
            let record = [0] + seed.bytes + half + half.reversed() + [1]
            context.set(.identities, key, record)
        }
    }

    func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {}
}
