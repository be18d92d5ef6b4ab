// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    @Suite("What the documents say")
    struct DocumentationTests {
        /// The documents that tell people what to type.
        static let documents: [String] = {
            let guides = "\(Checkout.root)/docs/guides"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: guides)) ?? []
            // ImageCommandTests runs those of images.md with a registry, DeployCommandTests
            // those of deploy.md, ImageBuildTests those of build.md in folders of their own.
            let others: Set<String> = ["images.md", "deploy.md", "build.md"]
            let paths = names.filter { $0.hasSuffix(".md") && !others.contains($0) }.sorted()
                .map { "docs/guides/\($0)" }
            return (["README.md"] + paths).filter {
                !DocumentedCommands.lines(of: "\(Checkout.root)/\($0)").isEmpty
            }
        }()

        @Test("there are documents with commands")
        func some() { #expect(!Self.documents.isEmpty) }

        @Test(
            "every atoll command in a document's blocks works in the order given",
            arguments: documents)
        func commands(document: String) async throws {
            let place = try await DocumentedCommands.Place()
            let lines = DocumentedCommands.lines(of: "\(Checkout.root)/\(document)")
            if lines.first?.hasPrefix("atoll up") != true { try await place.run("atoll up") }
            for line in lines { try await place.run(line) }
            try await place.end()
        }
    }
}

