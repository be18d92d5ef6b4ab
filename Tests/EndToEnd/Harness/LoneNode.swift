// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import JSONText
import Vocabulary

/// The folder of a node that belongs to no cloud, with a key whose seed the test knows.
struct LoneNode {
    let folder: String
    let seed: [UInt8]
    let passphrase = "correct horse battery staple"
    let port: UInt16

    /// Writes a node's folder that follows a cloud's genesis.
    ///
    /// - Parameter number: Tells nodes that run at the same time apart: each has another key.
    init(
        of cloud: RealCloud, number: UInt8 = 0, port: UInt16? = nil, http: UInt16? = nil,
        https: JSON? = nil, issueFor: JSON? = nil, access: String? = nil
    ) throws {
        folder = try Scratch.folder("node")
        seed = (0..<32).map { UInt8($0 * 7 + 3) ^ number }
        self.port = try port ?? FreePort.find()
        guard let key = SigningKey(seed: seed) else { throw HarnessFailure("no key") }
        var members: [JSON.Member] = [
            JSON.Member("name", "lone"), JSON.Member("roles", ["gateway"]),
            JSON.Member("listen", JSON("127.0.0.1:\(self.port)")),
            JSON.Member(
                "peers",
                .array(
                    cloud.nodes.filter { $0.role == "validator" }.map {
                        JSON("\($0.publicKey)@127.0.0.1:\($0.port)")
                    })),
        ]
        if let http { members.append(JSON.Member("http", JSON("127.0.0.1:\(http)"))) }
        if let https { members.append(JSON.Member("https", https)) }
        if let access { members.append(JSON.Member("access", JSON(access))) }
        if let issueFor { members.append(JSON.Member("issueFor", issueFor)) }
        let limits = DerivationLimits(passes: 1, memoryKibibytes: 64) ?? .standard
        let sealed = try KeyFile.seal(
            key: key, passphrase: Array(passphrase.utf8),
            salt: [UInt8](repeating: 1, count: KeyFile.saltCount),
            nonce: [UInt8](repeating: 2, count: KeyFile.nonceCount), limits: limits)
        try Self.write("\(folder)/node.json", JSON.object(members).bytes)
        try Self.write("\(folder)/node.key", sealed)
        try Self.write("\(folder)/passphrase", Array(passphrase.utf8))
        let genesis = "\(cloud.home)/local/genesis.json"
        try FileManager.default.copyItem(atPath: genesis, toPath: "\(folder)/genesis.json")
    }

    /// Starts it.
    func start() throws -> Program { try Program(Checkout.binary, ["node", "start", folder]) }

    private static func write(_ path: String, _ bytes: [UInt8]) throws {
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: mode)
        else { throw HarnessFailure("\(path) cannot be written") }
    }
}
