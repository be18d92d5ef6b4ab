// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// Opens sealed key files; a passphrase comes from a file, a variable or a person, never from the
/// command line, where every user of the machine could read it.
enum KeyAccess {
    /// Opens one key.
    static func open(
        _ path: String, passphraseFile: String?, invocation: Invocation, shell: Shell
    ) async throws -> SigningKey {
        let bytes = try await shell.read(path, limit: KeyFile.fileBytesMax)
        let passphrase = try await passphrase(
            for: path, file: passphraseFile, invocation: invocation, shell: shell)
        do {
            return try KeyFile.open(bytes, passphrase: passphrase)
        } catch {
            throw failure(error, path)
        }
    }

    /// The passphrase, without a final newline.
    static func passphrase(
        for path: String, file: String?, invocation: Invocation, shell: Shell
    ) async throws -> [UInt8] {
        if let file = file ?? invocation.environment["ATOLL_PASSPHRASE_FILE"] {
            let bytes = try await shell.read(file, limit: 4_096)
            return bytes.last == 10 ? Array(bytes.dropLast()) : bytes
        }
        if let text = invocation.environment["ATOLL_PASSPHRASE"] { return Array(text.utf8) }
        if let answer = Terminal.askSecretly("passphrase for \(path): ") { return answer }
        throw CommandFailure(
            status: .misused, what: "\(path) is sealed and no passphrase was given",
            next: "set ATOLL_PASSPHRASE_FILE to a file that holds it")
    }

    static func failure(_ failure: KeyFileFailure, _ path: String) -> CommandFailure {
        switch failure {
        case .wrongPassphrase:
            CommandFailure(status: .refused, what: "the passphrase does not open \(path)")
        default:
            CommandFailure(status: .refused, what: "\(path) cannot be opened: \(failure)")
        }
    }
}
