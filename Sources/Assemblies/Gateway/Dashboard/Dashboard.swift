// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// The files of the dashboard, as they were built, in memory (DASHBOARD-1).
public struct Dashboard: Sendable {
    /// The most files; the build writes a page, a program, a style sheet, an icon and their forms.
    public static let filesMax = 64
    /// The most bytes of all files: 16 MiB, about thirty times what the build writes.
    public static let bytesMax = 16 << 20
    /// The name of the page that every other name is found from.
    static let page = "index.html"

    /// One file as it is sent.
    struct File: Sendable {
        let bytes: [UInt8]
        /// The same, compressed by gzip when the dashboard was built.
        let zipped: [UInt8]?
        let type: String
        let tag: String
        /// Whether the name changes with the content, so that it may be kept for ever.
        let isNamedByContent: Bool
    }

    private let files: [String: File]

    /// Takes the built files by name; one that ends with `.gz` is the compressed form of another.
    ///
    /// - Returns: Nothing when there is no page, or more than the limits.
    public init?(files: [(name: String, bytes: [UInt8])]) {
        let all = Dictionary(files.map { ($0.name, $0.bytes) }) { first, _ in first }
        let sum = files.reduce(0) { $0 + $1.bytes.count }
        guard all[Self.page] != nil, files.count <= Self.filesMax, sum <= Self.bytesMax else {
            return nil
        }
        var kept: [String: File] = [:]
        for (name, bytes) in all where !name.hasSuffix(".gz") {
            guard let type = Self.type(of: name) else { continue }
            kept[name] = File(
                bytes: bytes, zipped: all[name + ".gz"], type: type,
                tag: "\"\(SHA256.hash(bytes))\"", isNamedByContent: name.contains("-"))
        }
        self.files = kept
    }

    /// The file of a name; nothing is looked up but what was built.
    func file(_ name: String) -> File? { files[name] }

    private static func type(of name: String) -> String? {
        let types = [
            "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
            "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "wasm": "application/wasm",
            "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8",
        ]
        return name.split(separator: ".").last.flatMap { types[String($0)] }
    }
}
