// SPDX-License-Identifier: Apache-2.0

/// A flat map of byte strings: open addressing over entries that lie in the order they came.
///
/// Keys and values lie in one run of bytes; nothing is allocated for an entry. One thread writes at
/// a time, and none meanwhile reads; while nobody writes, any number of threads may read.
final class ByteTable: @unchecked Sendable {
    /// What an entry says of its key.
    enum Content: UInt8 {
        /// Nothing: the entry was undone.
        case forgotten
        /// The key has no value.
        case removed
        /// The key has a value.
        case value
    }

    /// One key. Offsets are into the run of bytes, which therefore ends at 4 GiB.
    private struct Entry {
        var hash: UInt32
        var keyStart: UInt32
        var keyCount: UInt16
        var content: Content
        var isChange: Bool
        var valueStart: UInt32
        var valueCount: UInt32
        var valueRoom: UInt32
        var nextOfFamily: UInt32
    }

    /// How many first bytes of its key put an entry into its family: the kind, the module, the
    /// module's own kind and four bytes of an id.
    static let familyBytes = 7
    /// The most entries a look at a family goes through: beyond that, order costs less.
    static let familyMax = 64
    private static let slotsMin = 64

    private var entries: [Entry] = []
    private var arena: [UInt8] = []
    // The hash in the upper half, so that another key's slot is passed by without a look at its
    // entry; below it the entry's number from 1. 0 is an empty slot. There are twice as many slots
    // as entries, or more.
    private var slots = [UInt64](repeating: 0, count: slotsMin)
    // The newest entry of the families that share a slot; each entry names the one before it.
    private var families = [UInt32](repeating: 0, count: slotsMin)

    init() {}

    /// How many keys have an entry.
    var count: Int { entries.count }
    /// About how many bytes of memory the table takes.
    var bytes: Int { arena.count + entries.count * (MemoryLayout<Entry>.stride + 24) }

    /// The bytes of all keys and values, those included that longer ones replaced.
    var arenaBytes: Int { arena.count }

    // MARK: Reading

    /// The entry of a key, or nothing.
    func find(_ key: UnsafeRawBufferPointer) -> Int? {
        find(key, hash: UInt32(truncatingIfNeeded: ByteHash.hash(key) >> 16))
    }

    private func find(_ key: UnsafeRawBufferPointer, hash: UInt32) -> Int? {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let found = slots[slot]
            if UInt32(truncatingIfNeeded: found >> 32) == hash {
                let index = Int(UInt32(truncatingIfNeeded: found)) - 1
                if isKey(key, of: index) { return index }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func isKey(_ key: UnsafeRawBufferPointer, of index: Int) -> Bool {
        let (start, count) = (Int(entries[index].keyStart), Int(entries[index].keyCount))
        guard count == key.count else { return false }
        return arena.withUnsafeBytes { bytes in
            ByteHash.isEqual(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]), key)
        }
    }

    func content(at index: Int) -> Content { entries[index].content }

    /// Whether the store beneath does not know of this entry yet.
    func isChange(at index: Int) -> Bool { entries[index].isChange }

    func key(at index: Int) -> [UInt8] {
        let start = Int(entries[index].keyStart)
        return Array(arena[start..<start + Int(entries[index].keyCount)])
    }

    /// The value of an entry that has one.
    func value(at index: Int) -> [UInt8] {
        let start = Int(entries[index].valueStart)
        return Array(arena[start..<start + Int(entries[index].valueCount)])
    }

