// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// WebAssembly's text format, for programs small enough to write by hand.
public enum WebAssemblyText {
    /// Why a text is not a module.
    public struct SyntaxError: Error, Equatable, Sendable {
        /// What the reader said, with the place.
        public let reason: String
    }

    /// The binary form of a module written as text. Whether the module is valid is not checked.
    ///
    /// - Throws: ``SyntaxError`` when the text cannot be read.
    public static func binary(of text: String) throws(SyntaxError) -> [UInt8] {
        var bytes = wasm_byte_vec_t()
        let source = Array(text.utf8)
        let error = source.withUnsafeBytes { raw in
            wasmtime_wat2wasm(
                raw.bindMemory(to: CChar.self).baseAddress, source.count, &bytes)
        }
        if let error { throw SyntaxError(reason: WasmtimeText.take(error: error)) }
        defer { wasm_byte_vec_delete(&bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes.data, count: bytes.size))
    }
}
