// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// A module as native code, checked against what is offered; shared by any number of runs.
final class CompiledModule: @unchecked Sendable {
    /// Bytes of native code and data it keeps in memory.
    let imageBytes: Int
    /// Why it cannot run although it is valid; nothing when it can.
    let refusal: RunOutcome?
    /// The module linked with the host's functions; nothing when it cannot run.
    let linked: OpaquePointer?
    // The engine must outlive the module.
    private let engine: EngineCore
    private let pointer: OpaquePointer

    /// Compiles on the calling thread.
    ///
    /// - Throws: ``ModuleRefusal/invalid(_:)`` when the bytes are not a module.
    init(_ bytes: [UInt8], engine: EngineCore) throws(ModuleRefusal) {
        self.engine = engine
        var made: OpaquePointer?
        if let error = wasmtime_module_new(engine.pointer, bytes, bytes.count, &made) {
            throw .invalid(WasmtimeText.take(error: error))
        }
        guard let pointer = made else { throw .invalid("no module") }
        self.pointer = pointer
        var first: UnsafeMutableRawPointer?
        var last: UnsafeMutableRawPointer?
        wasmtime_module_image_range(pointer, &first, &last)
        imageBytes = Int(bitPattern: last) - Int(bitPattern: first)

        var linked: OpaquePointer?
        var refusal = ModuleInterface.refusal(of: pointer)
        if refusal == nil,
            let error = wasmtime_linker_instantiate_pre(engine.linker, pointer, &linked)
        {
            refusal = .engineFailure(WasmtimeText.take(error: error))
        }
        self.refusal = refusal
        self.linked = linked
    }

    deinit {
        if let linked { wasmtime_instance_pre_delete(linked) }
        wasmtime_module_delete(pointer)
    }
}

/// Why bytes did not become a module.
enum ModuleRefusal: Error {
    case invalid(String)
}

/// What a module asks for and offers.
private enum ModuleInterface {
    /// The first import in the module's order that is not offered, or the missing start.
    static func refusal(of module: OpaquePointer) -> RunOutcome? {
        if let name = firstUnknownImport(of: module) { return .unsupportedImport(name) }
        return hasStart(module) ? nil : .missingStart
    }

    private static func firstUnknownImport(of module: OpaquePointer) -> String? {
        var imports = wasm_importtype_vec_t()
        wasmtime_module_imports(module, &imports)
        defer { wasm_importtype_vec_delete(&imports) }
        for wanted in UnsafeBufferPointer(start: imports.data, count: imports.size) {
            let space = WasmtimeText.read(wasm_importtype_module(wanted))
            let name = WasmtimeText.read(wasm_importtype_name(wanted))
            let shape = FunctionShape(of: wasm_importtype_type(wanted))
            let offered = HostInterface.functions[name]
            guard space == HostInterface.moduleName, let offered, offered.shape == shape else {
                return String("\(space).\(name)".prefix(WasmtimeText.reasonCharactersMax))
            }
        }
        return nil
    }

    private static func hasStart(_ module: OpaquePointer) -> Bool {
        var exports = wasm_exporttype_vec_t()
        wasmtime_module_exports(module, &exports)
        defer { wasm_exporttype_vec_delete(&exports) }
        return UnsafeBufferPointer(start: exports.data, count: exports.size).contains {
            WasmtimeText.read(wasm_exporttype_name($0)) == "_start"
                && FunctionShape(of: wasm_exporttype_type($0)) == .plain
        }
    }
}

/// A function's type.
struct FunctionShape: Hashable, Sendable {
    /// The kinds of value in a function's type, numbered as the library does.
    enum Kind: UInt8, Sendable {
        case int32 = 0
        case int64 = 1
    }

    let parameters: [Kind]
    let results: [Kind]

    /// No parameters and no results.
    static let plain = FunctionShape(parameters: [], results: [])

    init(parameters: [Kind], results: [Kind]) {
        self.parameters = parameters
        self.results = results
    }

    /// The type behind an import or export; nothing when it is no function of integers.
    init?(of type: OpaquePointer?) {
        guard let type, wasm_externtype_kind(type) == WASM_EXTERN_FUNC,
            let function = wasm_externtype_as_functype_const(type),
            let parameters = Self.kinds(wasm_functype_params(function)),
            let results = Self.kinds(wasm_functype_results(function))
        else { return nil }
        self.init(parameters: parameters, results: results)
    }

    private static func kinds(_ list: UnsafePointer<wasm_valtype_vec_t>?) -> [Kind]? {
        guard let list else { return nil }
        var kinds: [Kind] = []
        for type in UnsafeBufferPointer(start: list.pointee.data, count: list.pointee.size) {
            guard let kind = Kind(rawValue: wasm_valtype_kind(type)) else { return nil }
            kinds.append(kind)
        }
        return kinds
    }

    /// The library's own form of this type; it belongs to the caller.
    func makeType() -> OpaquePointer? {
        var parameterList = Self.makeList(parameters)
        var resultList = Self.makeList(results)
        return wasm_functype_new(&parameterList, &resultList)
    }

    private static func makeList(_ kinds: [Kind]) -> wasm_valtype_vec_t {
        let types: [OpaquePointer?] = kinds.map { wasm_valtype_new($0.rawValue) }
        var list = wasm_valtype_vec_t()
        wasm_valtype_vec_new(&list, types.count, types)
        return list
    }
}
