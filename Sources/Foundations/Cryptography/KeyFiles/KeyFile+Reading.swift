// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension KeyFile {
    /// Reads a file without opening it, to list keys for instance. Cost: microseconds.
    ///
    /// It accepts exactly what ``bytes`` writes: the same lines in the same order, lower-case
    /// digits, one line feed at each end.
    ///
    /// - Throws: ``KeyFileFailure/damaged(reason:)``, ``KeyFileFailure/unsupportedVersion(_:)`` or
    ///   ``KeyFileFailure/limitsTooHigh``.
    public init(reading bytes: [UInt8]) throws(KeyFileFailure) {
        guard bytes.count <= Self.fileBytesMax else {
            throw .damaged(reason: "the file is longer than \(Self.fileBytesMax) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .damaged(reason: "the file is not text")
        }
        var lines = KeyFileLines(text)
        let version = try lines.value(of: "atoll-key")
        try Self.check(version: version)
        publicKey = try PublicKey(Self.bytes32(lines.digits(of: "public-key", count: 32)))
        try lines.expect("argon2id", as: "derivation")
        let passes = try lines.number(of: "passes")
        let memory = try lines.number(of: "memory-kibibytes")
        limits = try Self.limits(passes: passes, memoryKibibytes: memory)
        salt = try lines.digits(of: "salt", count: Self.saltCount)
        try lines.expect("xchacha20-poly1305", as: "cipher")
        nonce = try lines.digits(of: "nonce", count: Self.nonceCount)
        sealedSeed = try lines.digits(of: "sealed-seed", count: Self.sealedSeedCount)
        guard self.bytes == bytes else {
            throw .damaged(reason: "the file is not written as a key file is")
        }
    }

    private static func check(version: String) throws(KeyFileFailure) {
        guard version != Self.version else { return }
        let isNumber = !version.isEmpty && version.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber else { throw .damaged(reason: "\"atoll-key\" is not a version number") }
        throw .unsupportedVersion(version)
    }

    private static func bytes32(_ bytes: [UInt8]) throws(KeyFileFailure) -> Bytes32 {
        guard let value = Bytes32(bytes) else { throw .damaged(reason: "a key has 32 bytes") }
        return value
    }

    private static func limits(
        passes: Int, memoryKibibytes: Int
    ) throws(KeyFileFailure) -> DerivationLimits {
        guard passes <= DerivationLimits.passesMax,
            memoryKibibytes <= DerivationLimits.memoryKibibytesMax
        else { throw .limitsTooHigh }
        guard let limits = DerivationLimits(passes: passes, memoryKibibytes: memoryKibibytes)
        else { throw .damaged(reason: "passes and memory are too low to be a key file's") }
        return limits
    }
}

/// The lines of a key file, read one after the other.
private struct KeyFileLines {
    private var rest: ArraySlice<Substring>

    init(_ text: String) {
        rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    }

    mutating func value(of name: String) throws(KeyFileFailure) -> String {
        guard let line = rest.popFirst(), line.hasPrefix(name + ": ") else {
            throw .damaged(reason: "the line \"\(name):\" is missing")
        }
        return String(line.dropFirst(name.count + 2))
    }

    mutating func expect(_ value: String, as name: String) throws(KeyFileFailure) {
        guard try self.value(of: name) == value else {
            throw .damaged(reason: "\"\(name)\" is not \(value)")
        }
    }

    mutating func number(of name: String) throws(KeyFileFailure) -> Int {
        let text = try value(of: name)
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .damaged(reason: "\"\(name)\" is not a number")
        }
        // A number too large for the type is too high in any case.
        guard let number = Int(text) else { throw .limitsTooHigh }
        return number
    }

    mutating func digits(of name: String, count: Int) throws(KeyFileFailure) -> [UInt8] {
        guard let bytes = try Hexadecimal.decode(value(of: name)), bytes.count == count else {
            throw .damaged(reason: "\"\(name)\" has not \(count * 2) hexadecimal digits")
        }
        return bytes
    }
}
