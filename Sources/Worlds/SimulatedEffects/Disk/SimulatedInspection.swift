// SPDX-License-Identifier: Apache-2.0
import Effects

/// A look through a log in memory.
final class SimulatedInspection: LogInspection, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    private let disk: DiskLife
    private let path: String
    private let image: LogImage
    private var place = 0
    private var isClosed = false

    init(_ disk: DiskLife, _ path: String) {
        self.disk = disk
        self.path = path
        image = disk.node.disk.logs[path]?.current ?? LogImage()
    }

    deinit { if !isClosed { disk.release(path) } }

    var first: UInt64 { get async { image.first } }
    var bytes: UInt64 { get async { DiskImage.cost(image.records) } }
    var bytesRead: UInt64 {
        get async { DiskImage.cost(Array(image.records.prefix(place))) }
    }

    var flaw: LogFlaw? {
        get async {
            guard isDamagedHere else { return nil }
            let index = image.first + UInt64(place)
            return LogFlaw(isTornTail: false, path: path, reason: "record \(index)")
        }
    }

    private var isDamagedHere: Bool { image.damaged.contains(image.first + UInt64(place)) }

    func next(count: Int, bytesMax: Int) async throws(DiskFailure) -> [[UInt8]] {
        try await disk.check(path)
        var records: [[UInt8]] = []
        var bytes = 0
        while records.count < count, place < image.records.count, !isDamagedHere {
            bytes += image.records[place].count
            guard records.isEmpty || bytes <= bytesMax else { break }
            records.append(image.records[place])
            place += 1
        }
        return records
    }

    func close() async {
        guard !isClosed else { return }
        isClosed = true
        disk.release(path)
    }
}
