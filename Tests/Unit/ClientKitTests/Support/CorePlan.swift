// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The rooms that ClientKit stands on, as the package's plan names them, and where they lie.
enum CorePlan {
    static let root = "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/")

    /// The standard library's own modules, and C libraries that are built for phones as well; of
    /// the shims only those that are portable C.
    static let libraries: Set<String> = [
        "Synchronization", "CSodium", "CCrypto", "CSSL", "CNghttp2", "CZlib", "CZstd",
        "CShims.Ed25519Lanes", "CShims.SHA256Lanes", "CShims.Fetch",
    ]

    /// The folder of each room of the core.
    static func rooms() throws -> [String: String] {
        let text = try String(contentsOfFile: root + "/Package.swift", encoding: .utf8)
        let plan = text.components(separatedBy: "let testPlan").first ?? ""
        var uses: [String: (floor: String, uses: [String])] = [:]
        for part in plan.components(separatedBy: "Room(").dropFirst() {
            let words = part.matches(of: #/"([A-Za-z-]+)"|\.([a-z]+)|libraries:|path:/#)
            let own = words.prefix { $0.0 != "libraries:" && $0.0 != "path:" }
            guard let name = own.first?.1, let floor = own.compactMap(\.2).first else { continue }
            uses[String(name)] = (
                String(floor), own.dropFirst().compactMap(\.1).map(String.init)
            )
        }
        var found: [String: String] = [:]
        var open = ["ClientKit"]
        while let name = open.popLast() {
            guard found[name] == nil, let room = uses[name] else { continue }
            found[name] = folder(of: name, on: room.floor)
            open += room.uses
        }
        return found
    }

    private static func folder(of name: String, on floor: String) -> String {
        switch floor {
        case "ground", "foundations": "\(root)/Sources/Foundations/\(name)"
        case "wires", "engines": "\(root)/Sources/Engines/\(name)"
        case "ledger": "\(root)/Sources/Ledger"
        case "modules": "\(root)/Modules/\(name)/Sources"
        case "interfaces": "\(root)/Sources/Interfaces/\(name)"
        case "worlds": "\(root)/Sources/Worlds/\(name)"
        default: "\(root)/Sources/Assemblies/\(name)"
        }
    }

    static func sources(in folder: String, ending: String = ".swift") throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
    }

    /// What a line of a source imports.
    static func imported(by line: Substring) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(of: "import"), place < words.count - 1,
            words[..<place].allSatisfy({
                ["public", "package", "internal", "private"].contains($0) || $0.hasPrefix("@")
            })
        else { return nil }
        return words[place + 1]
    }

    // MARK: - What was compiled

    /// Where the build has put the rooms' objects: beside this test.
    static let objects: String? = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = own.map { ($0 as NSString).deletingLastPathComponent }
        let named = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
            .map { ($0 as NSString).deletingLastPathComponent }
        return [beside, named].compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0 + "/ClientKit.build")
        }
    }()

    /// The names that an object calls and does not have.
    static func undefined(in object: String) throws -> [Substring] {
        try run(toolchain + "/llvm-nm", ["-u", object]).text.split(separator: "\n").compactMap {
            $0.split(separator: " ").last
        }
    }

    /// Whether a name is Swift's own, one of the libraries', or in every C library.
    static func isPortable(_ symbol: Substring) -> Bool {
        prefixes.contains { symbol.hasPrefix($0) } || everywhere.contains(String(symbol))
    }

    /// Swift, libsodium, OpenSSL, nghttp2, zlib, zstd, the lanes.
    private static let prefixes = [
        "$s", "swift_", "_swift", "__swift", "crypto_", "sodium_", "randombytes", "SSL_", "TLS_",
        "X509_", "EVP_", "BIO_", "ERR_", "PEM_", "ASN1_", "OPENSSL_", "GENERAL_NAMES_", "SHA256_",
        "i2d_", "d2i_", "nghttp2_", "deflate", "inflate", "crc32", "ZSTD_", "atoll_sha256_",
        "atoll_ed25519_",
    ]

    /// What the C language has everywhere, what compilers call, and what the standard library's
    /// inlined code calls on this system: a lock's wait, the size of a block of memory.
    private static let everywhere: Set<String> = [
        "memcpy", "memmove", "memset", "memcmp", "malloc", "free", "trunc", "round", "rint",
        "floor",
        "ceil", "__udivti3", "__umodti3", "__divti3", "__modti3", "__stack_chk_fail",
        "__tls_get_addr", "_GLOBAL_OFFSET_TABLE_", "syscall", "malloc_usable_size",
        "__asan_init", "__tsan_init", "__llvm_profile_runtime",
    ]

    // MARK: - Tools

    /// The folder of the toolchain's programs.
    static let toolchain: String = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for folder in path.split(separator: ":")
        where FileManager.default.isExecutableFile(atPath: "\(folder)/swiftc") {
            let real = URL(fileURLWithPath: "\(folder)/swiftc").resolvingSymlinksInPath()
            return real.deletingLastPathComponent().path
        }
        return "/usr/bin"
    }()

    /// Runs a program to its end.
    static func run(
        _ path: String, _ words: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}
