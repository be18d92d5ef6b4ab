// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

/// Opens a node's files, puts right what the block log can put right, and refuses the rest by name
/// (specs/recovery.md).
///
/// The block log is the source of truth. A state that cannot be used is moved aside and built anew
/// from it; a damaged log of votes is moved aside and its loss bounded by the promise.
struct NodeOpening {
    let configuration: NodeConfiguration
    let effects: Effects
    let house: House

    /// Files in order, and the state at the end of the block log.
    struct Opened {
        let storage: NodeStorage
        let ledger: LedgerMachine
        let book: EpochBook
        let recovered: RecoveredState
        /// The batches of the current epoch that are held.
        let laneRecords: [LaneRecord]
        /// Whether the key may have signed batches that are not among them (LANES-17).
        let isLaneSilent: Bool
    }

    /// What became of one attempt.
    private enum Setback: Error {
        /// This part of the folder cannot be used and can be done without.
        case unusable(Part, String)
        case failure(NodeFailure)
    }

    /// A part of the folder that can be begun anew.
    private enum Part: String { case state, votes, lanes, epochs }

    /// Opens everything.
    ///
    /// - Throws: ``NodeFailure``; nothing that was stored is lost.
    func open() async throws(NodeFailure) -> sending Opened {
        var renewed: Set<Part> = []
        while true {
            do throws(Setback) {
                return try await attempt(renewed)
            } catch {
                switch error {
                case .failure(let failure): throw failure
                case .unusable(let part, let reason):
                    guard renewed.insert(part).inserted else {
                        throw .damaged("the \(part) cannot be used even when new: \(reason)")
                    }
                    try await setAside(part, reason)
                    guard part == .state else { continue }
                    try await StateRestore(configuration: configuration, effects: effects).run()
                }
            }
        }
    }

    private func setAside(_ part: Part, _ reason: String) async throws(NodeFailure) {
        let folder = configuration.folder
        let shelf = FolderShelf(disk: effects.disk, folder: folder)
        do throws(DiskFailure) {
            let name = try await shelf.setAside(part.rawValue)
            let what =
                switch part {
                case .state:
                    "the state cannot be used (\(reason)); it is built anew from the block log"
                case .votes: "the log of votes cannot be used (\(reason)); it is begun anew"
                case .lanes:
                    "the log of batches cannot be used (\(reason)); it is begun anew, and this "
                        + "validator makes no batches until the epoch ends"
                case .epochs:
                    "the log of epochs cannot be used (\(reason)); it is built anew with the state"
                }
            configuration.log(.warning, "\(what); the old one is kept as \(folder)/\(name)")
        } catch {
            throw .disk(error)
        }
    }

    private func attempt(_ renewed: Set<Part>) async throws(Setback) -> sending Opened {
        let storage = try await openFiles()
        do throws(Setback) {
            let book = try await openBook()
            do throws(Setback) {
                return try await attempt(storage, book, renewed)
            } catch {
                await book.close()
                throw error
            }
        } catch {
            await storage.close()
            throw error
        }
    }

    private func attempt(
        _ storage: NodeStorage, _ book: EpochBook, _ renewed: Set<Part>
    ) async throws(Setback) -> sending Opened {
        let recovered = try await recover(storage)
        let last = recovered.lastFinal
        try check(last, height: await storage.height)
        // An epoch that is known already can judge the block before anything is executed.
        let isEarly = try await stand(book, after: last)
        if isEarly { try await checkFinality(of: last, book) }
        let ledger = try await openState(storage)
        try await resume(book, at: ledger, storage)
        do throws(StateReplay.Setback) {
            try await StateReplay(
                genesis: configuration.genesis, effects: effects, storage: storage, book: book,
                log: configuration.log, rulesNewest: configuration.rulesNewest
            ).run(ledger)
        } catch {
            throw setback(error, isNew: renewed.contains(.state))
        }
        do throws(NodeFailure) {
            try ledger.checkRules(newest: configuration.rulesNewest)
        } catch {
            throw .failure(error)
        }
        guard await book.isWhole(at: ledger.height, last?.block.header) else {
            throw .unusable(.state, "how the epochs up to it ended is not known")
        }
        if !isEarly { try await checkFinality(of: last, book) }
        let silentThrough = try await remember(
            storage, recovered, await book.schedule.validators,
            isLogLost: renewed.contains(.votes))
        let batches = try await laneRecords(storage, of: await book.schedule.epoch)
        let hasBatches = await storage.lanes.hasRecords
        return Opened(
            storage: storage, ledger: ledger, book: book,
            recovered: RecoveredState(
                lastFinal: last, records: recovered.records, silentThrough: silentThrough),
            laneRecords: batches,
            isLaneSilent: silentThrough.value > 0 || renewed.contains(.lanes)
                || (!hasBatches && ledger.height.value > 0))
    }

