// SPDX-License-Identifier: Apache-2.0
import Effects

/// A store that is empty for ever: these chains are never committed.
struct VoidStore: KeyValueStore {
    func get(_ key: [UInt8]) throws(DiskFailure) -> [UInt8]? { nil }

    func scan(
        prefix: [UInt8], after: [UInt8]?, limit: Int
    ) throws(DiskFailure) -> [(key: [UInt8], value: [UInt8])] { [] }

    func commit(_ changes: [(key: [UInt8], value: [UInt8]?)]) async throws(DiskFailure) {
        throw .denied(path: "void")
    }

    func close() async {}
}
