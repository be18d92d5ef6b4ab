// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// Keeps a validator's promise ahead of its words: the promise is durable before the words are.
actor PromiseKeeper {
    /// How many slots one writing of the promise covers. After a loss the validator is silent for
    /// at most so many slots: some ten seconds of a busy chain, four minutes of an idle one.
    static let stepSlots: UInt64 = 256

    private let disk: any Disk
    private let path: String
    private(set) var promise: VotingPromise
    /// The newest slot it has spoken in, as far as the log of its words is durable.
    private var newest: Slot
    /// Whether nothing has been said since the promise was raised.
    private var isFreshlyRaised = false

    init(disk: any Disk, path: String, promise: VotingPromise, newest: Slot) {
        self.disk = disk
        self.path = path
        self.promise = promise
        self.newest = newest
    }

    /// Reads a promise: nothing when there is none, and no value in it when it is damaged.
    static func read(
        _ disk: any Disk, _ path: String
    ) async throws(DiskFailure) -> VotingPromise?? {
        do throws(DiskFailure) {
            return .some(
                VotingPromise(
                    bytes: try await disk.read(path, limit: VotingPromise.fileBytesMax)))
        } catch .notFound {
            return .none
        }
    }

    /// Makes the promise durable.
    func write() async throws(DiskFailure) { try await disk.replace(path, with: promise.bytes) }

    /// Allows speaking in a slot; durable on return.
    func cover(_ slot: Slot) async throws(DiskFailure) {
        guard slot > promise.ceiling else { return }
        var raised = promise
        raised.ceiling = slot.advanced(by: Self.stepSlots)
        raised.spoken = newest
        try await replace(with: raised)
        isFreshlyRaised = true
    }

    /// Notes that words of a slot are durable. The first after a raise are noted on disk, so that
    /// a log that lost everything since is recognized.
    func note(_ slot: Slot) async {
        guard slot > newest else { return }
        newest = slot
        guard isFreshlyRaised else { return }
        isFreshlyRaised = false
        var told = promise
        told.spoken = slot
        // A failure leaves the older note, which is true as well.
        try? await replace(with: told)
    }

    /// Allows dropping records of slots up to `slot`; durable on return.
    func allowForgetting(through slot: Slot) async throws(DiskFailure) {
        guard slot > promise.forgotten else { return }
        var raised = promise
        raised.forgotten = slot
        raised.spoken = newest
        try await replace(with: raised)
        // What is noted may be among what is dropped: the next words are noted anew, so that
        // their loss is recognized too.
        if newest <= slot { isFreshlyRaised = true }
    }

    /// Promises for another key of the same validator; what was promised holds for it too.
    func speak(as key: PublicKey) async {
        guard key != promise.key else { return }
        var other = promise
        other.key = key
        // A failure leaves the promise of the key before, which the node accepts as well.
        try? await replace(with: other)
    }

    /// Takes back what was promised ahead: after a stop in good order the promise is exact.
    func settle() async {
        var exact = promise
        exact.ceiling = max(newest, promise.silentThrough)
        exact.spoken = newest
        guard exact != promise else { return }
        try? await replace(with: exact)
    }

    private func replace(with promise: VotingPromise) async throws(DiskFailure) {
        try await disk.replace(path, with: promise.bytes)
        self.promise = promise
    }
}
