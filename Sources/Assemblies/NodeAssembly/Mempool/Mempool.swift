// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// Transactions that wait for a block, by sender and nonce (specs/node.md NODE-9 to NODE-12).
///
/// Bounded in count, in bytes and per sender; a transaction that does not fit is refused, so that
/// what was accepted before stays. Those that cannot execute yet because an earlier nonce is
/// missing have a small part of the room: they pay nothing, so they may not crowd out who does.
struct Mempool {
    /// The most transactions: 20,000 of 500 bytes are 10 MB.
    static let transactionsMax = 20_000
    /// The most canonical bytes: 32 MiB, 32 full blocks.
    static let bytesMax = 32 << 20
    /// The most of one sender: its next nonce and the 64 after it that the ledger admits.
    static let perSenderMax = Int(LedgerMachine.nonceAheadMax) + 1
    /// The most transactions that wait for an earlier nonce: a quarter of all.
    static let gappedMax = transactionsMax / 4

    private var lines: [AccountID: WaitingLine] = [:]
    /// Senders in the order in which they are served.
    private var order: [AccountID] = []
    private var hashes: Set<Digest> = []
    private(set) var bytes = 0
    /// How many wait for an earlier nonce.
    private(set) var gapped = 0

    /// How many wait.
    var count: Int { hashes.count }

    /// Whether a transaction waits here.
    func contains(_ hash: Digest) -> Bool { hashes.contains(hash) }

    /// Takes a checked transaction in.
    ///
    /// - Parameters:
    ///   - next: The sender's next nonce in the executed state.
    ///   - isOwn: Whether a client of this node sent it.
    ///   - round: How often this node has repeated transactions so far.
    /// - Returns: False when it was here already.
    /// - Throws: ``Refusal`` `poolFull` or `nonceTaken`.
    mutating func insert(
        _ entry: CheckedTransaction, next: UInt64, isOwn: Bool, round: UInt64 = 0
    ) throws(Refusal) -> Bool {
        let sender = entry.account
        let nonce = entry.transaction.nonce
        guard !hashes.contains(entry.hash) else {
            if isOwn { lines[sender]?.own(nonce, since: round) }
            return false
        }
        var line = lines[sender] ?? WaitingLine(next: next)
        guard !line.holds(nonce) else {
            throw .pool(
                .nonceTaken, "another transaction with nonce \(nonce) waits; use the next nonce")
        }
        try checkRoom(for: entry, in: line)
        if line.isEmpty { order.append(sender) }
        line.next = next
        line.put(entry, ownSince: isOwn ? round : nil)
        replace(line, of: sender)
        hashes.insert(entry.hash)
        bytes += entry.byteCount
        return true
    }

    private func checkRoom(
        for entry: CheckedTransaction, in line: WaitingLine
    ) throws(Refusal) {
        guard count < Self.transactionsMax, bytes + entry.byteCount <= Self.bytesMax,
            line.count < Self.perSenderMax
        else {
            throw .pool(.poolFull, "\(count) transactions wait; try again in a second")
        }
        guard entry.transaction.nonce <= line.pendingNonce || gapped < Self.gappedMax else {
            throw .pool(
                .poolFull, "nonce \(line.pendingNonce) is missing before this one; send it first")
        }
    }

    /// The next transactions that can execute, one of each sender in turn, nonces ascending.
    ///
    /// - Parameters:
    ///   - height: The height of the block they are for; expired ones are left out.
    ///   - passed: The next nonce of senders whose transactions lie in blocks not yet executed.
    func ready(height: BlockHeight, passed: [AccountID: UInt64] = [:]) -> [CheckedTransaction] {
        var ready: [CheckedTransaction] = []
        var bytes = 0
        var turns = order.map { sender in
            (sender: sender, nonce: max(lines[sender]?.next ?? 0, passed[sender] ?? 0))
        }
        while !turns.isEmpty, ready.count < Payload.transactionsMax {
            var further: [(sender: AccountID, nonce: UInt64)] = []
            for turn in turns {
                guard let entry = lines[turn.sender]?[turn.nonce],
                    entry.transaction.validUntil >= height,
                    ready.count < Payload.transactionsMax,
                    bytes + entry.byteCount + 8 <= Payload.bytesMax
                else { continue }
                ready.append(entry)
                bytes += entry.byteCount
                further.append((turn.sender, turn.nonce + 1))
            }
            turns = further
        }
        return ready
    }

    /// Drops what can no longer execute: nonces below a sender's next, and the expired. Senders
    /// that were served stand behind those that were not.
    ///
    /// - Parameter senders: Whose state changed; nil looks at all and changes no order.
    mutating func prune(
        senders: [AccountID]? = nil, height: BlockHeight, nextNonce: (AccountID) -> UInt64
    ) {
        for sender in senders ?? order {
            guard var line = lines[sender] else { continue }
            let next = nextNonce(sender)
            line.next = next
            forget(line.drop { $0 < next || $1.transaction.validUntil < height })
            replace(line, of: sender)
        }
        order.removeAll { lines[$0] == nil }
        guard let senders else { return }
        let served = Set(senders)
        order = order.filter { !served.contains($0) } + order.filter { served.contains($0) }
    }

    /// Drops one transaction that no block will apply.
    mutating func remove(_ hash: Digest, of sender: AccountID, nonce: UInt64) {
        guard hashes.contains(hash), var line = lines[sender], line[nonce]?.hash == hash else {
            return
        }
        forget(line.drop { dropped, _ in dropped == nonce })
        replace(line, of: sender)
        if line.isEmpty { order.removeAll { $0 == sender } }
    }

    /// The nonce after the highest contiguous one waiting from `next`.
    func pendingNonce(of sender: AccountID, from next: UInt64) -> UInt64 {
        guard var line = lines[sender] else { return next }
        line.next = next
        return line.pendingNonce
    }

    /// Up to `limit` transactions of this node's own clients, in the order they are served.
    ///
    /// - Parameter round: Only those that came before this round.
    func own(limit: Int, before round: UInt64 = .max) -> [SignedTransaction] {
        var own: [SignedTransaction] = []
        for sender in order {
            guard own.count < limit else { break }
            own += lines[sender]?.ownEntries(before: round) ?? []
        }
        return Array(own.prefix(limit))
    }

    private mutating func forget(_ entries: [CheckedTransaction]) {
        for entry in entries {
            hashes.remove(entry.hash)
            bytes -= entry.byteCount
        }
    }

    private mutating func replace(_ line: WaitingLine, of sender: AccountID) {
        gapped += line.gapped - (lines[sender]?.gapped ?? 0)
        lines[sender] = line.isEmpty ? nil : line
    }
}
