// SPDX-License-Identifier: Apache-2.0

/// A value on a disk, with what it falls back to in a crash when a sync has lied.
struct Stored<Value> {
    private(set) var current: Value
    /// The last value that is truly durable, where that is not the current one.
    private var durable: Value?

    init(_ value: Value) { current = value }

    /// Changes the value; `isLost` says that its sync lied.
    mutating func write(isLost: Bool, _ change: (inout Value) -> Void) {
        if isLost { durable = durable ?? current } else { durable = nil }
        change(&current)
    }

    /// Falls back to what is durable; true when something was lost.
    mutating func crash() -> Bool {
        guard let durable else { return false }
        current = durable
        self.durable = nil
        return true
    }
}

/// The records of a log.
struct LogImage {
    var first: UInt64 = 0
    var records: [[UInt8]] = []
    var end: UInt64 { first + UInt64(records.count) }
    /// Records whose bytes no longer match their checksum.
    var damaged: Set<UInt64> = []
}

/// The pairs of a store, sorted by key.
struct StoreImage {
    private(set) var pairs: [(key: [UInt8], value: [UInt8])] = []
    /// What the pairs take.
    private(set) var bytes: UInt64 = 0

    /// The place of the first key that is not before `key`.
    func place(of key: [UInt8]) -> Int {
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle].key.lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// The value of a key.
    func value(of key: [UInt8]) -> [UInt8]? {
        let place = place(of: key)
        return place < pairs.count && pairs[place].key == key ? pairs[place].value : nil
    }

    /// Sets or removes a key.
    mutating func set(_ key: [UInt8], _ value: [UInt8]?) {
        let place = place(of: key)
        if place < pairs.count, pairs[place].key == key {
            bytes -= DiskImage.cost(key, pairs[place].value)
            pairs.remove(at: place)
        }
        guard let value else { return }
        bytes += DiskImage.cost(key, value)
        pairs.insert((key, value), at: place)
    }
}

/// Everything on one node's disk; it survives crashes.
struct DiskImage {
    var files: [String: Stored<[UInt8]?>] = [:]
    var folders: Set<String> = []
    var logs: [String: Stored<LogImage>] = [:]
    var stores: [String: Stored<StoreImage>] = [:]
    /// Logs and stores that the present life holds open.
    var held: Set<String> = []
    /// Bytes in files, logs and stores.
    var bytes: UInt64 = 0

    /// What a record or a pair costs beside its own bytes.
    static let entryBytes: UInt64 = 20

    /// Removes a file; after a lying sync it can still come back.
    mutating func removeFile(_ path: String, isLost: Bool) {
        if isLost { files[path]?.write(isLost: true) { $0 = nil } } else { files[path] = nil }
    }

    /// Takes back what lying syncs promised, in an order that does not depend on hashing.
    ///
    /// - Returns: How many files, logs and stores fell back.
    mutating func crash() -> UInt64 {
        var lost: UInt64 = 0
        for path in files.keys.sorted() where files[path]?.crash() == true { lost += 1 }
        for path in logs.keys.sorted() where logs[path]?.crash() == true { lost += 1 }
        for path in stores.keys.sorted() where stores[path]?.crash() == true { lost += 1 }
        held = []
        if lost > 0 { bytes = countBytes() }
        return lost
    }

    /// Counts the bytes anew after much has gone at once.
    mutating func recount() { bytes = countBytes() }

    /// A sum, so the order of the parts does not matter.
    private func countBytes() -> UInt64 {
        var sum: UInt64 = 0
        for file in files.values { sum += UInt64(file.current?.count ?? 0) }
        for log in logs.values { sum += Self.cost(log.current.records) }
        for store in stores.values { sum += store.current.bytes }
        return sum
    }

    /// The bytes records take.
    static func cost(_ records: [[UInt8]]) -> UInt64 {
        records.reduce(0) { $0 + UInt64($1.count) + entryBytes }
    }

    /// The bytes a pair takes.
    static func cost(_ key: [UInt8], _ value: [UInt8]) -> UInt64 {
        UInt64(key.count + value.count) + entryBytes
    }
}
