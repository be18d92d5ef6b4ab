// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Glibc
import HTTPServer
import TestSupport
import Testing

/// Identities and services that seal their connections.
enum SecureWorld {
    static func key(_ number: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func did(_ number: UInt8) -> String { "did:example:\(number)" }

    /// A certificate that a key issues for itself, good round now; the same one for
    /// a day, so that two of one key are equal.
    static func credentials(
        _ number: UInt8, _ effects: Effects, serial: UInt8 = 1, isElsewhere: Bool = false
    ) throws -> (credentials: SecureCredentials, certificate: [UInt8]) {
        let day: Int64 = 86_400
        let midnight = Int64(effects.time.wallClock().value / 1_000) / day * day
        let certificate = SelfIssuedCertificate(
            addresses: [did(number)], hosts: [isElsewhere ? "elsewhere.example" : "localhost"],
            hostNumbers: [isElsewhere ? [192, 0, 2, 1] : [127, 0, 0, 1]],
            fromSeconds: midnight - day, untilSeconds: midnight + 2 * day
        ).signed(by: try key(number), serial: [serial])
        return (.issued(certificate: certificate, key: try key(number)), certificate)
    }

    /// DER as PEM.
    static func pem(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = Array(bytes[start..<min(start + 3, bytes.count)])
            let word = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                text.append(
                    place <= part.count ? letters[word >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
                )
            }
            if start % 48 == 45, start + 3 < bytes.count { text.append(UInt8(ascii: "\n")) }
        }
        return Array("-----BEGIN \(name)-----\n".utf8) + text
            + Array("\n-----END \(name)-----\n".utf8)
    }

    /// A key of Ed25519 as PKCS #8 (RFC 8410).
    static func pkcs8(_ number: UInt8) -> [UInt8] {
        [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04]
            + [0x20] + [UInt8](repeating: number, count: 32)
    }

    /// Puts certificate and key of an identity into files of the world, for other programs.
    static func writeFiles(_ number: UInt8, _ effects: Effects) async throws {
        let certificate = try credentials(number, effects).certificate
        try await effects.disk.replace(
            "cert-\(number).pem", with: pem("CERTIFICATE", certificate))
        try await effects.disk.replace(
            "key-\(number).pem", with: pem("PRIVATE KEY", pkcs8(number)))
    }

    /// A service that tells who asks.
    static func service(
        _ effects: Effects, _ security: TransportSecurity,
        _ configuration: HTTPConfiguration = HTTPConfiguration()
    ) -> HTTPService {
        var router = testRouter(effects, EventHub())
        router.get("/me") { request in
            .text(request.peer?.addresses.joined(separator: " ") ?? "nobody")
        }
        return HTTPService(
            effects: effects, endpoint: Endpoint(host: "127.0.0.1", port: 0),
            configuration: configuration, router: router, security: security)
    }
}

extension LoopWorld {
    /// What a program prints, both streams in one, and how it ends.
    func output(
        of path: String, _ arguments: [String], _ effects: Effects
    ) async throws -> (text: String, exit: ProcessExit) {
        let log = "\(root)/out-\(effects.chance.below(1 << 40))"
        let child = try effects.processes.start(
            ProcessRequest(
                executable: path, arguments: arguments,
                environment: ["HOME": root, "PATH": "/usr/bin:/bin"], logFile: log))
        let exit = await child.exit()
        let name = String(log.dropFirst(root.count + 1))
        let bytes = try await effects.disk.read(name, limit: 1 << 22)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }
}
