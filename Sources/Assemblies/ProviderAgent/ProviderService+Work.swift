// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import Market
import NodeInterface
import Vocabulary

extension ProviderService {
    /// Takes up a lease found in the state where it stands.
    func take(up held: HeldLease) async {
        let job = held.job
        switch (held.lease.progress, leases[job]) {
        case (.running, .running), (.revealed, _): return
        case (.running, .handedBack(let reason)): await handBack(job, reason)
        case (.running, .noted(let note)): await commit(job, note)
        case (.running, nil):
            guard let note = await notebook?.read(job) else { return await run(job) }
            leases[job] = .noted(note)
            await commit(job, note)
        case (.committed, _):
            if case .revealing = held.phase { return await show(job) }
            _ = await note(of: job)
        }
    }

    /// Runs a leased job, once.
    func run(_ job: JobID) async {
        bidding[job] = nil
        guard !isStopping else { return await handBack(job, .shuttingDown) }
        let authority = await authorityView()
        guard let runner, let order = await order(of: job), leases[job] == nil else { return }
        guard allows(order.terms, of: job, authority) else {
            await handBack(job, .outsideAuthorization)
            return await desk.flush()
        }
        leases[job] = .running(
            effects.tasks.spawn("job") {
                let ending = await runner.run(order.terms, job: job, opened: order.opened.time)
                guard !Task.isCancelled else { return }
                await self.finish(job, ending)
            })
    }

    private func finish(_ job: JobID, _ ending: JobRunner.Ending) async {
        switch ending {
        case .gaveUp(let reason):
            guard case .running = leases[job] else { return }
            configuration.log("job \(job): gave up: \(reason)")
            await handBack(job, reason)
        case .result(let result):
            let given = configuration.liesAboutResults ? Self.falsified(result) : result
            guard let salt = Bytes32(effects.chance.bytes(Bytes32.count)) else { return }
            await keep(NotedResult(result: given, salt: salt), of: job)
        }
        await desk.flush()
    }

    /// Says that this provider cannot do a job it has not committed to.
    func handBack(_ job: JobID, _ reason: GiveUpReason) async {
        leases[job] = .handedBack(reason)
        await desk.add(MarketMessage.giveUp(GiveUp(job: job, reason: reason)).message)
    }

    /// Hands back every lease without a result, also one that was granted a moment ago; a result
    /// that is noted is still committed or shown.
    func handBackAll() async {
        for held in await view().held {
            if case .running(let task) = leases[held.job] { task.cancel() }
            let isNoted = await note(of: held.job) != nil
            if held.lease.progress == .running, !isNoted {
                await handBack(held.job, .shuttingDown)
            } else {
                await take(up: held)
            }
        }
    }

    /// Notes a result on disk, then commits to it (PROVIDER-7); waits while the disk has no room,
    /// for as long as the lease stands.
    private func keep(_ note: NotedResult, of job: JobID) async {
        while case .running = leases[job], !Task.isCancelled {
            do {
                try await notebook?.write(note, of: job)
                guard case .running = leases[job] else { return }
                leases[job] = .noted(note)
                return await commit(job, note)
            } catch {
                configuration.log("job \(job): the result cannot be noted: \(error)")
                await effects.time.sleep(milliseconds: 1_000)
            }
        }
    }

    /// A result nobody honest gets: the liar's part in tests.
    private static func falsified(_ result: JobResult) -> JobResult {
        JobResult(
            outcome: result.outcome, outputDigest: SHA256.hash(result.outputDigest.raw.bytes),
            outputBytes: result.outputBytes, fuelUsed: result.fuelUsed)
    }

    private func commit(_ job: JobID, _ note: NotedResult) async {
        let commitment = note.result.commitment(salt: note.salt, provider: account)
        await desk.add(
            MarketMessage.commitResult(CommitResult(job: job, commitment: commitment)).message)
    }

    /// Shows the result this provider is bound to.
    func show(_ job: JobID) async {
        guard let note = await note(of: job) else {
            return configuration.log("job \(job): the result it is bound to is lost")
        }
        let statement = ResultStatement(
            chain: node.chain, job: job, provider: account, resultDigest: note.result.digest)
        let reveal = RevealResult(
            job: job, result: note.result, salt: note.salt, key: configuration.key.publicKey,
            signature: configuration.key.sign(statement.signedBytes))
        await desk.add(MarketMessage.revealResult(reveal).message)
    }

    /// The result noted for a job, from memory or disk.
    private func note(of job: JobID) async -> NotedResult? {
        if case .noted(let held) = leases[job] { return held }
        guard let note = await notebook?.read(job) else { return nil }
        leases[job] = .noted(note)
        return note
    }
}
