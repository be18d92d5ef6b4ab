// SPDX-License-Identifier: Apache-2.0
import Effects
public import Ledger
import NodeInterface
import PeerNetwork
public import Vocabulary

extension Node {
    /// How often transactions of this node's clients are repeated to the validators.
    static let repeatMilliseconds: UInt64 = 2_000
    /// The most transactions of one message.
    static let perMessageMax = 64
    /// The most bytes of one message, but for a single transaction: with it, 448 KiB stay within
    /// the 512 KiB that a guest may send at once.
    static let messageBytesMax = 384 << 10

    /// Checks a transaction, keeps it, and hands it to the validators.
    public func submit(_ transaction: SignedTransaction) async throws(Refusal) {
        guard isWorking else {
            throw .ledger(.unavailable, "this node has stopped; send it to another")
        }
        let checked = CheckedTransaction(transaction, chain: chain)
        guard try admit(checked, isOwn: true) else { return }
        sendOn([transaction])
    }

    /// Takes lists of transactions that peers sent; what is not good now is counted and dropped.
    func receive(transactions lists: [[UInt8]]) async {
        guard isValidator else { return }
        let checked = await read(lists)
        _ = take(checked, isOwn: false)
        fillLane()
    }

    /// Takes transactions of a guest, who may know no other node, as those of a client: they are
    /// handed on, whoever leads.
    func receive(guests lists: [[UInt8]]) async {
        let checked = await read(lists)
        let new = take(checked, isOwn: true)
        if !new.isEmpty { sendOn(new) }
    }

    /// Takes what may wait into the pool; what is new is returned.
    private func take(_ lists: [[CheckedTransaction]?], isOwn: Bool) -> [SignedTransaction] {
        var new: [SignedTransaction] = []
        for list in lists where isWorking {
            guard let list else {
                count(malformed: 1)
                continue
            }
            counters.transactionsReceived += UInt64(list.count)
            for transaction in list {
                do {
                    if try admit(transaction, isOwn: isOwn) { new.append(transaction.signed) }
                } catch {
                    counters.transactionsNotTaken += 1
                }
            }
        }
        return new
    }

    /// Decodes and checks lists of transactions; much at a time on a worker (NODE-13).
    nonisolated func read(_ lists: [[UInt8]]) async -> [[CheckedTransaction]?] {
        let chain = chain
        let work = { @Sendable in
            CheckedTransaction.read(lists: lists, chain: chain) { (0..<$0).forEach($1) }
        }
        let bytes = lists.reduce(0) { $0 + $1.count }
        return bytes <= Self.inlineBytesMax ? work() : await effects.workers.run(work)
    }

    /// What is checked on the node's own thread: 4 KiB are some 16 signatures, under a millisecond.
    static let inlineBytesMax = 4 << 10

    /// Takes a transaction into the pool; false when it waits there already.
    private func admit(
        _ transaction: CheckedTransaction, isOwn: Bool
    ) throws(Refusal) -> Bool {
        if let refusal = ledger.admit(transaction) { throw refusal }
        let next: UInt64
        do {
            next = try nextNonce(of: transaction.account)
        } catch {
            throw .ledger(.unavailable, "the state cannot be read now: \(error)")
        }
        return try mempool.insert(transaction, next: next, isOwn: isOwn, round: repeatRound)
    }

    /// Whether transactions that come here go into a lane of this node's own.
    private var hasLane: Bool { isValidator && lanes.room != .none }

    /// Puts transactions on their way into a lane: this node's, or that of the validator which
    /// their sender's name chooses, so that one sender's follow each other in one lane (NODE-12).
    private func sendOn(_ transactions: [SignedTransaction]) {
        guard !hasLane else { return fillLane() }
        pass(on: transactions, round: 0)
    }

    /// Tells a validator that has just come what found no other.
    func repeatOwn(to peer: PublicKey) {
        guard validatorKeys.contains(peer), !hasLane, connectedValidators.count == 1 else { return }
        pass(on: mempool.own(limit: Self.repeatedMax), round: 0)
    }

    /// Gives what waits and lay with a validator that is gone to another (NODE-12): its lane may
    /// have been lost with it.
    func passOnAgain(without peer: PublicKey) {
        guard isWorking, !hasLane, validatorKeys.contains(peer) else { return }
        let present = Set(links.connectedPeers().map(\.publicKey))
        let ways = validatorKeys.filter { $0 == peer || present.contains($0) }
        let lost = mempool.own(limit: Self.repeatedMax).filter { transaction in
            Self.place(of: transaction, among: ways.count, round: 0)
                == ways.firstIndex(of: peer)
        }
        pass(on: lost, round: repeatRound)
    }

