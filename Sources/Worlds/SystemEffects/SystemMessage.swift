// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The system's own words for its error numbers.
enum SystemMessage {
    /// The text of an error number.
    static func of(_ number: Int32) -> String {
        let bytesMax = 256
        var text = [CChar](repeating: 0, count: bytesMax)
        guard atoll_error_text(number, &text, bytesMax) == 0 else { return "error \(number)" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
