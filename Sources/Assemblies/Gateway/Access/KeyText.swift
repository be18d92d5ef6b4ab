// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Vocabulary

/// What callers show: keys and sessions as text, and how they are told apart (GATEWAY-42).
enum KeyText {
    static let keyStart = "atoll_"
    static let sessionStart = "atolls_"
    /// The bytes of a secret.
    private static let secretBytes = 32
    private static let idBytes = 6

    /// What a caller has shown.
    enum Shown: Equatable, Sendable {
        case key(id: String, secret: Digest)
        case session(Digest)
        /// Something else, such as the owner's token.
        case other([UInt8])
    }

    /// Reads the value of `Authorization`; nothing when it is of another scheme than `Bearer`.
    static func read(_ value: String) -> Shown? {
        let start = "bearer "
        guard value.utf8.count <= 256, value.lowercased().hasPrefix(start) else { return nil }
        let text = String(value.dropFirst(start.count))
        if let secret = digest(text, after: sessionStart) {
            return .session(secret)
        }
        if text.hasPrefix(keyStart) {
            let parts = text.dropFirst(keyStart.count).split(separator: "_")
            guard parts.count == 2, parts[0].utf8.count == 2 * idBytes,
                let secret = digest(parts[1])
            else { return .other(Array(text.utf8)) }
            return .key(id: String(parts[0]), secret: secret)
        }
        return .other(Array(text.utf8))
    }

    /// The digest of a secret that follows a beginning; nothing when it is of another form.
    static func digest(_ text: String, after start: String) -> Digest? {
        text.hasPrefix(start) ? digest(text.dropFirst(start.count)) : nil
    }

    private static func digest(_ text: Substring) -> Digest? {
        guard let bytes = Hexadecimal.decode(String(text)), bytes.count == secretBytes else {
            return nil
        }
        return SHA256.hash(bytes)
    }

    /// A new id.
    static func newID(_ chance: any Chance) -> String {
        Hexadecimal.encode(chance.bytes(idBytes))
    }

    /// A new secret and its digest.
    static func newSecret(_ chance: any Chance) -> (text: String, digest: Digest) {
        let bytes = chance.bytes(secretBytes)
        return (Hexadecimal.encode(bytes), SHA256.hash(bytes))
    }
}