    /// Which of so many validators a transaction is given to in a round.
    private static func place(
        of transaction: SignedTransaction, among count: Int, round: UInt64
    ) -> Int {
        let name = transaction.transaction.account.raw.bytes
        let start = name.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int((start &+ round) % UInt64(count))
    }

    /// Hands transactions to one validator each; in every further round to another, for a lane's
    /// owner may be away or unwilling. Without validators everybody gets them, to hand them on.
    private func pass(on transactions: [SignedTransaction], round: UInt64) {
        guard !transactions.isEmpty else { return }
        let ways = connectedValidators
        guard !ways.isEmpty else { return send(transactions, to: .all) }
        var parts = [[SignedTransaction]](repeating: [], count: ways.count)
        for transaction in transactions {
            parts[Self.place(of: transaction, among: ways.count, round: round)].append(transaction)
        }
        for (key, part) in zip(ways, parts) where !part.isEmpty { send(part, to: .keys([key])) }
    }

    private func send(_ transactions: [SignedTransaction], to filter: PeerFilter) {
        for message in Self.messages(with: transactions) {
            let dropped = links.broadcast(message, on: MeshChannels.transactions, to: filter)
            counters.sendDrops += UInt64(dropped)
        }
    }

    /// Lists of transactions, each short enough for one message.
    static func messages(with transactions: [SignedTransaction]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var page: [SignedTransaction] = []
        var bytes = 0
        func close() {
            var encoder = CanonicalEncoder()
            encoder.writeList(page)
            messages.append(encoder.bytes)
            page = []
            bytes = 0
        }
        for transaction in transactions {
            page.append(transaction)
            bytes += transaction.canonicalBytes.count
            if page.count == perMessageMax || bytes >= messageBytesMax { close() }
        }
        if !page.isEmpty { close() }
        return messages
    }

    /// The validators this node is connected with, in the order of the set.
    private var connectedValidators: [PublicKey] {
        let connected = Set(links.connectedPeers().map(\.publicKey))
        return validatorKeys.filter(connected.contains)
    }

    /// The most transactions of one repetition: more than a block a second takes.
    static let repeatedMax = 4_096

    /// Repeats what has waited for a whole round and is not final: the lane it was given to may
    /// have lost it.
    func repeatLoop() async {
        while isWorking {
            await effects.time.sleep(milliseconds: Self.repeatMilliseconds)
            guard !Task.isCancelled else { return }
            pass(on: mempool.own(limit: Self.repeatedMax, before: repeatRound), round: repeatRound)
            repeatRound += 1
            fillLane()
            await missTheAbsent()
        }
    }

    /// Tells consensus which validators are out of reach, also those that were never connected: of
    /// the present, those that were are told at once (CONSENSUS-12).
    private func missTheAbsent() async {
        guard isValidator, repeatRound > Self.patienceRounds else { return }
        let connected = links.connectedPeers().map(\.publicKey)
        for validator in await standing(besides: connected) where !validator.isConnected {
            enqueue(.disconnected(validator.publicKey))
        }
    }

    /// For so many rounds after the start everybody may still be on the way here: six seconds.
    private static let patienceRounds: UInt64 = 3

    /// The nonce after everything of an account that is executed or waits here.
    public func pendingNonce(of account: AccountID) async -> UInt64 {
        let next = await patiently { () throws(LedgerFailure) in try self.nextNonce(of: account) }
        return mempool.pendingNonce(of: account, from: next ?? 0)
    }

    /// What became of a transaction, while its outcome is kept.
    public func outcome(of transaction: Digest) async -> TransactionOutcome? {
        await patiently { () throws(LedgerFailure) in try self.ledger.outcome(of: transaction) }
            ?? nil
    }

    /// What became of a transaction and what happened in it, while both are kept.
    public func receipt(of transaction: Digest) async -> TransactionReceipt? {
        await patiently { () throws(LedgerFailure) in try self.ledger.receipt(of: transaction) }
            ?? nil
    }

    /// Past events that concern a subject, oldest first (LEDGER-18).
    public func events(
        about subject: Bytes32, after cursor: EventCursor?, limit: Int
    ) async -> EventPage {
        await patiently { () throws(LedgerFailure) in
            try self.ledger.events(about: subject, after: cursor, limit: limit)
        } ?? EventPage(events: [], next: nil)
    }
}
