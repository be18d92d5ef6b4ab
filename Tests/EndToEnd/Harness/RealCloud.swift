// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Effects
import Foundation
import JSONText
import Ledger
import SystemEffects
import Vocabulary

/// A local cloud of real processes in a folder of its own.
final class RealCloud: Sendable {
    /// One of its nodes.
    struct Node: Sendable {
        let name: String
        let role: String
        let publicKey: PublicKey
        let account: AccountID
        /// Where it listens for peers.
        let port: UInt16
    }

    let home: String
    let nodes: [Node]
    /// The gateway's address, such as `http://127.0.0.1:24600`.
    let gateway: String
    let genesis: Genesis
    let client: GatewayClient
    /// The key that holds the money.
    let key: SigningKey

    private static let loop = EventLoop.start(name: "end-to-end")

    /// Starts a new cloud and waits until it is ready.
    ///
    /// - Parameter options: More words for `atoll up`.
    init(
        validators: Int = 4, providers: Int = 3, liars: Int = 0, options: [String] = []
    ) async throws {
        home = try Scratch.path("cloud")
        let words = [
            "up", "--home", home, "--validators", "\(validators)", "--providers", "\(providers)",
            "--liars", "\(liars)", "--wait", "60",
        ]
        let up = try await Program.run(Checkout.binary, words + options)
        guard up.code == 0 else {
            Self.end(home: home)
            throw HarnessFailure("atoll up ended with \(up.code): \(up.errors)")
        }
        let listed = try Self.read("\(home)/local/cloud.json")
        nodes = try (listed["nodes"]?.elements ?? []).map(Node.init)
        guard let http = listed["nodes"]?.elements?.compactMap({ $0["http"]?.text }).first,
            let port = UInt16(http.split(separator: ":").last ?? "")
        else { throw HarnessFailure("cloud.json names no gateway") }
        gateway = http
        httpPort = port
        let file = FileManager.default.contents(atPath: "\(home)/local/genesis.json")
        genesis = try Genesis(bytes: Array(file ?? Data()))
        let effects = try SystemWorld.make(root: home, loop: Self.loop, workers: 1)
        guard let client = GatewayClient(http, effects: effects) else {
            throw HarnessFailure("\(http) is no address")
        }
        self.client = client
        key = try Self.openKey(home)
    }

    /// Where the gateway listens for HTTP.
    let httpPort: UInt16

    deinit { Self.end(home: home) }

    /// Runs a body on a cloud that is gone afterwards, whatever happens.
    static func with<Value: Sendable>(
        validators: Int = 4, providers: Int = 3, liars: Int = 0, options: [String] = [],
        _ body: (RealCloud) async throws -> Value
    ) async throws -> Value {
        let cloud = try await RealCloud(
            validators: validators, providers: providers, liars: liars, options: options)
        defer { end(home: cloud.home) }
        return try await body(cloud)
    }

    /// Runs the program with this cloud's home.
    func atoll(
        _ words: String..., environment: [String: String] = [:], limitSeconds: Double = 120
    ) async throws -> Ending {
        try await Program.run(
            Checkout.binary, words,
            environment: environment.merging(["ATOLL_HOME": home]) { $1 },
            limitSeconds: limitSeconds)
    }

    /// Starts the program with this cloud's home and does not wait for its end.
    func starting(_ words: [String]) throws -> Program {
        try Program(Checkout.binary, words, environment: ["ATOLL_HOME": home])
    }
}

// MARK: - Its processes

extension RealCloud {
    func node(_ name: String) throws -> Node {
        guard let node = nodes.first(where: { $0.name == name }) else {
            throw HarnessFailure("there is no node \(name)")
        }
        return node
    }

    /// The number of a node's process, when it runs.
    func pid(of name: String) -> Int32? {
        Self.pid(at: "\(home)/local/nodes/\(name)/node.pid")
    }

    /// The numbers of all processes that run.
    var pids: [String: Int32] {
        nodes.reduce(into: [:]) { found, node in found[node.name] = pid(of: node.name) }
    }

    /// Ends nodes with SIGKILL, all at the same moment, and waits until they are gone.
    func kill(_ names: String...) async throws { try await kill(names) }

    /// The same for a list.
    func kill(_ names: [String]) async throws {
        let pids = try names.map { name in
            guard let pid = pid(of: name) else { throw HarnessFailure("\(name) does not run") }
            return pid
        }
        for pid in pids { Foundation.kill(pid, SIGKILL) }
        guard await eventually(within: 10, { pids.allSatisfy { !Kernel.isRunning($0) } }) else {
            throw HarnessFailure("\(names) live on after SIGKILL")
        }
    }

    /// Starts whatever does not run.
    func restart(file: String = #file) async throws {
        let up = try await atoll("up", "--wait", "60")
        guard up.code == 0 else { throw HarnessFailure("atoll up: \(up.code) \(up.errors)") }
    }

    /// What a node wrote to its log.
    func log(of name: String) -> String {
        let bytes = FileManager.default.contents(atPath: "\(home)/local/nodes/\(name)/node.log")
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    private static func pid(at path: String) -> Int32? {
        guard let bytes = FileManager.default.contents(atPath: path),
            let word = String(decoding: bytes, as: UTF8.self).split(separator: " ").first,
            let pid = Int32(word), Kernel.isRunning(pid)
        else { return nil }
        return pid
    }

    /// Ends every process of a cloud and removes its folder.
    private static func end(home: String) {
        let nodes = "\(home)/local/nodes"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: nodes)) ?? []
        for name in names {
            guard let pid = pid(at: "\(nodes)/\(name)/node.pid"),
                Kernel.words(pid).contains(home)
            else { continue }
            Foundation.kill(pid, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: home)
    }
}

// MARK: - Its files

extension RealCloud {
    private static func read(_ path: String) throws -> JSON {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw HarnessFailure("\(path) cannot be read")
        }
        return try JSON(parsing: Array(bytes))
    }

    private static func openKey(_ home: String) throws -> SigningKey {
        let folder = "\(home)/local/keys"
        guard let file = FileManager.default.contents(atPath: "\(folder)/client.key"),
            let secret = FileManager.default.contents(atPath: "\(folder)/client.passphrase")
        else { throw HarnessFailure("\(folder) holds no client key") }
        return try KeyFile.open(Array(file), passphrase: Array(secret))
    }
}

extension RealCloud.Node {
    init(_ json: JSON) throws {
        guard let name = json["name"]?.text, let role = json["role"]?.text,
            let key = json["publicKey"]?.text.flatMap(PublicKey.init(hexadecimal:)),
            let account = json["account"]?.text.flatMap(AccountID.init(hexadecimal:)),
            let port = json["listen"]?.text?.split(separator: ":").last.flatMap({ UInt16($0) })
        else { throw HarnessFailure("cloud.json lists a node that does not read") }
        self.init(name: name, role: role, publicKey: key, account: account, port: port)
    }
}
