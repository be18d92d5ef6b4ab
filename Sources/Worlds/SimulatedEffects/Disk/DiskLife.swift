// SPDX-License-Identifier: Apache-2.0
import Effects

/// A node's disk as one life of it holds it: changes take time, are done in the order they were
/// asked for, and are done whole or not at all unless a crash tears the one under way.
///
/// Touched only by the thread that drives the world (see Clockwork).
final class DiskLife: @unchecked Sendable {
    /// A change that waits for its sync.
    private struct Change {
        let number: UInt64
        /// Does the first so many of the change's parts.
        let apply: (_ partsKept: Int) -> Void
        let parts: Int
    }

    let life: Life
    private var underWay: [Change] = []
    private var changesBegun: UInt64 = 0
    private var lastDone: UInt64 = 0

    init(_ life: Life) { self.life = life }

    var core: Clockwork { life.core }
    var node: Node { life.core.nodes[life.node] }

    /// Fails once the life is over.
    func check(_ path: String) async throws(DiskFailure) {
        core.confine()
        guard life.isOver else { return }
        await life.giveWay()
        throw crashedFailure(path)
    }

    /// Fails for a path no disk takes.
    static func check(name path: String) throws(DiskFailure) {
        guard PathRule.isAllowed(path) else { throw .denied(path: path) }
    }

    /// The failure of everything asked for after the crash.
    func crashedFailure(_ path: String) -> DiskFailure {
        let inputOutputError: Int32 = 5
        return .system(path: path, errno: inputOutputError, message: "the node has crashed")
    }

    /// Makes a change durable and waits for it; cancellation does not shorten the wait.
    ///
    /// - Parameters:
    ///   - parts: How many parts the change has: a crash may leave the first few.
    ///   - change: Does the change, or its first parts only; throws when it cannot be done.
    func write(
        _ path: String, parts: Int = 1,
        _ change: @escaping @Sendable (_ partsKept: Int?) throws(DiskFailure) -> Void
    ) async throws(DiskFailure) {
        try await check(path)
        let outcome: Result<Void, DiskFailure> = await withUnsafeContinuation { waiter in
            begin(parts: parts, path, change) { waiter.resume(returning: $0) }
        }
        try outcome.get()
    }

    /// Begins a change; `done` hears of its outcome.
    private func begin(
        parts: Int, _ path: String,
        _ change: @escaping @Sendable (_ partsKept: Int?) throws(DiskFailure) -> Void,
        _ done: @escaping @Sendable (Result<Void, DiskFailure>) -> Void
    ) {
        changesBegun += 1
        let number = changesBegun
        underWay.append(
            Change(number: number, apply: { kept in try? change(kept) }, parts: parts))
        let arrival = max(lastDone, core.now + syncNanoseconds())
        lastDone = arrival
        core.after(arrival - core.now) { [self] in
            // After a crash its task is woken all the same, to unwind.
            guard !life.isOver else { return done(.failure(crashedFailure(path))) }
            underWay.removeAll { $0.number == number }
            do throws(DiskFailure) {
                try change(nil)
                done(.success(()))
            } catch {
                core.note(.writeRefused, UInt64(life.node))
                done(.failure(error))
            }
        }
    }

    /// The node crashes: changes under way are lost, or the first of them is left in part, in
    /// whole or not at all, with what came after it lost.
    func crash() {
        let torn = node.diskConditions.keepsTornWrites ? underWay.first : nil
        if let torn {
            let kept = Int(core.dice.below(UInt64(torn.parts) + 1))
            if kept > 0 { torn.apply(kept) }
        }
        core.note(.writeLost, UInt64(life.node), UInt64(underWay.count))
        underWay = []
    }

    private func syncNanoseconds() -> UInt64 {
        let conditions = node.diskConditions
        let least = conditions.syncMicrosecondsMin
        let span = max(conditions.syncMicrosecondsMax, least) - least
        return (least + (span == 0 ? 0 : core.dice.below(span + 1))) * 1000
    }

    /// Whether the sync of the change being done lies.
    func isSyncLost() -> Bool {
        core.dice.happens(perMillion: node.diskConditions.syncsLostPerMillion)
    }

    /// Accounts for a change of size.
    ///
    /// - Throws: ``DiskFailure/full(path:)`` when the disk cannot hold it.
    func account(adding: UInt64, removing: UInt64, _ path: String) throws(DiskFailure) {
        let kept = node.disk.bytes - min(removing, node.disk.bytes)
        guard adding <= removing || kept + adding <= node.diskConditions.bytesMax else {
            throw .full(path: path)
        }
        node.disk.bytes = kept + adding
    }

    /// Takes a log or store for this life.
    func hold(_ path: String) throws(DiskFailure) {
        guard node.disk.held.insert(path).inserted else { throw .busy(path: path) }
    }

    /// Gives a log or store back.
    func release(_ path: String) {
        if !life.isOver { node.disk.held.remove(path) }
    }
}
