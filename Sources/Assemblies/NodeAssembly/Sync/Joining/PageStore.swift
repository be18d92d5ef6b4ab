// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// Stores pages of pairs one behind the other while the next one is made.
actor PageStore {
    private let store: any KeyValueStore
    private let tasks: any TaskSpawner
    private var running: (any SpawnedTask)?
    private var failure: DiskFailure?

    init(_ store: any KeyValueStore, tasks: any TaskSpawner) {
        self.store = store
        self.tasks = tasks
    }

    /// Begins to store a page when the one before is stored.
    ///
    /// - Throws: What storing that one threw.
    func take(_ page: PairList) async throws(DiskFailure) {
        try await finish()
        running = tasks.spawn("store a page of the state") { await self.fill(page) }
    }

    /// Waits until all is stored.
    func finish() async throws(DiskFailure) {
        await running?.finished()
        running = nil
        if let failure { throw failure }
    }

    private func fill(_ page: PairList) async {
        do throws(DiskFailure) { try await store.fill(page) } catch { failure = error }
    }
}
