// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Effects
import Glibc
import JSONText
import Ledger
import Vocabulary

/// A local cloud of real processes in a home of its own, brought up and taken down with `atoll`.
struct LocalCloud: Sendable {
    /// One process of the cloud.
    struct Member: Sendable {
        let name: String
        let role: String
        let http: String?
    }

    let bench: Bench
    let home: String

    private static var program: String { ChildProgram.ownFolder + "/atoll" }
    private var folder: String { home + "/local" }

    /// Lends a cloud to `body` and takes it down, whatever happens.
    ///
    /// - Parameter prepare: Changes a new cloud before the start that counts.
    static func lend<Value>(
        _ bench: Bench, prepare: ((LocalCloud) throws -> Void)? = nil,
        _ body: (LocalCloud) async throws -> Value
    ) async throws -> Value {
        let name = bench.effects.chance.below(1 << 40)
        let cloud = LocalCloud(bench: bench, home: "\(bench.folder)/cloud-\(name)")
        do {
            try await cloud.up()
            if let prepare {
                try await cloud.call(["down"])
                try prepare(cloud)
                try await cloud.up()
            }
            let value = try await body(cloud)
            try await cloud.call(["down", "--remove"])
            return value
        } catch {
            try? await cloud.call(["down", "--remove"])
            throw error
        }
    }

    /// Starts everything; returns when the cloud is ready.
    func up() async throws { try await call(["up", "--wait", "60"]) }

    private func call(_ words: [String]) async throws {
        let arguments = words + ["--home", home]
        _ = try await bench.compute { try ChildProgram.run(Self.program, arguments) }
    }

    /// The processes.
    func members() throws -> [Member] {
        let nodes = try json("cloud.json")["nodes"]?.elements ?? []
        return nodes.compactMap { node in
            guard let name = node["name"]?.text, let role = node["role"]?.text else { return nil }
            return Member(name: name, role: role, http: node["http"]?.text)
        }
    }

    /// The gateway's address.
    func gateway() throws -> String {
        guard let address = try members().compactMap(\.http).first else {
            throw BenchFailure("the cloud has no gateway")
        }
        return address
    }

    func genesis() throws -> Genesis { try Genesis(bytes: try bytes("genesis.json")) }

    /// The key with the money to play with.
    func clientKey() throws -> SigningKey {
        try KeyFile.open(
            try bytes("keys/client.key"), passphrase: try bytes("keys/client.passphrase"))
    }

    /// The number of a member's process.
    func process(of member: Member) throws -> Int {
        let text = String(decoding: try bytes("nodes/\(member.name)/node.pid"), as: UTF8.self)
        guard let word = text.split(separator: " ").first, let pid = Int(word) else {
            throw BenchFailure("\(member.name) has no process")
        }
        return pid
    }

    /// Gives every provider so many slots; to be used while the cloud is down.
    func setSlots(_ slots: Int) throws {
        for member in try members() where member.role == "provider" {
            let path = "nodes/\(member.name)/node.json"
            let settings = try json(path).setting("provider") {
                $0.setting("slots") { _ in JSON(slots) }
            }
            guard SystemFile.write(folder + "/" + path, settings.pretty) else {
                throw BenchFailure("\(path) cannot be written")
            }
        }
    }

    /// Has the gateway keep its index in another database; to be used while the cloud is down.
    func setIndex(_ address: String) throws {
        for member in try members() where member.role == "gateway" {
            let path = "nodes/\(member.name)/node.json"
            let kept = (try json(path).members ?? []).filter { $0.name != "index" }
            let settings = JSON.object(kept + [JSON.Member("index", JSON(address))])
            guard SystemFile.write(folder + "/" + path, settings.pretty) else {
                throw BenchFailure("\(path) cannot be written")
            }
        }
    }

    /// What the gateway's owner shows.
    func ownerToken() throws -> String {
        guard let member = try members().first(where: { $0.role == "gateway" }) else {
            throw BenchFailure("the cloud has no gateway")
        }
        let bytes = try bytes("nodes/\(member.name)/owner.token")
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }

    private func json(_ path: String) throws -> JSON { try JSON(parsing: try bytes(path)) }

    private func bytes(_ path: String) throws(BenchFailure) -> [UInt8] {
        guard let bytes = SystemFile.bytes(folder + "/" + path) else {
            throw BenchFailure("\(folder)/\(path) cannot be read")
        }
        return bytes
    }
}

extension JSON {
    /// The same object with one member changed.
    fileprivate func setting(_ name: String, _ change: (JSON) -> JSON) -> JSON {
        .object(
            (members ?? []).map { member in
                member.name == name ? Member(name, change(member.value)) : member
            })
    }
}
