// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import HTTPServer

/// HTTP-60 to HTTP-64, between two ends of this implementation.
@Suite("HTTP: sealed connections")
struct SecureStreamTests {
    /// Both ends of a sealed connection.
    private func pair(
        _ effects: Effects, clients: TransportSecurity.ClientCertificates = .required
    ) async throws -> (server: SecureStream, client: SecureStream) {
        let server = try TransportSecurity(
            SecureWorld.credentials(1, effects).credentials, clients: clients)
        let client = try TransportSecurity(SecureWorld.credentials(2, effects).credentials)
        let listener = try await effects.network.listen(on: Endpoint(host: "127.0.0.1", port: 0))
        let box = StreamBox()
        let accepting = effects.tasks.spawn("accept") {
            guard let stream = try? await listener.accept() else { return }
            await box.put(try? await server.accept(stream))
        }
        let dialled = try await effects.network.dial(
            listener.endpoint, timeoutMilliseconds: 5_000)
        let secured = try await client.connect(dialled)
        await accepting.finished()
        listener.close()
        return (try #require(await box.stream), secured)
    }

    private actor StreamBox {
        private(set) var stream: SecureStream?
        func put(_ stream: SecureStream?) { self.stream = stream }
    }

    @Test("each end learns the other's key and names, and what is sent arrives as it was")
    func exchange() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let (server, client) = try await pair(effects)
            #expect(server.version == "TLSv1.3" && client.version == "TLSv1.3")
            #expect(try server.peer?.key == SecureWorld.key(2).publicKey)
            #expect(server.peer?.addresses == ["did:example:2"])
            #expect(try client.peer?.key == SecureWorld.key(1).publicKey)
            #expect(
                try client.peer?.certificate == SecureWorld.credentials(1, effects).certificate)
            // Both ways at once, more than the system's buffers hold.
            let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let sending = effects.tasks.spawn("send") {
                try? await client.write(long)
                await client.end()
            }
            let answering = effects.tasks.spawn("answer") { try? await server.write(long) }
            var there: [UInt8] = []
            while true {
                let bytes = try await server.read(limit: 70_000)
                if bytes.isEmpty { break }
                there += bytes
            }
            var back: [UInt8] = []
            while back.count < long.count { back += try await client.read(limit: 5_000) }
            await sending.finished()
            await answering.finished()
            #expect(there == long && back == long)
            #expect(try await server.read(limit: 1) == [], "the end stays the end")
            // A connection that is cut without that word is no end.
            server.close()
            await #expect(throws: NetworkFailure.closed) { try await client.read(limit: 1) }
        }
    }

    @Test("a certificate's names are the ones that were asked for, and bad ones are not taken")
    func certificates() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            #expect(throws: SecurityFailure.self) {
                try TransportSecurity(.files(chain: Array("text".utf8), key: []))
            }
            // Another's certificate.
            let mixed = SecureCredentials.issued(
                certificate: try SecureWorld.credentials(1, effects).certificate,
                key: try SecureWorld.key(2))
            #expect(throws: SecurityFailure.self) { try TransportSecurity(mixed) }
            let chain = SecureWorld.pem(
                "CERTIFICATE", try SecureWorld.credentials(3, effects).certificate)
            let key = SecureWorld.pem("PRIVATE KEY", SecureWorld.pkcs8(3))
            _ = try TransportSecurity(.files(chain: chain, key: key))
            #expect(throws: SecurityFailure.self) {
                try TransportSecurity(
                    .files(chain: chain, key: SecureWorld.pem("PRIVATE KEY", SecureWorld.pkcs8(4))))
            }
        }
    }

    @Test("another certificate is shown without a stop, and connections begun before go on")
    func reload() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let security = try TransportSecurity(SecureWorld.credentials(1, effects).credentials)
            let client = try TransportSecurity(SecureWorld.credentials(2, effects).credentials)
            let service = SecureWorld.service(effects, security)
            try await service.start()
            func connect() async throws -> SecureStream {
                try await client.connect(
                    try await effects.network.dial(service.endpoint, timeoutMilliseconds: 5_000))
            }
            let old = try await connect()
            try security.replace(with: SecureWorld.credentials(3, effects).credentials)
            let new = try await connect()
            #expect(old.peer?.addresses == ["did:example:1"])
            #expect(new.peer?.addresses == ["did:example:3"])
            for stream in [old, new] {
                try await stream.write(Array(request("GET /hello").utf8))
                let text = String(decoding: try await stream.read(limit: 4_096), as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 200 "))
            }
            // One that cannot be used leaves the last in place.
            #expect(throws: SecurityFailure.self) {
                try security.replace(with: .files(chain: [], key: []))
            }
            #expect(try await connect().peer?.addresses == ["did:example:3"])
            await service.stop(graceMilliseconds: 0)
        }
    }

    @Test("who says nothing, little, or something else than TLS is cut and counted")
    func slowHandshakes() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let security = try TransportSecurity(SecureWorld.credentials(1, effects).credentials)
            var configuration = HTTPConfiguration()
            configuration.handshakeMilliseconds = 200
            let service = SecureWorld.service(effects, security, configuration)
            try await service.start()
            let silent = try await effects.network.dial(
                service.endpoint, timeoutMilliseconds: 5_000)
            let slow = try await effects.network.dial(service.endpoint, timeoutMilliseconds: 5_000)
            // The frame of a record of 16 KiB whose content never comes.
            try await slow.write([22, 3, 1, 0x40, 0])
            let plain = try await effects.network.dial(service.endpoint, timeoutMilliseconds: 5_000)
            try await plain.write(Array(request("GET /hello").utf8))
            for stream in [silent, slow, plain] {
                var bytes: [UInt8]? = [0]
                while bytes?.isEmpty == false { bytes = try? await stream.read(limit: 4_096) }
            }
            #expect(service.counters.handshakesFailed == 3)
            #expect(service.counters.requests == 0)
            await service.stop(graceMilliseconds: 0)
        }
    }

    @Test("any bytes in place of a handshake end it")
    func damage() async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let context = try SecureContext(
                SecureWorld.credentials(1, effects).credentials, .required)
            let client = try SecureContext(
                SecureWorld.credentials(2, effects).credentials, .unasked)
            for number in 0..<200 {
                guard let server = SecureSession(context, .server),
                    let other = SecureSession(client, .client(of: nil))
                else { continue }
                var isDone = false
                for round in 0..<8 where !isDone {
                    _ = other.shakeHands()
                    var bytes = other.drain()
                    if !bytes.isEmpty, round == number % 2 {
                        let place = Int(effects.chance.below(UInt64(bytes.count)))
                        bytes[place] ^= UInt8(1 + effects.chance.below(255))
                    }
                    server.feed(bytes)
                    if case .failed = server.shakeHands() { isDone = true }
                    other.feed(server.drain())
                }
            }
        }
    }
}
