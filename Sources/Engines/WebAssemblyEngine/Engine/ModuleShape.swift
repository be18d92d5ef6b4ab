// SPDX-License-Identifier: Apache-2.0

/// A first look at a module that bounds what compiling it can cost (EXECUTION-WASM-3).
///
/// Reads section headers and the sizes of functions only; whether the rest makes sense is for the
/// library to say.
enum ModuleShape {
    /// The largest function, in bytes of its body: compiling one takes more than linear time.
    static let functionBytesMax = 512 << 10
    /// The most functions.
    static let functionsMax = 100_000
    /// The most local variables in one function, which weigh on every block of it.
    static let localsMax: UInt64 = 4_096

    private static let header: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    private static let codeSection: UInt8 = 10

    /// - Throws: ``ModuleRefusal/invalid(_:)`` when a limit is passed or the sections do not
    ///   follow each other.
    static func check(_ module: [UInt8]) throws(ModuleRefusal) {
        guard module.starts(with: header) else {
            throw .invalid("no header of a WebAssembly 1 module")
        }
        var reader = SectionReader(bytes: module[header.count...])
        while let kind = reader.readByte() {
            guard let section = reader.readBlock() else { throw .invalid("a section is cut off") }
            if kind == codeSection { try checkCode(section) }
        }
    }

    private static func checkCode(_ section: ArraySlice<UInt8>) throws(ModuleRefusal) {
        var reader = SectionReader(bytes: section)
        guard let count = reader.readNumber() else { throw .invalid("a section is cut off") }
        guard count <= functionsMax else { throw .invalid("more than \(functionsMax) functions") }
        for _ in 0..<count {
            guard let body = reader.readBlock() else { throw .invalid("a function is cut off") }
            guard body.count <= functionBytesMax else {
                throw .invalid("a function of more than \(functionBytesMax) bytes")
            }
            try checkLocals(body)
        }
    }

    private static func checkLocals(_ body: ArraySlice<UInt8>) throws(ModuleRefusal) {
        var reader = SectionReader(bytes: body)
        guard let groups = reader.readNumber() else { throw .invalid("a function is cut off") }
        var locals: UInt64 = 0
        for _ in 0..<groups {
            guard let count = reader.readNumber(), reader.readByte() != nil else {
                throw .invalid("a function is cut off")
            }
            locals += UInt64(count)
            guard locals <= localsMax else {
                throw .invalid("a function with more than \(localsMax) local variables")
            }
        }
    }
}

/// Reads bytes, LEB128 numbers and counted blocks.
private struct SectionReader {
    var bytes: ArraySlice<UInt8>

    mutating func readByte() -> UInt8? { bytes.popFirst() }

    mutating func readNumber() -> UInt32? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return UInt32(exactly: value) }
        }
        return nil
    }

    mutating func readBlock() -> ArraySlice<UInt8>? {
        guard let size = readNumber(), Int(size) <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(Int(size)) }
        return bytes.prefix(Int(size))
    }
}