    // MARK: Files

    private func openFiles() async throws(Setback) -> NodeStorage {
        do throws(DiskFailure) {
            return try await NodeStorage(
                disk: effects.disk, folder: configuration.folder,
                storeBytesMax: configuration.storeBytesMax)
        } catch {
            throw setback(error)
        }
    }

    private func openBook() async throws(Setback) -> EpochBook {
        do throws(NodeFailure) {
            return try await EpochBook(
                disk: effects.disk, folder: configuration.folder, genesis: configuration.genesis)
        } catch {
            if case .disk(let failure) = error { throw setback(failure) }
            throw .failure(error)
        }
    }

    private func stand(
        _ book: EpochBook, after last: FinalizedBlock?
    ) async throws(Setback) -> Bool {
        do throws(NodeFailure) {
            return try await book.stand(after: last?.block.header)
        } catch {
            if case .disk(let failure) = error { throw setback(failure) }
            throw .failure(error)
        }
    }

    /// Tells the book where the state stands: one that was joined at a cut has still to be noted.
    private func resume(
        _ book: EpochBook, at ledger: LedgerMachine, _ storage: NodeStorage
    ) async throws(Setback) {
        do {
            await book.resume(after: try await storage.block(at: ledger.height)?.block.header)
            if let note = try CheckpointNote(of: ledger) { try await book.note(note) }
        } catch let failure as DiskFailure {
            throw setback(failure)
        } catch {
            throw .failure(.blockLog("block \(ledger.height) does not read: \(error)"))
        }
    }

    private func recover(_ storage: NodeStorage) async throws(Setback) -> RecoveredState {
        do throws(NodeFailure) {
            return try await storage.recover()
        } catch {
            if case .disk(let failure) = error { throw setback(failure) }
            throw .failure(error)
        }
    }

    /// Which part of the folder a failure of the disk is about.
    private func setback(_ failure: DiskFailure) -> Setback {
        guard case .damaged(let path, let reason) = failure else { return .failure(.disk(failure)) }
        for part in [Part.state, .votes, .lanes, .epochs]
        where path.hasPrefix("\(configuration.folder)/\(part.rawValue)") {
            return .unusable(part, "\(path) \(reason)")
        }
        return .failure(.blockLog("\(path) \(reason)"))
    }

    /// The last block must be of this chain and of its height (RECOVERY-2).
    private func check(_ last: FinalizedBlock?, height: BlockHeight) throws(Setback) {
        guard let last else { return }
        let header = last.block.header
        guard header.chain == configuration.genesis.chain else {
            throw .failure(.otherChain(header.chain))
        }
        guard header.height == height else {
            throw .failure(
                .blockLog("its block at place \(height) says that its height is \(header.height)"))
        }
    }

    /// The last block must be final, by the validators of its epoch (RECOVERY-2).
    private func checkFinality(of last: FinalizedBlock?, _ book: EpochBook) async throws(Setback) {
        guard let last else { return }
        let header = last.block.header
        do {
            try await book.schedule(in: header.epoch).verify(last)
        } catch let failure as NodeFailure {
            throw .failure(failure)
        } catch {
            throw .failure(
                .blockLog("its last block, \(header.height), is not proven final: \(error)"))
        }
    }

    // MARK: State

