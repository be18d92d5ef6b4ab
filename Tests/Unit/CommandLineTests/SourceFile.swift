// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

/// Files of the repository, found from where this file lies.
enum SourceFile {
    static func text(_ path: String, here: String = #filePath) throws -> String {
        let root = here.split(separator: "/").dropLast(4).joined(separator: "/")
        let file = try #require(fopen("/\(root)/\(path)", "r"), "there is no \(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[0..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
