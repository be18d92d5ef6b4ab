// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import JSONText
import Ledger
import Vocabulary

/// Where a local cloud lives: genesis, the nodes' folders, the client's key, what runs.
struct CloudFolder: Sendable {
    /// The absolute path.
    let path: String
    let shell: Shell

    /// The files.
    var genesisPath: String { "\(path)/genesis.json" }
    var cloudPath: String { "\(path)/cloud.json" }
    var clientKeyPath: String { "\(path)/keys/client.key" }
    var clientPassphrasePath: String { "\(path)/keys/client.passphrase" }
    func nodePath(_ name: String) -> String { "\(path)/nodes/\(name)" }

    /// The cloud of a home.
    init(home: String, shell: Shell) {
        path = "\(home)/local"
        self.shell = shell
    }

    /// Whether a cloud was made here.
    var exists: Bool { get async { await shell.exists(cloudPath) } }

    /// Writes everything a plan says; the mark `cloud.json` comes last.
    func write(_ plan: LocalCloudPlan) async throws {
        try await shell.write(genesisPath, Array(plan.genesis.text.utf8))
        for member in plan.members {
            let folder = nodePath(member.name)
            try await seal(member.key, at: "\(folder)/node.key", secret: "\(folder)/passphrase")
            let file = plan.file(of: member).json
            try await shell.write("\(folder)/node.json", Array((file.pretty + "\n").utf8))
        }
        try await seal(plan.client, at: clientKeyPath, secret: clientPassphrasePath)
        let nodes = plan.members.map { member in
            JSON.object(
                [
                    JSON.Member("name", JSON(member.name)), JSON.Member("role", JSON(member.role)),
                    JSON.Member("publicKey", JSON("\(member.key.publicKey)")),
                    JSON.Member("account", JSON("\(member.account)")),
                    JSON.Member("listen", JSON("\(member.listen)")),
                ] + (member.http.map { [JSON.Member("http", JSON("http://\($0)"))] } ?? []))
        }
        let cloud: JSON = ["nodes": .array(nodes)]
        try await shell.write(cloudPath, Array((cloud.pretty + "\n").utf8))
    }

    /// Seals a key under a passphrase of 256 random bits, which lies beside it for its owner only:
    /// this guards a copy of the key file alone, as a devnet needs.
    private func seal(_ key: SigningKey, at keyPath: String, secret: String) async throws {
        let chance = shell.effects.chance
        let passphrase = Array(Hexadecimal.encode(chance.bytes(32)).utf8)
        // A random passphrase cannot be guessed, so stretching it would only cost start-up time.
        let bytes = try KeyFile.seal(
            key: key, passphrase: passphrase, salt: chance.bytes(KeyFile.saltCount),
            nonce: chance.bytes(KeyFile.nonceCount),
            limits: DerivationLimits(passes: 1, memoryKibibytes: 64) ?? .standard)
        try await shell.write(secret, passphrase)
        try await shell.write(keyPath, bytes)
    }

    /// The nodes as `cloud.json` lists them.
    func nodes() async throws -> [CloudNode] {
        let bytes = try await shell.read(cloudPath, limit: 1 << 20)
        guard let nodes = (try? JSON(parsing: bytes))?["nodes"]?.elements else {
            throw CommandFailure(
                status: .refused, what: "\(cloudPath) is damaged", next: "atoll down --remove")
        }
        return nodes.compactMap { node in
            guard let name = node["name"]?.text, let role = node["role"]?.text else { return nil }
            return CloudNode(name: name, role: role, http: node["http"]?.text)
        }
    }

    /// The gateway's address.
    func gateway() async throws -> String? { try await nodes().compactMap(\.http).first }

    /// The running process of a node, checked against its birth so that a reused number is not
    /// mistaken for it.
    func process(of name: String) async -> Int32? {
        guard let bytes = try? await shell.read("\(nodePath(name))/node.pid", limit: 4_096) else {
            return nil
        }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard words.count == 2, let pid = Int32(words[0]),
            shell.effects.processes.birthMark(of: pid) == String(words[1])
        else { return nil }
        return pid
    }

    /// Remembers a started process.
    func remember(_ pid: Int32, of name: String) async throws {
        let mark = shell.effects.processes.birthMark(of: pid) ?? "gone"
        try await shell.write("\(nodePath(name))/node.pid", Array("\(pid) \(mark)".utf8))
    }
}
