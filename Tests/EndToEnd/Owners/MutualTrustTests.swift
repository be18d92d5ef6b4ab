// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import Identity
import JSONText
import Testing

extension EndToEnd {
    /// GATEWAY-18, GATEWAY-19, HTTP-63 to HTTP-66: both ends are known by their identities.
    @Suite("A gateway and its callers know each other")
    struct MutualTrustTests {
        /// A home with a caller's key, and its certificate for other programs.
        private struct Caller {
            let home: String
            let did: String
            var certificate: String { "\(home)/caller.pem" }
            var secret: String { "\(home)/caller-key.pem" }

            init() async throws {
                home = try Scratch.folder("caller")
                let words = ["keys", "new", "caller"]
                let made = try await Self.run(words, home)
                #expect(made.code == 0, "\(made.errors)")
                let shown = try await Self.run(["id", "show", "caller", "-o", "json"], home)
                did = try #require(try JSON(parsing: shown.output)["didKey"]?.text)
                let written = try await Self.run(
                    [
                        "id", "certificate", "caller", "--save", "\(home)/caller.pem", "--secret",
                        "\(home)/caller-key.pem",
                    ], home)
                #expect(written.code == 0, "\(written.errors)")
            }

            func atoll(_ words: String...) async throws -> Ending {
                try await Self.run(words, home)
            }

            static func run(_ words: [String], _ home: String) async throws -> Ending {
                try await Program.run(
                    Checkout.binary, words,
                    environment: ["ATOLL_HOME": home, "ATOLL_PASSPHRASE": "a caller's own"])
            }
        }

        @Test("who has no certificate gets in nowhere; who has one is served by its DID")
        func mutual() async throws {
            let cloud = try await SharedCloud.get()
            let caller = try await Caller()
            let (http, https) = (try FreePort.find(), try FreePort.find())
            let node = try LoneNode(
                of: cloud, number: 78, http: http,
                https: ["listen": JSON("127.0.0.1:\(https)"), "clients": "required"],
                issueFor: [JSON(caller.did)])
            let program = try node.start()
            #expect(
                await eventually {
                    (try? await Self.curl(["-sf", "http://127.0.0.1:\(http)/readyz"]))?.code == 0
                }, "\(program.errorsSoFar)")
            let key = try #require(SigningKey(seed: node.seed))
            let gateway = "https://127.0.0.1:\(https)"
            let pin = try await Self.pin(caller, https)
            try await curls(caller, gateway, pin)
            try await commands(caller, gateway, pin, key, "\(node.folder)/genesis.json")
            program.signal(SIGTERM)
            #expect(await program.ended().code == 0)
        }

        /// curl as the caller, and as nobody.
        private func curls(_ caller: Caller, _ gateway: String, _ pin: String) async throws {
            let body = """
                {"credential": {"@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiableCredential", "UniqueOperator"],
                "credentialSubject": {"id": "\(caller.did)", "scope": "here"}}}
                """
            let question = [
                "-s", "--cacert", pin, "-H", "Content-Type: application/json", "-d", body,
                "\(gateway)/v1/credentials/issue",
            ]
            let own = ["--cert", caller.certificate, "--key", caller.secret]
            let issued = try await Self.curl(own + question)
            let credential = try JSON(parsing: issued.output)["verifiableCredential"]
            #expect(
                credential?["proof"]?["cryptosuite"]?.text == "eddsa-jcs-2022", "\(issued.text)")
            let nameless = try await Self.curl(question)
            #expect(nameless.code != 0 && nameless.text.isEmpty)
        }

        /// The house's own client: by the node's DIDs, by its certificate, and as nobody.
        private func commands(
            _ caller: Caller, _ gateway: String, _ pin: String, _ key: SigningKey, _ genesis: String
        ) async throws {
            let byKey = "\(KeyMethod.did(of: .ed25519(key.publicKey)))"
            let byLedger = "\(AtollMethod.did(of: key.publicKey))"
            func status(_ words: String...) async throws -> Ending {
                try await Caller.run(
                    ["status", "--gateway", gateway] + words, caller.home)
            }
            for did in [byKey, byLedger] {
                let ended = try await Caller.run(
                    [
                        "verify", "account", String(repeating: "0", count: 64), "--gateway",
                        gateway,
                        "--gateway-did", did, "--gateway-as", "caller", "--genesis", genesis,
                    ], caller.home)
                #expect(ended.code == 0, "\(did): \(ended.errors)")
            }
            let pinned = try await status("--gateway-ca", pin, "--gateway-as", "caller")
            #expect(pinned.code == 0, "\(pinned.errors)")
            let nameless = try await status("--gateway-ca", pin)
            #expect(nameless.code == 3)
            #expect(nameless.errors.contains("certificate required"), "\(nameless.errors)")
            let stranger = try await status("--gateway-did", caller.did, "--gateway-as", "caller")
            #expect(stranger.code == 3)
            #expect(stranger.errors.contains("its key is not one of"), "\(stranger.errors)")
            let unknown = try await status("--gateway-as", "caller")
            #expect(unknown.code == 3)
            #expect(unknown.errors.contains("self-signed certificate"), "\(unknown.errors)")
            let plain = try await caller.atoll(
                "status", "--gateway", "http://127.0.0.1:1", "--gateway-did", byKey)
            #expect(plain.code == 2 && plain.errors.contains("is not sealed"), "\(plain.errors)")
        }

        /// The certificate that the gateway shows, as a file.
        private static func pin(_ caller: Caller, _ port: UInt16) async throws -> String {
            let path = "\(caller.home)/pin.pem"
            _ = try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl s_client -connect 127.0.0.1:\(port) -cert '\(caller.certificate)' "
                        + "-key '\(caller.secret)' </dev/null 2>/dev/null "
                        + "| openssl x509 > '\(path)'",
                ])
            return path
        }

        private static func curl(_ words: [String]) async throws -> Ending {
            try await Program.run("/usr/bin/curl", ["-m", "20"] + words)
        }
    }
}
