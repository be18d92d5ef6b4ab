// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("A validator's life, by its guide")
    struct ValidatorLifeTests {
        /// Epochs of four blocks: some four seconds of an idle cloud.
        static let shortEpochs = ["--checkpoint-blocks", "4", "--epoch-checkpoints", "1"]

        @Test("a new machine joins and votes, a founder changes its key, one leaves; blocks go on")
        func life() async throws {
            try await RealCloud.with(providers: 1, options: Self.shortEpochs) { cloud in
                let reef = try await Self.join(cloud)
                let node = try cloud.starting(
                    ["node", "start", reef.folder, "--passphrase-file", reef.secret])
                try await Self.stand(reef, in: cloud)
                let votes = await eventually {
                    node.errorsSoFar.contains("this node votes from now on")
                }
                #expect(votes, "\(node.errorsSoFar)")
                #expect(try await Self.isListed("reef", reef.key, in: cloud))
                #expect(try await Self.proposes(reef.key, in: cloud))

                let spare = try await Self.rotate("validator-2", in: cloud)
                #expect(try await Self.isListed("validator-2", spare, in: cloud))
                #expect(try await Self.proposes(spare, in: cloud))

                try await Self.leave("validator-3", in: cloud)
                // Of the four that are left three must vote: the newcomer and the new key too.
                try await cloud.kill("validator-1", "validator-3")
                let height = try await cloud.client.status().height
                let goesOn = await eventually {
                    ((try? await cloud.client.status().height) ?? height) > height.advanced(by: 3)
                }
                #expect(goesOn, "\(node.errorsSoFar)")
                node.signal(SIGTERM)
                #expect(await node.ended().code == 0)
            }
        }

        /// A machine that is to become a validator, and who owns its stake.
        struct Newcomer {
            let folder: String
            let secret: String
            let key: PublicKey
        }

        /// Makes a node that knows everybody, as the guide says.
        private static func join(_ cloud: RealCloud) async throws -> Newcomer {
            let folder = try Scratch.path("reef")
            let secret = try Scratch.file("secret", Array("their own words".utf8))
            let peers = cloud.nodes.filter { $0.role != "provider" }.flatMap { node in
                ["--peer", "\(node.publicKey)@127.0.0.1:\(node.port)"]
            }
            let words = ["node", "init", folder, "--role", "validator", "-o", "json"]
            let place = [
                "--genesis", "\(cloud.home)/local/genesis.json", "--passphrase-file", secret,
                "--listen", "127.0.0.1:\(try FreePort.find())",
            ]
            let made = try await cloud.starting(words + place + peers).ended()
            #expect(made.code == 0, "\(made.errors)")
            let key = try JSON(parsing: made.output)["publicKey"]?.text
            return Newcomer(
                folder: folder, secret: secret,
                key: try #require(key.flatMap(PublicKey.init(hexadecimal:))))
        }

        /// Bonds a stake from a key of its own.
        private static func stand(_ reef: Newcomer, in cloud: RealCloud) async throws {
            let owner = try await cloud.atoll(
                "keys", "new", "reef", "--passphrase-file", reef.secret, "-o", "json")
            let account = try #require(try JSON(parsing: owner.output)["account"]?.text)
            try await done(cloud, "send", "900001", account)
            try await done(
                cloud, "validator", "join", "900000", "--name", "reef", "--key", "reef",
                "--passphrase-file", reef.secret, "--node-key", "\(reef.folder)/node.key",
                "--node-passphrase", reef.secret)
        }

        /// Gives a founder another key: its node is told of it first.
        private static func rotate(
            _ name: String, in cloud: RealCloud
        ) async throws -> PublicKey {
            let folder = "\(cloud.home)/local/nodes/\(name)"
            let secret = "\(folder)/passphrase"
            let made = try await cloud.atoll(
                "keys", "new", "spare", "--passphrase-file", secret, "-o", "json")
            let text = try JSON(parsing: made.output)["publicKey"]?.text
            let spare = try #require(text.flatMap(PublicKey.init(hexadecimal:)))
            let path = "\(folder)/node.json"
            let file = try #require(FileManager.default.contents(atPath: path))
            let members = try #require(try JSON(parsing: Array(file)).members)
            let next = JSON.Member("nextKey", JSON("\(cloud.home)/keys/spare.key"))
            try Data(JSON.object(members + [next]).bytes).write(to: URL(fileURLWithPath: path))
            try await cloud.kill(name)
            try await cloud.restart()
            try await own(name, in: cloud)
            let told = try await cloud.atoll(
                "validator", "rotate-key", "--key", name, "--passphrase-file", secret,
                "--node-key", "\(cloud.home)/keys/spare.key")
            #expect(told.code == 0, "\(told.errors)")
            #expect(told.text.contains("\"nextKey\": \"\(cloud.home)/keys/spare.key\""))
            return spare
        }

        /// Lets a founder go, and waits until it has no seat.
        private static func leave(_ name: String, in cloud: RealCloud) async throws {
            try await own(name, in: cloud)
            let secret = "\(cloud.home)/local/nodes/\(name)/passphrase"
            try await done(
                cloud, "validator", "leave", "--key", name, "--passphrase-file", secret)
            let account = try cloud.node(name).account
            let isFree = await eventually {
                (try? await cloud.client.validator(account).state) == "unbonding"
            }
            #expect(isFree)
            let key = try cloud.node(name).publicKey
            let isGone = await eventually {
                let set = (try? await cloud.client.status().validators) ?? []
                return !set.isEmpty && !set.contains { $0.publicKey == key }
            }
            #expect(isGone)
        }

        /// Takes a founder's key among those that sign commands, and gives its account some money.
        private static func own(_ name: String, in cloud: RealCloud) async throws {
            let node = try cloud.node(name)
            try await done(
                cloud, "keys", "import", name, "\(cloud.home)/local/nodes/\(name)/node.key")
            try await done(cloud, "send", "5", "\(node.account)")
        }

        /// Runs a command that must succeed.
        private static func done(_ cloud: RealCloud, _ words: String...) async throws {
            let ending = try await cloud.starting(words).ended()
            #expect(ending.code == 0, "\(words): \(ending.errors)")
        }

        /// Whether status and list tell of a validator with this key, in reach and with a weight.
        private static func isListed(
            _ name: String, _ key: PublicKey, in cloud: RealCloud
        ) async throws -> Bool {
            let isInReach = await eventually {
                let set = (try? await cloud.client.status().validators) ?? []
                return set.contains { $0.name == name && $0.publicKey == key && $0.isConnected }
            }
            let shown = try await cloud.atoll("status")
            let list = try await cloud.atoll("validator", "list", "-o", "json")
            let members = try JSON(parsing: list.output)["validators"]?.elements ?? []
            let own = members.first { $0["name"]?.text == name }
            return isInReach && shown.code == 0 && shown.text.contains(name)
                && own?["publicKey"]?.text == "\(key)" && (own?["weight"]?.unsigned ?? 0) > 0
        }

        /// Whether a key comes to propose a block.
        private static func proposes(_ key: PublicKey, in cloud: RealCloud) async throws -> Bool {
            await eventually {
                let page = try? await cloud.client.blocks(limit: 20)
                return page?.items.contains { $0.proposer == key } ?? false
            }
        }
    }
}
