// SPDX-License-Identifier: Apache-2.0
import CShims.Fetch

/// Short values by short keys, each in one line of the processor's cache: what the newest layers
/// and the store say, for as many keys as there is room for (STATE-16).
///
/// A look costs one wait for memory, and none where ``fetch(_:)`` asked for the line before. Keys
/// push each other out, so that what is not here means nothing. One thread writes at a time, and
/// none meanwhile reads; while nobody writes, any number of threads may read.
final class LineCache: @unchecked Sendable {
    /// The bytes of a line.
    static let lineBytes = 64
    /// The longest key: the store's kind, the module, its own kind, an account and an asset are 43.
    static let keyBytesMax = 46
    /// The longest value: an amount has 16.
    static let valueBytesMax = 16

    // A line: the key's length, or 0 when it is empty; the value's length, or noValue; the key; the
    // value.
    private static let keyStart = 2
    private static let valueStart = keyStart + keyBytesMax
    private static let noValue: UInt8 = 255
    /// Lines in a row in which a key may lie.
    private static let window = 4
    private static let linesMin = 1_024

    private let linesMax: Int
    // Lines of home places, a power of two; a window may go beyond them.
    private var homes: Int
    private var memory: UnsafeMutableRawPointer
    private var taken = 0

    /// - Parameter bytesMax: The most bytes of lines, rounded down to a power of two; at least
    ///   64 KiB.
    init(bytesMax: Int) {
        var lines = Self.linesMin
        while lines * 2 * Self.lineBytes <= bytesMax { lines *= 2 }
        linesMax = lines
        homes = Self.linesMin
        memory = Self.allocate(homes)
    }

    deinit { memory.deallocate() }

    /// Whether a key may lie here.
    static func takes(_ keyBytes: Int) -> Bool { keyBytes > 0 && keyBytes <= keyBytesMax }

    /// The bytes of all lines.
    var bytes: Int { (homes + Self.window) * Self.lineBytes }

    // MARK: Reading

    /// Asks the memory for the lines of a key.
    func fetch(_ key: UnsafeRawBufferPointer) {
        let home = self.home(of: ByteHash.hash(key))
        atoll_fetch(home)
        atoll_fetch(home + Self.lineBytes)
    }

    /// Lends what is known of a key: its value, or nothing when it has none.
    ///
    /// - Returns: Nothing when the key is not here.
    func withValue<Result>(
        of key: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Result
    ) -> Result? {
        guard let line = find(key, hash: ByteHash.hash(key)) else { return nil }
        let count = line.load(fromByteOffset: 1, as: UInt8.self)
        guard count != Self.noValue else { return body(nil) }
        return body(UnsafeRawBufferPointer(start: line + Self.valueStart, count: Int(count)))
    }

    private func home(of hash: UInt64) -> UnsafeMutableRawPointer {
        memory + (Int(truncatingIfNeeded: hash >> 8) & (homes - 1)) * Self.lineBytes
    }

    private func find(
        _ key: UnsafeRawBufferPointer, hash: UInt64
    ) -> UnsafeMutableRawPointer? {
        var line = home(of: hash)
        for _ in 0..<Self.window {
            if Self.isLine(line, of: key) { return line }
            line += Self.lineBytes
        }
        return nil
    }

    private static func isLine(
        _ line: UnsafeMutableRawPointer, of key: UnsafeRawBufferPointer
    ) -> Bool {
        guard Int(line.load(as: UInt8.self)) == key.count else { return false }
        return ByteHash.isEqual(
            UnsafeRawBufferPointer(start: line + keyStart, count: key.count), key)
    }

    // MARK: Writing

    /// Notes what a key's value is now; a value that is too long for a line is not kept.
    func put(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        let hash = ByteHash.hash(key)
        if let value, value.count > Self.valueBytesMax {
            // The line goes on standing in its window, for a key that nobody asks for.
            find(key, hash: hash)?.storeBytes(of: UInt8.max, as: UInt8.self)
            return
        }
        if let line = find(key, hash: hash) { return Self.write(value, to: line) }
        if taken * 8 >= homes * 5, homes < linesMax { grow() }
        let line = room(for: hash)
        line.storeBytes(of: UInt8(key.count), as: UInt8.self)
        (line + Self.keyStart).copyMemory(from: Self.start(of: key), byteCount: key.count)
        Self.write(value, to: line)
    }

    private static func write(
        _ value: UnsafeRawBufferPointer?, to line: UnsafeMutableRawPointer
    ) {
        line.storeBytes(
            of: value.map { UInt8($0.count) } ?? noValue, toByteOffset: 1, as: UInt8.self)
        guard let value, value.count > 0 else { return }
        (line + valueStart).copyMemory(from: start(of: value), byteCount: value.count)
    }

    private static func start(of bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
        guard let start = bytes.baseAddress else { preconditionFailure("no bytes") }
        return start
    }

    /// An empty line of a key's window, or else one whose key goes.
    private func room(for hash: UInt64) -> UnsafeMutableRawPointer {
        let home = home(of: hash)
        for index in 0..<Self.window {
            let line = home + index * Self.lineBytes
            guard line.load(as: UInt8.self) == 0 else { continue }
            taken += 1
            return line
        }
        return home + Int(truncatingIfNeeded: hash & UInt64(Self.window - 1)) * Self.lineBytes
    }

    private func grow() {
        let (old, count) = (memory, homes + Self.window)
        homes *= 2
        memory = Self.allocate(homes)
        taken = 0
        for index in 0..<count {
            let line = old + index * Self.lineBytes
            let keyBytes = Int(line.load(as: UInt8.self))
            guard Self.takes(keyBytes) else { continue }
            let key = UnsafeRawBufferPointer(start: line + Self.keyStart, count: keyBytes)
            room(for: ByteHash.hash(key)).copyMemory(from: line, byteCount: Self.lineBytes)
        }
        old.deallocate()
    }

    private static func allocate(_ homes: Int) -> UnsafeMutableRawPointer {
        let bytes = (homes + window) * lineBytes
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: lineBytes)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return memory
    }
}
