// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where the things under test lie.
enum Checkout {
    /// The repository's root.
    static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    /// The program: beside this test's own executable, unless `ATOLL_BINARY` names another.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["ATOLL_BINARY"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = own.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? "."
        return "\(folder)/atoll"
    }()

    /// The text that jobs count: a licence that every Debian machine has, else the project's own.
    static let text: String = {
        let licence = "/usr/share/common-licenses/GPL-3"
        return FileManager.default.isReadableFile(atPath: licence) ? licence : "\(root)/LICENSE"
    }()

    /// Word count as a WebAssembly module, built by the script that everybody uses.
    static func wordcount() async throws -> String {
        let built = try await Program.run("\(root)/scripts/build-example", ["wordcount"])
        guard built.code == 0 else { throw HarnessFailure("build-example: \(built.errors)") }
        return "\(root)/examples/wordcount/wordcount.wasm"
    }
}

/// The harness itself could not do its part.
struct HarnessFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
