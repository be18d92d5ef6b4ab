// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Glibc
import HTTPServer
import TestSupport
import Testing

/// HTTP-65 and HTTP-66: this house's client over sealed connections.
@Suite("HTTP: a client that knows whom it trusts", .serialized)
struct SealedClientTests {
    /// A service of identity 1 that asks for certificates, and one question to it.
    private func ask(
        _ trust: @escaping @Sendable (Effects, [UInt8]) throws -> ClientSecurity?,
        clients: TransportSecurity.ClientCertificates = .asked, host: String = "127.0.0.1",
        elsewhere: Bool = false, path: String = "/me"
    ) async throws -> Result<HTTPClientResponse, HTTPClientFailure> {
        let world = try LoopWorld()
        return try await world.run { effects in
            let (credentials, certificate) = try SecureWorld.credentials(
                1, effects, isElsewhere: elsewhere)
            let security = try TransportSecurity(credentials, clients: clients)
            let service = SecureWorld.service(effects, security)
            try await service.start()
            let client = HTTPClient(effects: effects, security: try trust(effects, certificate))
            let address = try #require(
                HTTPAddress("https://\(host):\(service.endpoint.port)\(path)"))
            let answer: Result<HTTPClientResponse, HTTPClientFailure>
            do throws(HTTPClientFailure) {
                answer = .success(try await client.send(HTTPClientRequest(.get, address)))
            } catch {
                answer = .failure(error)
            }
            await client.close()
            await service.stop(graceMilliseconds: 0)
            return answer
        }
    }

    private func reason(_ answer: Result<HTTPClientResponse, HTTPClientFailure>) -> String? {
        guard case .failure(.untrusted(_, let reason)) = answer else { return nil }
        return reason
    }

    private func text(_ answer: Result<HTTPClientResponse, HTTPClientFailure>) throws -> String {
        String(decoding: try answer.get().body, as: UTF8.self)
    }

    private static func bundle(_ certificate: [UInt8]) throws -> ClientSecurity {
        try ClientSecurity(.authorities(pem: SecureWorld.pem("CERTIFICATE", certificate)))
    }

    @Test("a certificate in the bundle is trusted, under its hosts' names and numbers only")
    func bundle() async throws {
        for host in ["127.0.0.1", "localhost"] {
            let answer = try await ask({ try Self.bundle($1) }, host: host)
            #expect(try text(answer) == "nobody")
            let other = try await ask({ try Self.bundle($1) }, host: host, elsewhere: true)
            #expect(reason(other)?.contains("mismatch") == true, "\(other)")
        }
    }

    @Test("a certificate that nobody vouches for is refused before anything is sent")
    func strangers() async throws {
        let other = try await ask({ effects, _ in
            try Self.bundle(SecureWorld.credentials(2, effects).certificate)
        })
        #expect(reason(other)?.contains("self-signed certificate") == true, "\(other)")
        let system = try await ask({ _, _ in try ClientSecurity(.system) })
        #expect(reason(system)?.contains("self-signed certificate") == true, "\(system)")
        let nobody = try await ask({ _, _ in nil })
        #expect(reason(nobody)?.contains("knows nobody to trust") == true)
    }

    @Test("a key that the caller knows is trusted whatever the host is called; another is refused")
    func judged() async throws {
        let known = try SecureWorld.key(1).publicKey
        let judge: @Sendable (SecurePeer) async -> String? = { peer in
            peer.key == known && peer.addresses == [SecureWorld.did(1)] ? nil : "another key"
        }
        let good = try await ask(
            { _, _ in try ClientSecurity(.judged(by: judge)) }, host: "127.0.0.1")
        #expect(try text(good) == "nobody")
        let bad = try await ask({ _, _ in
            try ClientSecurity(.judged(by: { _ in "its key is not the node's" }))
        })
        #expect(reason(bad) == "its key is not the node's")
    }

    @Test("a client with a certificate is known by it; without one it is told what is missing")
    func mutual() async throws {
        let named = try await ask(
            { effects, certificate in
                try ClientSecurity(
                    .authorities(pem: SecureWorld.pem("CERTIFICATE", certificate)),
                    credentials: SecureWorld.credentials(2, effects).credentials)
            }, clients: .required)
        #expect(try text(named) == SecureWorld.did(2))
        let nameless = try await ask({ try Self.bundle($1) }, clients: .required)
        #expect(reason(nameless)?.contains("certificate required") == true, "\(nameless)")
    }

    @Test("a long answer comes whole, and a kept connection serves sealed questions alone")
    func long() async throws {
        let answer = try await ask({ try Self.bundle($1) }, path: "/zeros?count=1000000")
        #expect(try answer.get().body.count == 1_000_000)
    }

    @Test("what is no bundle is refused by name")
    func bundles() {
        for bytes in [[], Array("no certificate".utf8)] {
            #expect(throws: SecurityFailure.self) {
                try ClientSecurity(.authorities(pem: bytes))
            }
        }
        let long = [UInt8](repeating: 32, count: ClientSecurity.bundleBytesMax + 1)
        #expect(throws: SecurityFailure.self) { try ClientSecurity(.authorities(pem: long)) }
    }

    @Test("the texts of an issued certificate are those that other programs write")
    func texts() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let (credentials, certificate) = try SecureWorld.credentials(2, effects)
            let texts = try credentials.texts()
            func joined(_ bytes: [UInt8]) -> String {
                String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
            }
            #expect(joined(texts.chain) == joined(SecureWorld.pem("CERTIFICATE", certificate)))
            #expect(
                joined(texts.key) == joined(SecureWorld.pem("PRIVATE KEY", SecureWorld.pkcs8(2))))
        }
    }

    @Test("addresses keep their scheme, and each has a port of its own")
    func addresses() throws {
        let sealed = try #require(HTTPAddress("https://a.example/x?y=1"))
        #expect(sealed.isSealed && sealed.endpoint.port == 443)
        #expect("\(sealed)" == "https://a.example:443/x?y=1")
        #expect(sealed.at("/z").map { "\($0)" } == "https://a.example:443/z")
        let plain = try #require(HTTPAddress("HTTP://a.example"))
        #expect(!plain.isSealed && plain.endpoint.port == 80)
        for text in ["https://", "ftp://a/", "https:/a", "https//a", "s://a"] {
            #expect(HTTPAddress(text) == nil, "\(text)")
        }
    }
}
