// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What a gateway's owner shows to change its network: 64 hexadecimal digits that lie in the node's
/// folder, written at its first start and readable by its owner alone (GATEWAY-30).
enum OwnerToken {
    /// The file in a node's folder.
    static let name = "owner.token"
    /// The most bytes of the file.
    private static let bytesMax = 128

    static let option = OptionSpec(
        name: "token-file", value: "FILE",
        help: "the node's owner.token; default $ATOLL_OWNER_TOKEN_FILE")

    /// A node's token, made when there is none.
    static func ensure(in folder: String, _ shell: Shell) async throws -> String {
        let path = "\(folder)/\(name)"
        if await shell.exists(path) { return try await read(path, shell) }
        let token = Hexadecimal.encode(shell.effects.chance.bytes(32))
        try await shell.write(path, Array("\(token)\n".utf8))
        return token
    }

    /// The token a command shows.
    static func shown(_ invocation: Invocation, _ shell: Shell) async throws -> String {
        if let path = invocation.value(option.name)
            ?? invocation.environment["ATOLL_OWNER_TOKEN_FILE"]
        {
            return try await read(path, shell)
        }
        let cloud = ClientSettings(invocation, shell).cloud
        for node in await shell.names(in: "\(cloud.path)/nodes") ?? [] {
            let path = "\(cloud.nodePath(node))/\(name)"
            if await shell.exists(path) { return try await read(path, shell) }
        }
        throw CommandFailure(
            status: .misused, what: "only a node's owner may do this, and no token is named",
            kept: "nothing was asked",
            next: "name the file \(name) of the gateway's node with --token-file FILE")
    }

    private static func read(_ path: String, _ shell: Shell) async throws -> String {
        let bytes = try await shell.read(path, limit: bytesMax)
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard Hexadecimal.decode(text)?.count == 32 else {
            throw CommandFailure(
                status: .misused, what: "'\(path)' holds no token of 64 hexadecimal digits")
        }
        return text
    }
}
