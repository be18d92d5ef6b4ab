// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import Vocabulary

/// Builds a store of executed state from sorted runs, in the order of its keys (SYNC-13).
struct StoreBuild: Sendable {
    let effects: Effects
    let runs: RunFolder
    let path: String
    let bytesMax: Int

    /// Makes the store anew; when this returns it has a position, so that a ledger can open it.
    func run(
        _ numbers: [Int], at position: StateImage.Position
    ) async throws(SyncFailure) {
        let store: any KeyValueStore
        do throws(DiskFailure) {
            try await effects.disk.removeFolder(path)
            store = try await effects.disk.openStore(path, bytesMax: bytesMax)
        } catch {
            throw .disk(error)
        }
        let pages = PageStore(store, tasks: effects.tasks)
        do throws(SyncFailure) {
            try await runs.merge(numbers, failing: SyncFailure.disk) {
                (page) async throws(SyncFailure) in
                guard !Task.isCancelled else { throw .stopped }
                do throws(DiskFailure) { try await pages.take(page) } catch { throw .disk(error) }
            }
            do throws(DiskFailure) { try await pages.finish() } catch { throw .disk(error) }
            let record = StateImage.record(of: position)
            do throws(DiskFailure) {
                try await store.commit([(key: record.key, value: record.value)])
            } catch {
                throw .disk(error)
            }
        } catch {
            try? await pages.finish()
            await store.close()
            throw error
        }
        await store.close()
    }
}
