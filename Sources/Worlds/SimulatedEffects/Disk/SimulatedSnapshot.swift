// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// What a store in memory held at one time.
final class SimulatedSnapshot: StoreSnapshot, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    private let disk: DiskLife
    private let path: String
    private let image: StoreImage
    private var isClosed = false

    init(_ disk: DiskLife, _ path: String, _ image: StoreImage) {
        self.disk = disk
        self.path = path
        self.image = image
    }

    func get(_ key: [UInt8]) async throws(DiskFailure) -> [UInt8]? {
        try await check()
        return image.value(of: key)
    }

    func page(
        prefix: [UInt8], after: [UInt8]?, bytesMax: Int
    ) async throws(DiskFailure) -> PairList {
        try await check()
        var start = prefix
        if let after, prefix.lexicographicallyPrecedes(after) { start = after }
        var page = PairList()
        for pair in image.pairs[image.place(of: start)...] where pair.key != after {
            let bytes = pair.key.count + pair.value.count + PairList.headerBytes
            guard pair.key.starts(with: prefix),
                page.isEmpty || page.bytes.count + bytes <= bytesMax
            else { break }
            page.append(pair.key, pair.value)
        }
        return page
    }

    func close() { isClosed = true }

    private func check() async throws(DiskFailure) {
        try await disk.check(path)
        let badDescriptor: Int32 = 9
        guard !isClosed, disk.node.disk.held.contains(path) else {
            throw .system(
                path: path, errno: badDescriptor, message: "this snapshot has been closed")
        }
    }
}
