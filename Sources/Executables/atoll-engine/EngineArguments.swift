// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The command line of the engine.
struct EngineArguments {
    /// Why a command line is not understood.
    struct Misuse: Error {
        let reason: String
    }

    static let usage = """
        usage: atoll-engine [--socket PATH] [--root FOLDER] [--runtime PROGRAM]
          --socket   where clients dial, /run/atoll-engine.sock unless told
          --root     where images and containers are kept, /var/lib/atoll-engine unless told
          --runtime  the program atoll-runtime, beside this one unless told
        """

    var socket = "/run/atoll-engine.sock"
    var root = "/var/lib/atoll-engine"
    var runtime: String

    init(_ words: [String]) throws(Misuse) {
        runtime = Self.folder + "/atoll-runtime"
        var rest = words[...]
        while let word = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Misuse(reason: "\(word) needs a value") }
            switch word {
            case "--socket": socket = try Self.absolute(value)
            case "--root": root = try Self.absolute(value)
            case "--runtime": runtime = try Self.absolute(value)
            default: throw Misuse(reason: "there is no option '\(word)'")
            }
        }
    }

    private static func absolute(_ path: String) throws(Misuse) -> String {
        guard path.hasPrefix("/"), path.utf8.count > 1 else {
            throw Misuse(reason: "'\(path)' is no absolute path")
        }
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Where this program lies.
    private static var folder: String {
        var room = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &room, room.count - 1)
        guard count > 0 else { return "." }
        let path = String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
