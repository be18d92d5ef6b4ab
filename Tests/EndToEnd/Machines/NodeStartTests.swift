// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    @Suite("Starting one node")
    struct NodeStartTests {
        @Test("a port that is taken: exit 1, the endpoint by name, and what helps")
        func portInUse() async throws {
            let cloud = try await SharedCloud.get()
            let taken = try cloud.node("validator-1").port
            let ending = await (try LoneNode(of: cloud, port: taken).start()).ended()
            #expect(ending.code == 1)
            #expect(ending.errors.contains("another process listens on 127.0.0.1:\(taken)"))
            #expect(ending.errors.contains("next:"))

            let http = cloud.httpPort
            let gateway = await (try LoneNode(of: cloud, http: http).start()).ended()
            #expect(gateway.code == 1)
            #expect(gateway.errors.contains("another process listens on 127.0.0.1:\(http)"))
            #expect(try await cloud.client.status().hasQuorum)
        }

        @Test("a folder that another process uses is refused, and that process goes on")
        func folderInUse() async throws {
            let cloud = try await SharedCloud.get()
            let pid = try #require(cloud.pid(of: "provider-1"))
            let folder = "\(cloud.home)/local/nodes/provider-1"
            let genesis = "\(cloud.home)/local/genesis.json"
            let ending = try await Program.run(
                Checkout.binary, ["node", "start", folder, "--genesis", genesis])
            #expect(ending.code == 1)
            #expect(ending.errors.contains("next:"), "\(ending.errors)")
            #expect(cloud.pid(of: "provider-1") == pid)
        }

        @Test("wrong settings, key, passphrase or genesis: one line that names the file")
        func wrongFiles() async throws {
            let cloud = try await SharedCloud.get()
            let cases: [(file: String, text: String, code: Int32, says: String)] = [
                ("node.json", "{", 2, "is not JSON"),
                ("node.json", "{\"name\":\"a\",\"roles\":[\"king\"]}", 2, "the role 'king'"),
                ("genesis.json", "{}", 2, "genesis.json"),
                ("node.key", "nothing", 1, "node.key cannot be opened"),
                ("passphrase", "wrong", 1, "the passphrase does not open"),
            ]
            for (file, text, code, says) in cases {
                let node = try LoneNode(of: cloud)
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(node.folder)/\(file)"))
                let ending = await (try node.start()).ended()
                #expect(ending.code == code, "\(file): \(ending.errors)")
                #expect(ending.errors.contains(says), "\(file): \(ending.errors)")
            }
            let nowhere = try await Program.run(
                Checkout.binary, ["node", "start", "/nowhere/at/all"])
            #expect(nowhere.code != 0)
            #expect(nowhere.errors.contains("/nowhere/at/all"))
        }

        @Test("a node stops at once when asked, with exit 0, and shows no secret")
        func stops() async throws {
            let cloud = try await SharedCloud.get()
            let node = try LoneNode(of: cloud, http: try FreePort.find())
            let program = try node.start()
            #expect(await eventually { program.errorsSoFar.contains("gateway on http://") })
            let shown = Kernel.words(program.pid)
            program.signal(SIGTERM)
            let ending = await program.ended()
            #expect(ending.code == 0)
            #expect(ending.errors.contains("stopping"))
            let raw = Data(node.seed)
            let secrets = [
                node.passphrase, raw.map { String(format: "%02x", $0) }.joined(),
                raw.map { String(format: "%02X", $0) }.joined(), raw.base64EncodedString(),
                "\(node.seed)",
            ]
            for secret in secrets {
                #expect(!ending.errors.contains(secret))
                #expect(!ending.text.contains(secret))
                #expect(!shown.contains(secret))
            }
        }
    }
}
