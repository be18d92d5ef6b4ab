// SPDX-License-Identifier: Apache-2.0

/// Walks over instructions without understanding them (WebAssembly 2.0 §5.4, and tail calls).
enum InstructionReader {
    private static let loop: UInt8 = 0x03

    /// The number of loops in the rest of a function's body.
    static func countLoops(_ reader: inout BinaryReader) throws(ModuleRefusal) -> Int {
        var loops = 0
        while !reader.isAtEnd {
            let operation = try reader.byte()
            if operation == loop { loops += 1 }
            try skipOperands(of: operation, &reader)
        }
        return loops
    }

    /// Passes over what follows an opcode. An opcode without operands needs nothing; the library
    /// has refused those that do not exist.
    private static func skipOperands(
        of operation: UInt8, _ reader: inout BinaryReader
    ) throws(ModuleRefusal) {
        switch operation {
        case 0x02, 0x03, 0x04: try reader.skipNumber()  // block, loop, if
        case 0x0c, 0x0d: try reader.skipNumber()  // br, br_if
        case 0x0e: try reader.skipNumbers(Int(try reader.number()) + 1)  // br_table
        case 0x10, 0x12: try reader.skipNumber()  // call, return_call
        case 0x11, 0x13: try reader.skipNumbers(2)  // and indirect
        case 0x1c: _ = try reader.block()  // select with types
        case 0x20...0x26: try reader.skipNumber()  // local, global, table access
        case 0x28...0x3e: try reader.skipNumbers(2)  // loads and stores
        case 0x3f...0x42: try reader.skipNumber()  // memory.size, memory.grow, integer constants
        case 0x43: try reader.skip(4)  // f32.const
        case 0x44: try reader.skip(8)  // f64.const
        case 0xd0, 0xd2: try reader.skipNumber()  // ref.null, ref.func
        case 0xfc: try skipBulk(&reader)
        case 0xfd: try skipVector(&reader)
        default: break
        }
    }

    private static func skipBulk(_ reader: inout BinaryReader) throws(ModuleRefusal) {
        switch try reader.number() {
        case 8, 10, 12, 14: try reader.skipNumbers(2)
        case 9, 11, 13, 15, 16, 17: try reader.skipNumber()
        default: break
        }
    }

    private static func skipVector(_ reader: inout BinaryReader) throws(ModuleRefusal) {
        switch try reader.number() {
        case 0...11, 92, 93: try reader.skipNumbers(2)
        case 12, 13: try reader.skip(16)
        case 21...34: try reader.skip(1)
        case 84...91:
            try reader.skipNumbers(2)
            try reader.skip(1)
        default: break
        }
    }
}
