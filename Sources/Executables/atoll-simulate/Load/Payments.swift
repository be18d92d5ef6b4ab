// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import Ledger
import NodeInterface
import Vocabulary

/// Honest clients: they pay one base unit at a time and hand a payment in again, at another node,
/// until it is final.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class Payments: @unchecked Sendable {
    private struct Waiting {
        let client: Int
        let signed: SignedTransaction
        let since: Instant
    }

    private struct Watched {
        let through: String
        let handedIn: Instant
    }

    private let fleet: Fleet
    private var nonces: [UInt64]
    private var outstanding: [Int]
    private var waiting: [Digest: Waiting] = [:]
    /// Payments not yet seen final where they were handed in first.
    private var watched: [Digest: Watched] = [:]
    /// The hashes of all that wait, in the order of their making.
    private var order: [Digest] = []
    private var paid: Set<Digest> = []
    private var turn = 0
    /// How long each payment took to be final where it was handed in, in microseconds.
    private(set) var latencies: [UInt64] = []

    /// Whom everybody pays.
    static let payee = AccountID(Bytes32.zero)
    /// A client has so many payments under way; half of what nonces may run ahead.
    private static let outstandingMax = 32

    init(_ fleet: Fleet) {
        self.fleet = fleet
        nonces = fleet.clients.map { _ in 0 }
        outstanding = fleet.clients.map { _ in 0 }
    }

    /// How many are not final yet.
    var pending: Int { waiting.count }
    /// How many were made and became final.
    var finished: Int { paid.count }

    /// The next client pays, unless it has enough under way.
    ///
    /// - Parameter twice: Whether it hands the payment in at two nodes.
    func pay(twice: Bool) {
        let client = turn
        turn = (turn + 1) % fleet.clients.count
        guard outstanding[client] < Self.outstandingMax, let name = chosenNode() else { return }
        let transfer = AccountsMessage.transfer(
            Transfer([Transfer.Part(to: Self.payee, Amount(1))]))
        let signed = Transaction(
            chain: fleet.genesis.chain, sender: fleet.clients[client].publicKey,
            nonce: nonces[client], feeMax: Amount(whole: 1), validUntil: Self.validUntil,
            messages: [transfer.message]
        ).signed(by: fleet.clients[client])
        nonces[client] += 1
        outstanding[client] += 1
        waiting[signed.hash] = Waiting(client: client, signed: signed, since: fleet.world.now)
        watched[signed.hash] = Watched(through: name, handedIn: fleet.world.now)
        order.append(signed.hash)
        fleet.submit(signed, through: name)
        if twice, let other = chosenNode() { fleet.submit(signed, through: other) }
        for villain in fleet.laneBreakers { fleet.submit(signed, through: villain) }
    }

    /// No payment waits longer than so many milliseconds.
    func judge(pace: UInt64) {
        let late = waiting.values.filter { fleet.world.now.milliseconds(since: $0.since) > pace }
        guard !late.isEmpty else { return }
        fleet.judge.accuse(.pace, "\(late.count) payments wait longer than \(pace) ms")
    }

    /// Beyond every run: an hour of blocks at the idle rate.
    static let validUntil = BlockHeight(9_000)

    /// Hands everything in again that waits, for a node may have crashed with it.
    func insist() {
        order.removeAll { waiting[$0] == nil }
        for hash in order {
            guard let payment = waiting[hash], let name = chosenNode() else { continue }
            fleet.submit(payment.signed, through: name)
        }
    }

    private func chosenNode() -> String? {
        let running = fleet.running
        guard !running.isEmpty else { return nil }
        return running[Int(fleet.world.choose(below: UInt64(running.count)))].name
    }

    /// A node has executed transactions.
    func settle(_ outcomes: [TransactionOutcome], at name: String, isFirst: Bool) {
        for outcome in outcomes where outcome.isConsumed {
            if isFirst { settle(outcome) }
            guard let payment = watched[outcome.hash], payment.through == name else { continue }
            watched[outcome.hash] = nil
            latencies.append((fleet.world.now.value - payment.handedIn.value) / 1_000)
        }
    }

    private func settle(_ outcome: TransactionOutcome) {
        if paid.contains(outcome.hash) {
            fleet.judge.accuse(.money, "payment \(outcome.hash) was made twice")
        }
        guard let payment = waiting.removeValue(forKey: outcome.hash) else { return }
        if let refusal = outcome.refusal {
            fleet.judge.accuse(.payments, "payment \(outcome.hash) was refused: \(refusal.name)")
        }
        paid.insert(outcome.hash)
        outstanding[payment.client] -= 1
    }
}
