// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import HTTPServer
import TestSupport
import Testing

/// HTTP-60 to HTTP-64, with programs of others.
@Suite("HTTP: sealed connections of other programs", .serialized)
struct SecurePeerTests {
    private static func isThere(_ path: String) -> Bool { access(path, X_OK) == 0 }

    private func serve(
        clients: TransportSecurity.ClientCertificates,
        _ body: @escaping @Sendable (LoopWorld, Effects, Endpoint) async throws -> Void
    ) async throws {
        let world = try LoopWorld()
        try await world.run { effects in
            let security = try TransportSecurity(
                SecureWorld.credentials(1, effects).credentials, clients: clients)
            let service = SecureWorld.service(effects, security)
            try await service.start()
            try await SecureWorld.writeFiles(1, effects)
            try await SecureWorld.writeFiles(2, effects)
            do {
                try await body(world, effects, service.endpoint)
            } catch {
                await service.stop(graceMilliseconds: 0)
                throw error
            }
            await service.stop(graceMilliseconds: 0)
        }
    }

    @Test(
        "curl trusts the certificate it was given, and no service that shows another",
        .enabled(if: isThere("/usr/bin/curl"), "curl is not installed"))
    func curl() async throws {
        try await serve(clients: .asked) { world, effects, endpoint in
            let address = "https://\(endpoint)/me"
            let trusted = ["-sS", "--cacert", "\(world.root)/cert-1.pem"]
            let good = try await world.output(of: "/usr/bin/curl", trusted + [address], effects)
            #expect(good.text == "nobody" && good.exit == .code(0))
            let named = try await world.output(
                of: "/usr/bin/curl",
                trusted + [
                    "--cert", "\(world.root)/cert-2.pem", "--key", "\(world.root)/key-2.pem",
                    address,
                ], effects)
            #expect(named.text == "did:example:2")
            let other = try await world.output(
                of: "/usr/bin/curl", ["-sS", "--cacert", "\(world.root)/cert-2.pem", address],
                effects)
            #expect(other.exit == .code(60))
            let older = try await world.output(
                of: "/usr/bin/curl", trusted + ["--tls-max", "1.2", address], effects)
            #expect(older.text == "nobody")
            let oldest = try await world.output(
                of: "/usr/bin/curl", trusted + ["--tls-max", "1.1", address], effects)
            #expect(oldest.exit == .code(35))
            let long = try await world.output(
                of: "/usr/bin/curl", trusted + ["https://\(endpoint)/zeros?count=1000000"], effects)
            #expect(long.text.utf8.count == 1_000_000)
        }
    }

    @Test(
        "openssl reads the chain, the names and the protocol, and needs a certificate where one is",
        .enabled(if: isThere("/usr/bin/openssl"), "openssl is not installed"))
    func openssl() async throws {
        try await serve(clients: .required) { world, effects, endpoint in
            let common = [
                "s_client", "-connect", "\(endpoint)", "-alpn", "http/1.1", "-CAfile",
                "\(world.root)/cert-1.pem", "-verify_return_error", "-quiet", "-no_ign_eof",
            ]
            let own = ["-cert", "\(world.root)/cert-2.pem", "-key", "\(world.root)/key-2.pem"]
            let script = { (words: [String]) in
                [
                    "-c",
                    "printf 'GET /me HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' "
                        + "| { cat; sleep 1; } | openssl \(words.joined(separator: " "))",
                ]
            }
            let good = try await world.output(of: "/bin/sh", script(common + own), effects)
            #expect(good.text.contains("did:example:2"), "\(good.text)")
            let nameless = try await world.output(of: "/bin/sh", script(common), effects)
            #expect(!nameless.text.contains("HTTP/1.1 200"))
            let text = try await world.output(
                of: "/usr/bin/openssl",
                ["x509", "-in", "\(world.root)/cert-1.pem", "-noout", "-text", "-purpose"], effects)
            for part in [
                "URI:did:example:1", "DNS:localhost", "IP Address:127.0.0.1", "ED25519",
                "CA:FALSE", "Digital Signature", "SSL server : Yes", "SSL client : Yes",
            ] {
                #expect(text.text.contains(part), "\(part)")
            }
        }
    }

    @Test(
        "Python's client is refused without a certificate and named with one",
        .enabled(if: isThere("/usr/bin/python3"), "python3 is not installed"))
    func python() async throws {
        try await serve(clients: .required) { world, effects, endpoint in
            let program = """
                import http.client, ssl, sys
                root, port, own = sys.argv[1], int(sys.argv[2]), sys.argv[3]
                context = ssl.create_default_context(cafile=root + "/cert-1.pem")
                if own == "yes":
                    context.load_cert_chain(root + "/cert-2.pem", root + "/key-2.pem")
                try:
                    for _ in range(2):
                        client = http.client.HTTPSConnection("localhost", port, context=context)
                        client.request("GET", "/me")
                        print(client.sock.version(), client.getresponse().read().decode())
                except (ssl.SSLError, OSError) as error:
                    print("refused", type(error).__name__)
                """
            func run(_ own: String) async throws -> String {
                try await world.output(
                    of: "/usr/bin/python3", ["-c", program, world.root, "\(endpoint.port)", own],
                    effects
                ).text
            }
            let line = "TLSv1.3 did:example:2\n"
            let named = try await run("yes")
            let nameless = try await run("no")
            #expect(named == line + line)
            #expect(nameless.hasPrefix("refused "))
        }
    }
}
