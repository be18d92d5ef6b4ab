// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// The command line of the engine.
struct EngineArguments {
    /// Why a command line is not understood.
    struct Misuse: Error {
        let reason: String
    }

    static let usage = """
        usage: atoll-engine [--socket PATH] [--root FOLDER] [--runtime PROGRAM]
                            [--registry-ca FILE]
                            [--tcp HOST:PORT --tls-ca FILE --tls-certificate FILE --tls-key FILE]
          --socket   where clients dial, /run/atoll-engine.sock unless told
          --root     where images and containers are kept, /var/lib/atoll-engine unless told
          --runtime  the program atoll-runtime, beside this one unless told
          --registry-ca  certificates of those who vouch for registries, in PEM, this machine's
                     unless told; with it, registries of this machine are asked over TLS too
          --tcp      where clients of other machines dial, sealed by TLS both ways: whom the
                     certificates of --tls-ca vouch for is answered, as root, and nobody else
        """

    var socket = "/run/atoll-engine.sock"
    var root = "/var/lib/atoll-engine"
    var runtime: String
    /// The file of certificates of those who vouch for registries.
    var authorities: String?
    /// Where clients of other machines dial, and the files for it: who vouches for clients, the own
    /// certificate and its key.
    var door: (endpoint: Endpoint, authorities: String, certificate: String, key: String)?

    init(_ words: [String]) throws(Misuse) {
        runtime = Self.folder + "/atoll-runtime"
        var rest = words[...]
        var (endpoint, files) = (Endpoint?.none, [String: String]())
        while let word = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Misuse(reason: "\(word) needs a value") }
            switch word {
            case "--socket": socket = try Self.absolute(value)
            case "--root": root = try Self.absolute(value)
            case "--runtime": runtime = try Self.absolute(value)
            case "--registry-ca": authorities = value
            case "--tcp":
                guard let place = Endpoint(value) else {
                    throw Misuse(reason: "'\(value)' is no HOST:PORT")
                }
                endpoint = place
            case "--tls-ca", "--tls-certificate", "--tls-key": files[word] = value
            default: throw Misuse(reason: "there is no option '\(word)'")
            }
        }
        guard endpoint != nil || !files.isEmpty else { return }
        // Whoever reaches the engine is root on this machine: never without certificates.
        guard let endpoint, let authorities = files["--tls-ca"],
            let certificate = files["--tls-certificate"], let key = files["--tls-key"]
        else {
            throw Misuse(
                reason: "--tcp, --tls-ca, --tls-certificate and --tls-key go together")
        }
        door = (endpoint, authorities, certificate, key)
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
