// SPDX-License-Identifier: Apache-2.0

/// Reads WebAssembly's bytes, LEB128 numbers and counted blocks.
struct BinaryReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { bytes.isEmpty }

    private static let cutOff = ModuleRefusal.invalid("a part is cut off")

    mutating func byte() throws(ModuleRefusal) -> UInt8 {
        guard let byte = bytes.popFirst() else { throw Self.cutOff }
        return byte
    }

    /// An unsigned number of 32 bits.
    mutating func number() throws(ModuleRefusal) -> UInt32 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            guard byte & 0x80 != 0 else { return UInt32(truncatingIfNeeded: value) }
        }
        throw .invalid("a number is too long")
    }

    /// Passes over a number of any width and sign.
    mutating func skipNumber() throws(ModuleRefusal) {
        while try byte() & 0x80 != 0 {}
    }

    /// Passes over so many numbers.
    mutating func skipNumbers(_ count: Int) throws(ModuleRefusal) {
        for _ in 0..<count { try skipNumber() }
    }

    /// Passes over so many bytes.
    mutating func skip(_ count: Int) throws(ModuleRefusal) {
        guard count <= bytes.count else { throw Self.cutOff }
        bytes = bytes.dropFirst(count)
    }

    /// The bytes after their number.
    mutating func block() throws(ModuleRefusal) -> ArraySlice<UInt8> {
        let size = Int(try number())
        guard size <= bytes.count else { throw Self.cutOff }
        defer { bytes = bytes.dropFirst(size) }
        return bytes.prefix(size)
    }
}
