// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// `atoll keys import`: takes a sealed file as it is, or a seed to be sealed.
enum KeysImport {
    static let command = CommandSpec(
        path: ["keys", "import"],
        summary: "keep a key from a sealed file, or from a seed on standard input",
        discussion: """
            A sealed file is taken as it is, under its own passphrase. A seed of 64 hexadecimal
            digits is sealed with a new one; give it on standard input, where no other user can
            read it.
            """,
        example: "atoll keys import alice alice.key",
        arguments: [
            ArgumentSpec(name: "name", help: "what you call it here"),
            ArgumentSpec(
                name: "file", help: "the sealed file; default standard input", isRequired: false),
        ],
        options: [ClientSettings.passphraseOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let keys = ClientSettings(invocation, shell).keys
        let name = invocation.arguments[0]
        let place = try await keys.free(name)
        let source = invocation.arguments.dropFirst().first ?? "-"
        let bytes = try await read(source, shell)
        let row: KeyRow
        if let seed = seed(in: bytes) {
            guard let key = SigningKey(seed: seed) else {
                throw CommandFailure(status: .misused, what: "a seed has 64 hexadecimal digits")
            }
            let path = try await keys.keep(key, as: name, invocation)
            row = KeyRow(name: name, publicKey: key.publicKey, path: path)
        } else {
            let file = try KeyFolder.parse(bytes, source == "-" ? "standard input" : source)
            try await shell.write(place, file.bytes)
            row = KeyRow(name: name, publicKey: file.publicKey, path: place)
        }
        row.write(invocation.format)
        return 0
    }

    private static func read(_ source: String, _ shell: Shell) async throws -> [UInt8] {
        guard source == "-" else {
            return try await shell.read(source, limit: KeyFile.fileBytesMax)
        }
        if let typed = Terminal.askSecretly("seed, 64 hexadecimal digits: ") { return typed }
        guard let bytes = Terminal.standardInput(limit: KeyFile.fileBytesMax) else {
            throw CommandFailure(
                status: .misused, what: "standard input is longer than a key file")
        }
        return bytes
    }

    /// The seed, when the bytes are one with white space round it.
    private static func seed(in bytes: [UInt8]) -> [UInt8]? {
        let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let head = bytes.drop { space.contains($0) }
        let digits = head.prefix { !space.contains($0) }
        guard head.dropFirst(digits.count).allSatisfy({ space.contains($0) }),
            let seed = Hexadecimal.decode(String(decoding: digits, as: UTF8.self)),
            seed.count == SigningKey.seedCount
        else { return nil }
        return seed
    }
}