/// Commands that stand in documents.
enum DocumentedCommands {
    /// The lines of a document's blocks that begin with `atoll`, without their comments.
    static func lines(of path: String) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
        var lines: [String] = []
        var isBlock = false
        for raw in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let line = raw.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("```") {
                isBlock = !isBlock
            } else if isBlock, line.hasPrefix("atoll ") {
                let command = line.range(of: " #").map { line[..<$0.lowerBound] } ?? line[...]
                lines.append(command.trimmingCharacters(in: .whitespaces))
            }
        }
        return lines
    }

    /// A folder with what the documents speak of, and a home for a cloud of its own.
    final class Place {
        private let folder: String
        private let home: String
        private var running: [Program] = []
        /// The account of several signers that was made last.
        private var several = ""

        init() async throws {
            folder = try Scratch.folder("reader")
            home = try Scratch.path("cloud")
            try FileManager.default.copyItem(
                atPath: try await Checkout.wordcount(), toPath: "\(folder)/wordcount.wasm")
            try FileManager.default.copyItem(atPath: Checkout.text, toPath: "\(folder)/GPL-3")
            let secret = Data("a passphrase of one's own".utf8)
            _ = FileManager.default.createFile(atPath: "\(folder)/secret", contents: secret)
        }

        /// Runs a line as a reader would type it.
        func run(_ line: String) async throws {
            let typed = try await filled(line)
            if line.hasPrefix("atoll node start") {
                let program = try start(typed)
                running.append(program)
                #expect(
                    await eventually { program.errorsSoFar.contains("connected to") },
                    "\(typed): \(program.errorsSoFar)")
                return
            }
            let ending = await (try start(typed)).ended()
            #expect(ending.code == 0, "\(typed): \(ending.errors)")
            if line.hasPrefix("atoll multisig new") {
                let lines = String(decoding: ending.output, as: UTF8.self).split(separator: "\n")
                let told = lines.first { $0.contains("multisigChanged") } ?? ""
                several = told.split(separator: " ").last.map(String.init) ?? ""
            }
            if line.hasPrefix("atoll up") {
                try? FileManager.default.copyItem(
                    atPath: "\(home)/local/genesis.json", toPath: "\(folder)/genesis.json")
                let list = Data("# one friend\n\(try account()), 12.5\n".utf8)
                _ = FileManager.default.createFile(
                    atPath: "\(folder)/friends.csv", contents: list)
            }
        }

        /// Stops everything.
        func end() async throws {
            for program in running {
                program.signal(SIGTERM)
                #expect(await program.ended().code == 0)
            }
            #expect(await (try start("atoll down --remove")).ended().code == 0)
        }

        private func start(_ line: String) throws -> Program {
            let tools = URL(fileURLWithPath: Checkout.binary).deletingLastPathComponent().path
            return try Program(
                "/bin/sh", ["-c", "cd '\(folder)' && PATH='\(tools)':$PATH && exec \(line)"],
                environment: ["ATOLL_HOME": home])
        }

        /// The line with real names in place of the document's capitals.
        private func filled(_ line: String) async throws -> String {
            var words = line.split(separator: " ").map(String.init)
            for (index, word) in words.enumerated() {
                switch word {
                case "JOB": words[index] = try await job()
                case "ACCOUNT": words[index] = try account()
                case "VALIDATOR": words[index] = try validator()
                case "CLIENT": words[index] = try await told("balance")["account"]?.text ?? ""
                case "SHARE": words[index] = try await share()
                case "POOL", "GRANT", "AIRDROP", "BOUNTY", "PROPOSAL", "AUCTION":
                    words[index] = try await newest(word)
                case "LEASE":
                    let leases = try await told("lease list")["leases"]?.elements
                    words[index] = leases?.first?["lease"]?.text ?? ""
                case "SEVERAL": words[index] = several
                case "KEY@HOST:PORT": words[index] = try peer()
                case "PEER": words[index] = try await connectedPeer()
                case "ADDRESS": words[index] = try await connectedAddress()
                case "STRANGER": words[index] = Self.stranger
                default: break
                }
            }
            return words.joined(separator: " ")
        }

        /// A peer that nobody has met: the name of a key of an example of libp2p's.
        private static let stranger = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

        private func connectedPeer() async throws -> String {
            try #require(try await firstPeer()?["peer"]?.text, "no peer is connected")
        }

        private func connectedAddress() async throws -> String {
            let peer = try await firstPeer()
            let address = try #require(peer?["addresses"]?.elements?.first?.text)
            return "\(address)/p2p/\(try #require(peer?["peer"]?.text))"
        }

        private func firstPeer() async throws -> JSON? {
            let ending = await (try start("atoll peers list --connected -o json")).ended()
            return try JSON(parsing: ending.output)["peers"]?.elements?.first
        }

        /// What a command says in JSON.
        private func told(_ words: String) async throws -> JSON {
            try JSON(parsing: await (try start("atoll \(words) -o json")).ended().output)
        }

        /// The number of the newest of a kind.
        private func newest(_ word: String) async throws -> String {
            let (command, name) =
                switch word {
                case "POOL": ("treasury list", "treasuries")
                case "GRANT": ("vesting list", "grants")
                case "AIRDROP": ("airdrop list", "airdrops")
                case "BOUNTY": ("bounty list", "bounties")
                case "AUCTION": ("auction list", "auctions")
                default: ("proposal list", "proposals")
                }
            let number = try await told(command)[name]?.elements?.last?["number"]?.unsigned
            return "\(try #require(number, "a document speaks of a \(word) and there is none"))"
        }

        /// The number of the newest asset that is a share of stake.
        private func share() async throws -> String {
            let assets = try await told("law")["assets"]?.elements ?? []
            let shares = assets.filter { $0["symbol"]?.text?.hasPrefix("ST") ?? false }
            let number = shares.last?["asset"]?.unsigned
            return "\(try #require(number, "a document speaks of a SHARE and there is none"))"
        }

        private func validator() throws -> String {
            try #require(try nodes().first?["account"]?.text)
        }

        private func job() async throws -> String {
            let ending = await (try start("atoll jobs -o json")).ended()
            let job = try JSON(parsing: ending.output)["jobs"]?.elements?.first?["job"]?.text
            return try #require(job, "a document speaks of a job that nobody ran")
        }

        private func nodes() throws -> [JSON] {
            let bytes = try #require(
                FileManager.default.contents(atPath: "\(home)/local/cloud.json"))
            return try JSON(parsing: Array(bytes))["nodes"]?.elements ?? []
        }

        private func account() throws -> String {
            try #require(try nodes().last?["account"]?.text)
        }

        private func peer() throws -> String {
            let node = try #require(try nodes().first)
            let key = try #require(node["publicKey"]?.text)
            return "\(key)@\(try #require(node["listen"]?.text))"
        }
    }
}
