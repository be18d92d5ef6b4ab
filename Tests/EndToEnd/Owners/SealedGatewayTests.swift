// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import Identity
import JSONText
import Testing

extension EndToEnd {
    @Suite("A gateway's sealed door")
    struct SealedGatewayTests {
        @Test("its certificate carries the node's DID, and curl reaches the same routes over it")
        func ownCertificate() async throws {
            let cloud = try await SharedCloud.get()
            let (http, https) = (try FreePort.find(), try FreePort.find())
            let node = try LoneNode(
                of: cloud, number: 77, http: http,
                https: ["listen": JSON("127.0.0.1:\(https)"), "clients": "asked"])
            let program = try node.start()
            let address = "https://127.0.0.1:\(https)/healthz"
            #expect(
                await eventually {
                    (try? await Self.curl(["-sk", address]))?.code == 0
                }, "\(program.errorsSoFar)")
            let key = try #require(SigningKey(seed: node.seed))
            let shown = try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl s_client -connect 127.0.0.1:\(https) </dev/null 2>/dev/null "
                        + "| openssl x509 -noout -text",
                ])
            #expect(shown.text.contains("URI:\(AtollMethod.did(of: key.publicKey))"))
            // Whoever pins the certificate needs no -k.
            let certificate = try Scratch.path("pin.pem")
            _ = try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl s_client -connect 127.0.0.1:\(https) </dev/null 2>/dev/null "
                        + "| openssl x509 > '\(certificate)'",
                ])
            let pinned = try await Self.curl([
                "-s", "--cacert", certificate, "https://localhost:\(https)/healthz",
                "--resolve", "localhost:\(https):127.0.0.1",
            ])
            #expect(pinned.code == 0, "\(pinned.errors)")
            let plain = try await Self.curl(["-s", "-m", "5", "http://127.0.0.1:\(https)/healthz"])
            #expect(plain.code != 0)
            program.signal(SIGTERM)
            #expect(await program.ended().code == 0)
        }

        private static func curl(_ words: [String]) async throws -> Ending {
            try await Program.run("/usr/bin/curl", words)
        }
    }
}
