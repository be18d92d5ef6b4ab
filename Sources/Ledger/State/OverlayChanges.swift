// SPDX-License-Identifier: Apache-2.0
import Effects

/// The changes of a layer in the order of their keys, and some that come after them: what a commit
/// writes, from where it lies. Nobody writes to the layer meanwhile.
struct OverlayChanges: ChangeSource {
    private let table: ByteTable
    private let order: [UInt32]
    private let later: ChangeArray

    init(_ table: ByteTable, order: [UInt32], later: ChangeArray) {
        self.table = table
        self.order = order
        self.later = later
    }

    var payloadBytes: Int { table.arenaBytes + later.payloadBytes }

    func forEach(
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?)
            throws(DiskFailure) -> Void
    ) throws(DiskFailure) {
        for index in order {
            let outcome = table.withEntry(at: Int(index)) { key, value in
                do throws(DiskFailure) {
                    return Result<Void, DiskFailure>.success(try body(key, value))
                } catch {
                    return .failure(error)
                }
            }
            try outcome.get()
        }
        try later.forEach(body)
    }
}
