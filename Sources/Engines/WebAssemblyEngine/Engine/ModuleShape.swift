// SPDX-License-Identifier: Apache-2.0

/// A look at a valid module that bounds what compiling it can cost (EXECUTION-WASM-3).
///
/// Compiling is linear in ordinary programs, but there are shapes for which it is not: long
/// functions with many values alive at once (time grows with the square of the length), and loops
/// over many local variables (each loop carries all of them). The limits keep the worst module to
/// about half a minute and 300 MiB on one core of 2020; ordinary programs are far below them.
struct ModuleShape {
    /// The largest function, in bytes of its body: 256 KiB, at worst 6 s.
    static let functionBytesMax: UInt64 = 256 << 10
    /// The most functions: 50,000, which take 2 s when they do nothing.
    static let functionsMax: UInt32 = 50_000
    /// The most local variables in one function.
    static let localsMax: UInt64 = 4_096
    /// The most variables carried by loops in one function: 131,072, at worst 2 s.
    static let loopWeightMax: UInt64 = 1 << 17
    /// The most variables carried by loops in all functions together: sixteen of the worst.
    static let loopWeightTotalMax: UInt64 = 1 << 21
    /// The sum of the squares of the functions' sizes: four of the largest, or 27 of 100 kB.
    static let squaresTotalMax: UInt64 = 1 << 38

    private static let headerBytes = 8
    private static let typeSection: UInt8 = 1
    private static let codeSection: UInt8 = 10

    /// The most parameters in any of the module's types; each function might have as many.
    private var parametersMax: UInt64 = 0
    private var loopWeight: UInt64 = 0
    private var squares: UInt64 = 0

    /// - Parameter module: A module that the library has found valid.
    /// - Throws: ``ModuleRefusal/invalid(_:)`` when a limit is passed.
    static func check(_ module: [UInt8]) throws(ModuleRefusal) {
        _ = try loopWeight(of: module)
    }

    /// The number of variables that all loops of a module carry, when it is within the limits.
    static func loopWeight(of module: [UInt8]) throws(ModuleRefusal) -> UInt64 {
        var shape = ModuleShape()
        var reader = BinaryReader(module[min(headerBytes, module.count)...])
        while !reader.isAtEnd {
            let kind = try reader.byte()
            let section = try reader.block()
            if kind == typeSection { try shape.readTypes(section) }
            if kind == codeSection { try shape.checkCode(section) }
        }
        return shape.loopWeight
    }

    private mutating func readTypes(_ section: ArraySlice<UInt8>) throws(ModuleRefusal) {
        var reader = BinaryReader(section)
        for _ in 0..<(try reader.number()) {
            _ = try reader.byte()
            let parameters = try reader.block()
            _ = try reader.block()
            parametersMax = max(parametersMax, UInt64(parameters.count))
        }
    }

    private mutating func checkCode(_ section: ArraySlice<UInt8>) throws(ModuleRefusal) {
        var reader = BinaryReader(section)
        let count = try reader.number()
        guard count <= Self.functionsMax else {
            throw .invalid("more than \(Self.functionsMax) functions")
        }
        for _ in 0..<count { try checkFunction(reader.block()) }
    }

    private mutating func checkFunction(_ body: ArraySlice<UInt8>) throws(ModuleRefusal) {
        let size = UInt64(body.count)
        guard size <= Self.functionBytesMax else {
            throw .invalid("a function of more than \(Self.functionBytesMax) bytes")
        }
        squares += size * size
        guard squares <= Self.squaresTotalMax else {
            throw .invalid("too many large functions")
        }
        var reader = BinaryReader(body)
        let locals = try Self.countLocals(&reader)
        let weight = (locals + parametersMax) * UInt64(try InstructionReader.countLoops(&reader))
        guard weight <= Self.loopWeightMax else {
            throw .invalid("a function whose loops carry too many local variables")
        }
        loopWeight += weight
        guard loopWeight <= Self.loopWeightTotalMax else {
            throw .invalid("loops that carry too many local variables")
        }
    }

    private static func countLocals(_ reader: inout BinaryReader) throws(ModuleRefusal) -> UInt64 {
        var locals: UInt64 = 0
        for _ in 0..<(try reader.number()) {
            locals += UInt64(try reader.number())
            _ = try reader.byte()
            guard locals <= localsMax else {
                throw .invalid("a function with more than \(localsMax) local variables")
            }
        }
        return locals
    }
}
