// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// The sealed keys of a home: `HOME/keys/NAME.key`.
struct KeyFolder {
    let path: String
    let shell: Shell

    /// The name of the key that signs when none is named.
    static let usual = "default"
    /// The longest name.
    static let nameBytesMax = 64
    private static let suffix = ".key"

    init(home: String, shell: Shell) {
        path = "\(home)/keys"
        self.shell = shell
    }

    /// Where a key of that name lies.
    ///
    /// - Throws: A ``CommandFailure`` when the name is none that a file can safely have.
    func place(of name: String) throws -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, (1...Self.nameBytesMax).contains(name.utf8.count), !name.hasPrefix(".")
        else {
            throw CommandFailure(
                status: .misused, what: "'\(name)' is no name of a key",
                next: "use up to \(Self.nameBytesMax) letters, digits, '-', '_' and '.'")
        }
        return "\(path)/\(name)\(Self.suffix)"
    }

    /// Where a key lies that is there.
    func existing(_ name: String) async throws -> String {
        let place = try place(of: name)
        guard await shell.exists(place) else {
            throw CommandFailure(
                status: .misused, what: "there is no key '\(name)' in \(path)",
                next: "atoll keys new \(name), or atoll keys list")
        }
        return place
    }

    /// Where a new key goes.
    func free(_ name: String) async throws -> String {
        let place = try place(of: name)
        guard await !shell.exists(place) else {
            throw CommandFailure(
                status: .refused, what: "there is a key '\(name)' already",
                kept: "it is unchanged", next: "choose another name")
        }
        return place
    }

    /// The names of all keys, sorted.
    func names() async -> [String] {
        (await shell.names(in: path) ?? []).filter { $0.hasSuffix(Self.suffix) }
            .map { String($0.dropLast(Self.suffix.count)) }.filter { !$0.isEmpty }
    }

    /// Reads a sealed key without opening it.
    func read(_ place: String) async throws -> KeyFile {
        try Self.parse(try await shell.read(place, limit: KeyFile.fileBytesMax), place)
    }

    static func parse(_ bytes: [UInt8], _ place: String) throws -> KeyFile {
        do {
            return try KeyFile(reading: bytes)
        } catch {
            throw KeyAccess.failure(error, place)
        }
    }

    /// Seals a key under a new passphrase and keeps it.
    func keep(_ key: SigningKey, as name: String, _ invocation: Invocation) async throws -> String {
        let place = try await free(name)
        let passphrase = try await NewPassphrase.read(for: name, invocation, shell)
        let chance = shell.effects.chance
        let bytes: [UInt8]
        do {
            bytes = try KeyFile.seal(
                key: key, passphrase: passphrase, salt: chance.bytes(KeyFile.saltCount),
                nonce: chance.bytes(KeyFile.nonceCount))
        } catch {
            throw KeyAccess.failure(error, place)
        }
        try await shell.write(place, bytes)
        return place
    }
}

/// The passphrase of a new key: from a file or a variable, or asked twice.
enum NewPassphrase {
    static func read(
        for name: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> [UInt8] {
        let file = invocation.value("passphrase-file")
        let passphrase = try await KeyAccess.passphrase(
            for: "the new key '\(name)'", file: file, invocation: invocation, shell: shell)
        let isGiven =
            file != nil || invocation.environment["ATOLL_PASSPHRASE_FILE"] != nil
            || invocation.environment["ATOLL_PASSPHRASE"] != nil
        if !isGiven, Terminal.askSecretly("the same again: ") != passphrase {
            throw CommandFailure(
                status: .misused, what: "the two passphrases differ", kept: "no key was made")
        }
        guard !passphrase.isEmpty else {
            throw CommandFailure(
                status: .misused, what: "the passphrase is empty", kept: "no key was made",
                next: "choose one that nobody guesses")
        }
        return passphrase
    }
}
