// SPDX-License-Identifier: Apache-2.0

/// What people call an image: `debian:12`, `ghcr.io/org/app@sha256:…`, `localhost:5000/a/b:c`.
///
/// Names are read as Docker reads them: without a registry they lie at `docker.io`, there in
/// `library/` when they have one part, and without tag and digest the tag is `latest`. Source:
/// the grammar of the distribution project, `reference.go` (IMAGE-3).
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// The registry when none is named.
    public static let usualRegistry = "docker.io"
    /// The tag when neither tag nor digest is named.
    public static let usualTag = "latest"
    /// The most bytes of registry and repository together: 255.
    public static let nameBytesMax = 255
    /// The most bytes of a tag: 128.
    public static let tagBytesMax = 128

    /// Host and perhaps port.
    public let registry: String
    /// The path at the registry: lower case, parts joined by `/`.
    public let repository: String
    /// The tag, if there is one.
    public let tag: String?
    /// The digest, if there is one; with both, the digest counts.
    public let digest: ContentDigest?

    /// Reads a reference.
    ///
    /// - Throws: ``ImageFailure/badReference(_:reason:)``, ``ImageFailure/badDigest(_:)``.
    public init(_ text: String) throws(ImageFailure) {
        guard text.utf8.count <= 1_024 else {
            throw .badReference(String(text.prefix(64)), reason: "longer than 1,024 bytes")
        }
        var rest = Substring(text)
        var digest: ContentDigest?
        if let at = rest.firstIndex(of: "@") {
            digest = try ContentDigest(String(rest[rest.index(after: at)...]))
            rest = rest[..<at]
        }
        var tag: String?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        let (registry, repository) = Self.split(rest)
        try Self.check(registry: registry, repository: repository, tag: tag, in: text)
        self.registry = registry
        self.repository = repository
        self.tag = tag ?? (digest == nil ? Self.usualTag : nil)
        self.digest = digest
    }

    private init(registry: String, repository: String, tag: String?, digest: ContentDigest?) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// The same image by its digest alone.
    public func pinned(to digest: ContentDigest) -> ImageReference {
        ImageReference(registry: registry, repository: repository, tag: nil, digest: digest)
    }

    /// Registry and repository, in full.
    public var name: String { "\(registry)/\(repository)" }

    /// The whole reference, nothing left out.
    public var description: String {
        name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// As people write it: without what is usual.
    public var familiar: String {
        var short = name
        if registry == Self.usualRegistry {
            short = repository
            let library = "library/"
            if short.hasPrefix(library), !short.dropFirst(library.count).contains("/") {
                short.removeFirst(library.count)
            }
        }
        return short + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    // The first part is a registry when it could not be a part of a repository.
    private static func split(_ name: Substring) -> (registry: String, repository: String) {
        if let slash = name.firstIndex(of: "/") {
            let first = name[..<slash]
            if first == "localhost" || first.contains(".") || first.contains(":")
                || first.contains(where: \.isUppercase)
            {
                let registry = first == "index.docker.io" ? usualRegistry : String(first)
                let rest = String(name[name.index(after: slash)...])
                let needsLibrary = registry == usualRegistry && !rest.contains("/")
                return (registry, needsLibrary ? "library/\(rest)" : rest)
            }
            return (usualRegistry, String(name))
        }
        return (usualRegistry, "library/\(name)")
    }
}

extension ImageReference {
    private static func check(
        registry: String, repository: String, tag: String?, in text: String
    ) throws(ImageFailure) {
        func refuse(_ reason: String) -> ImageFailure {
            .badReference(String(text.prefix(128)), reason: reason)
        }
        guard isRegistry(registry) else { throw refuse("the registry is not a host and port") }
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy(isRepositoryPart) else {
            throw refuse(
                "a repository's parts are lower-case letters and digits, joined by one period, "
                    + "one or two underscores, or hyphens")
        }
        guard registry.utf8.count + 1 + repository.utf8.count <= nameBytesMax else {
            throw refuse("the name is longer than \(nameBytesMax) bytes")
        }
        guard tag.map(isTag) ?? true else {
            throw refuse("a tag is 1 to \(tagBytesMax) letters, digits, '_', '.' or '-'")
        }
        if parts.count == 2, parts[0] == "library", isDigestDigits(parts[1]) {
            throw refuse("64 hexadecimal digits alone are an image's id, not a name")
        }
    }

    private static func isDigestDigits(_ text: Substring) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }

    private static func isRegistry(_ text: String) -> Bool {
        var host = Substring(text)
        if host.hasPrefix("["), let close = host.firstIndex(of: "]") {
            let inside = host[host.index(after: host.startIndex)..<close]
            let rest = host[host.index(after: close)...]
            return !inside.isEmpty && inside.allSatisfy { $0.isHexDigit || $0 == ":" }
                && (rest.isEmpty || (rest.first == ":" && isPort(rest.dropFirst())))
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[host.index(after: colon)...]) else { return false }
            host = host[..<colon]
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            label.utf8.first.map(isAlphanumeric) ?? false
                && label.utf8.last.map(isAlphanumeric) ?? false
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && (UInt16(text) ?? 0) > 0
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // [a-z0-9]+ ( ( [.] | _ | __ | -+ ) [a-z0-9]+ )*
    private static func isRepositoryPart(_ part: Substring) -> Bool {
        var separator: [UInt8] = []
        var isStart = true
        for byte in part.utf8 {
            if isLowerOrDigit(byte) {
                guard separator.isEmpty || isSeparator(separator) else { return false }
                separator = []
                isStart = false
            } else {
                guard !isStart else { return false }
                separator.append(byte)
            }
        }
        return !isStart && separator.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text == "." || text == "_" || text == "__" || text.allSatisfy { $0 == "-" }
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= tagBytesMax else { return false }
        let isWord = { (byte: UInt8) in isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
        return isWord(first)
            && text.utf8.allSatisfy {
                isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }
}
