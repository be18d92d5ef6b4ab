// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import Market
import NodeInterface
import Vocabulary

extension ProviderService {
    /// Bids when there is a free slot and the order pays for the worst case.
    func consider(_ job: JobID, _ terms: OrderTerms) async {
        guard bids[job] == nil, leases[job] == nil else { return }
        guard bids.count + leases.count < Int(configuration.slots) else { return }
        let price = Price(
            base: configuration.basePrice, perMillionFuel: configuration.pricePerMillionFuel)
        guard terms.asset == .native, let most = price.bill(for: terms.limits.fuelMax),
            most <= terms.share
        else { return }
        let (account, known) = (account, await order(of: job))
        guard let known, known.wantsBids || known.bids.count < Self.standbysMax,
            !known.bids.contains(where: { $0.provider == account }),
            !known.leases.contains(where: { $0.provider == account }),
            !known.failed.contains(account)
        else { return }
        bids[job] = await node.read { _, head in head.height }
        await desk.add(MarketMessage.placeBid(PlaceBid(job: job, price: price)).message)
    }

    /// A bid beyond those that can be leased reserves a slot for a dispute that seldom comes; with
    /// one standby there already, this provider keeps its slot for other work.
    static let standbysMax = 1

    /// Takes up a lease found in the state.
    func take(up held: HeldLease) async {
        switch held.lease.progress {
        case .running:
            if case .noted(let note) = leases[held.job] {
                await commit(held.job, note)
            } else if let note = await notebook?.read(held.job) {
                leases[held.job] = .noted(note)
                await commit(held.job, note)
            } else {
                await run(held.job)
            }
        case .committed:
            if case .revealing = held.phase { await show(held.job) }
        case .revealed: break
        }
    }

    /// Runs a leased job, once.
    func run(_ job: JobID) async {
        guard leases[job] == nil, let runner, let order = await order(of: job) else { return }
        leases[job] = .running(
            effects.tasks.spawn("job") {
                let ending = await runner.run(order.terms, job: job, opened: order.opened.time)
                guard !Task.isCancelled else { return }
                await self.finish(job, ending)
            })
    }

    private func finish(_ job: JobID, _ ending: JobRunner.Ending) async {
        guard case .running = leases[job] else { return }
        switch ending {
        case .gaveUp(let reason):
            configuration.log("job \(job): gave up: \(reason)")
            leases[job] = nil
            await desk.add(MarketMessage.giveUp(GiveUp(job: job, reason: reason)).message)
        case .result(let result):
            let given = configuration.liesAboutResults ? Self.falsified(result) : result
            guard let salt = Bytes32(effects.chance.bytes(Bytes32.count)) else { return }
            let note = NotedResult(result: given, salt: salt)
            do {
                try await notebook?.write(note, of: job)
            } catch {
                configuration.log("job \(job): the result cannot be noted: \(error)")
                leases[job] = nil
                return
            }
            leases[job] = .noted(note)
            await commit(job, note)
        }
        await desk.flush()
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
        var note: NotedResult?
        if case .noted(let held) = leases[job] { note = held }
        if note == nil { note = await notebook?.read(job) }
        guard let note else { return }
        leases[job] = .noted(note)
        let statement = ResultStatement(
            chain: node.chain, job: job, provider: account, resultDigest: note.result.digest)
        let reveal = RevealResult(
            job: job, result: note.result, salt: note.salt, key: configuration.key.publicKey,
            signature: configuration.key.sign(statement.signedBytes))
        await desk.add(MarketMessage.revealResult(reveal).message)
    }
}