    /// Lends the value of an entry that has one.
    func withValue<Result>(at index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = Int(entries[index].valueStart)
        let end = start + Int(entries[index].valueCount)
        return arena.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    /// Lends the key of an entry.
    func withKey<Result>(at index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = Int(entries[index].keyStart)
        let end = start + Int(entries[index].keyCount)
        return arena.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    /// Lends the key of an entry, and its value when it has one.
    func withEntry<Result>(
        at index: Int, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?) -> Result
    ) -> Result {
        let entry = entries[index]
        let (key, value) = (Int(entry.keyStart), Int(entry.valueStart))
        return arena.withUnsafeBytes { bytes in
            body(
                UnsafeRawBufferPointer(rebasing: bytes[key..<key + Int(entry.keyCount)]),
                entry.content == .value
                    ? UnsafeRawBufferPointer(
                        rebasing: bytes[value..<value + Int(entry.valueCount)]) : nil)
        }
    }

    /// The entries whose keys start with a prefix of at least ``familyBytes``, in no order; nothing
    /// when its family has more than ``familyMax``.
    func members(of prefix: [UInt8]) -> [Int]? {
        var found: [Int] = []
        var looks = 0
        var next = families[prefix.withUnsafeBytes { familySlot(of: $0) }]
        while next != 0 {
            looks += 1
            guard looks <= Self.familyMax else { return nil }
            let index = Int(next) - 1
            let isMember = withKey(at: index) { $0.starts(with: prefix) }
            if isMember { found.append(index) }
            next = entries[index].nextOfFamily
        }
        return found
    }

    // MARK: Writing

    /// Gives a key a value, or none.
    ///
    /// - Returns: The entry, and whether the key had none before.
    @discardableResult
    func set(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, isChange: Bool
    ) -> (index: Int, isNew: Bool) {
        let hash = UInt32(truncatingIfNeeded: ByteHash.hash(key) >> 16)
        if let index = find(key, hash: hash) {
            put(value, at: index)
            if isChange { entries[index].isChange = true }
            return (index, false)
        }
        let index = insert(key, hash: hash)
        put(value, at: index)
        entries[index].isChange = isChange
        return (index, true)
    }

    /// Forgets everything and keeps the memory.
    func removeAll() {
        entries.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
        slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        families.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    /// Undoes an entry: its key is then as if it had none.
    func forget(at index: Int) { entries[index].content = .forgotten }

    private func insert(_ key: UnsafeRawBufferPointer, hash: UInt32) -> Int {
        if (entries.count + 1) * 2 > slots.count { grow() }
        precondition(arena.count + key.count < Int(UInt32.max), "a table has less than 4 GiB")
        let index = entries.count
        entries.append(
            Entry(
                hash: hash, keyStart: UInt32(arena.count), keyCount: UInt16(key.count),
                content: .forgotten, isChange: false, valueStart: 0, valueCount: 0, valueRoom: 0,
                nextOfFamily: 0))
        arena.append(contentsOf: key)
        place(index)
        return index
    }

    private func put(_ value: UnsafeRawBufferPointer?, at index: Int) {
        guard let value else {
            entries[index].content = .removed
            return
        }
        entries[index].content = .value
        entries[index].valueCount = UInt32(value.count)
        if value.count <= Int(entries[index].valueRoom) {
            let start = Int(entries[index].valueStart)
            arena.withUnsafeMutableBytes {
                UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + value.count])
                    .copyMemory(from: value)
            }
            return
        }
        precondition(arena.count + value.count < Int(UInt32.max), "a table has less than 4 GiB")
        entries[index].valueStart = UInt32(arena.count)
        entries[index].valueRoom = UInt32(value.count)
        arena.append(contentsOf: value)
    }

    private func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(entries[index].hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt64(entries[index].hash) << 32 | UInt64(index + 1)
        let family = withKey(at: index) { familySlot(of: $0) }
        entries[index].nextOfFamily = families[family]
        families[family] = UInt32(index + 1)
    }

    private func grow() {
        let size = slots.count * 2
        slots = [UInt64](repeating: 0, count: size)
        families = [UInt32](repeating: 0, count: size)
        for index in entries.indices { place(index) }
    }

    private func familySlot(of key: UnsafeRawBufferPointer) -> Int {
        let head = UnsafeRawBufferPointer(rebasing: key.prefix(Self.familyBytes))
        return Int(truncatingIfNeeded: ByteHash.hash(head) >> 16) & (families.count - 1)
    }
}
