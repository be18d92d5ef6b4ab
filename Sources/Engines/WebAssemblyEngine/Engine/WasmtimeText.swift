// SPDX-License-Identifier: Apache-2.0
import CWasmtime

/// Reads and frees the library's own texts; each function takes over what it is given.
enum WasmtimeText {
    /// The most characters of a reason that are kept.
    static let reasonCharactersMax = 300

    /// An error's first lines.
    static func take(error: OpaquePointer) -> String {
        var bytes = wasm_byte_vec_t()
        wasmtime_error_message(error, &bytes)
        wasmtime_error_delete(error)
        return take(bytes: &bytes)
    }

    /// Frees an error that has nothing to tell.
    static func drop(error: OpaquePointer?) {
        if let error { wasmtime_error_delete(error) }
    }

    /// The text of a list of bytes that belongs to someone else.
    static func read(_ bytes: UnsafePointer<wasm_byte_vec_t>?) -> String {
        guard let bytes, let start = bytes.pointee.data else { return "" }
        return String(
            decoding: UnsafeRawBufferPointer(start: start, count: bytes.pointee.size),
            as: UTF8.self)
    }

    private static func take(bytes: inout wasm_byte_vec_t) -> String {
        let text = String(read(&bytes).prefix(reasonCharactersMax))
        wasm_byte_vec_delete(&bytes)
        return text
    }
}
