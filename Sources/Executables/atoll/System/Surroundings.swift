// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a command inherits: variables, the working folder, its own path.
enum Surroundings {
    private static let names = [
        "ATOLL_HOME", "ATOLL_GATEWAY", "ATOLL_PASSPHRASE", "ATOLL_PASSPHRASE_FILE", "HOME",
        "NO_COLOR",
        "LD_LIBRARY_PATH", "PATH",
    ]

    /// The variables Atoll looks at.
    static let environment: [String: String] = {
        var found: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
        return found
    }()

    /// The working folder.
    static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The absolute path of this program.
    static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return CommandLine.arguments[0] }
        return String(decoding: buffer[0..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// An absolute path without `.`, `..` and doubled slashes, read from the working folder.
    static func absolute(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : workingFolder + "/" + path
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