    private func openState(_ storage: NodeStorage) async throws(Setback) -> sending LedgerMachine {
        let ledger: LedgerMachine
        do throws(LedgerFailure) {
            ledger = try LedgerMachine.open(
                genesis: configuration.genesis, modules: house.modules, fees: house.fees,
                store: storage.state,
                options: LedgerMachine.Options(checksWholeState: configuration.checksWholeState))
        } catch {
            switch error {
            case .damaged(let reason): throw .unusable(.state, reason)
            case .disk(let failure): throw setback(failure)
            default: throw .failure(.ledger(error))
            }
        }
        let first = await storage.blocks.first
        guard ledger.height.value >= first else {
            throw .unusable(
                .state, "it stands at height \(ledger.height), blocks up to \(first) are not here")
        }
        let end = await storage.height
        guard ledger.height <= end else {
            throw .unusable(
                .state, "it stands at height \(ledger.height), the block log ends at \(end)")
        }
        return ledger
    }

    /// A root that differs speaks against the stored state, and against this program when the
    /// state has just been built from the genesis.
    private func setback(_ setback: StateReplay.Setback, isNew: Bool) -> Setback {
        switch setback {
        case .failure(let failure): .failure(failure)
        case .fault(let fault):
            isNew
                ? .failure(
                    .damaged("\(fault); the state was built anew, so this program or the log errs"))
                : .unusable(.state, "\(fault)")
        }
    }

    // MARK: Lanes

    private func laneRecords(
        _ storage: NodeStorage, of epoch: Epoch
    ) async throws(Setback) -> [LaneRecord] {
        do throws(DiskFailure) {
            return try await storage.lanes.recover(epoch: epoch)
        } catch {
            throw setback(error)
        }
    }

    // MARK: Votes

    /// How long this validator must be silent; its promise is durable on return.
    ///
    /// Who does not vote yet promises too: it may join, and then what it has said must be bounded.
    private func remember(
        _ storage: NodeStorage, _ recovered: RecoveredState, _ validators: ValidatorSet,
        isLogLost: Bool
    ) async throws(Setback) -> Slot {
        let genesis = configuration.genesis
        let key = configuration.voter(in: validators).publicKey
        let path = VotingPromise.path(besides: configuration.folder)
        let known = try await promise(at: path)
        let newest = await storage.newestSpoken
        let memory = VotingMemory(
            promise: known, newestSpoken: newest, hasRecords: await storage.hasRecords,
            isLogLost: isLogLost, decided: recovered.lastFinal?.block.header.slot)
        guard case .silent(let slot) = memory.verdict else {
            guard case .unknown(let reason) = memory.verdict else { return Slot(0) }
            guard configuration.votes(in: validators) else { return Slot(.max) }
            throw .failure(.forgotten(reason))
        }
        var promise = VotingPromise(chain: genesis.chain, key: key)
        if case .read(let earlier) = known { promise = earlier }
        promise.key = key
        promise.silentThrough = slot
        promise.ceiling = max(promise.ceiling, max(slot, newest ?? Slot(0)))
        promise.spoken = newest ?? Slot(0)
        let keeper = PromiseKeeper(
            disk: effects.disk, path: path, promise: promise, newest: newest ?? Slot(0))
        do throws(DiskFailure) {
            if known != .read(promise) { try await keeper.write() }
        } catch {
            throw .failure(.disk(error))
        }
        await storage.keep(keeper)
        return slot
    }

    private func promise(at path: String) async throws(Setback) -> VotingMemory.Promise {
        do throws(DiskFailure) {
            guard let found = try await PromiseKeeper.read(effects.disk, path) else { return .none }
            guard let promise = found else { return .damaged }
            // A promise of another key or chain says nothing about this one.
            let isOwn =
                configuration.keys.contains { $0.publicKey == promise.key }
                && promise.chain == configuration.genesis.chain
            return isOwn ? .read(promise) : .none
        } catch {
            // A file that is larger than any promise is none.
            if case .system = error { return .damaged }
            throw .failure(.disk(error))
        }
    }
}
