// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A name and a password, or a token of a registry.
public struct RegistryCredential: Hashable, Sendable {
    /// The name.
    public let user: String
    /// The password; never printed.
    let password: String

    /// Joins name and password.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// As HTTP's basic authentication wants them (RFC 7617).
    var basic: String { "Basic " + Base64.encode(Array("\(user):\(password)".utf8)) }
}

extension RegistryCredential {
    /// The most bytes of a file of credentials: 1 MiB.
    public static let fileBytesMax = 1 << 20
    /// What Docker's clients call their own registry among their credentials.
    private static let usualNames = ["https://index.docker.io/v1/", "index.docker.io", "docker.io"]

    /// Looks up a registry among credentials by registry: each `{"auth": …}`, name and password in
    /// base64, or `{"username": …, "password": …}`. The longest name counts; nil when none is
    /// for it.
    ///
    /// - Parameters:
    ///   - json: The object, such as the member `auths` of Docker's `config.json`.
    ///   - registry: As ``ImageReference/registry`` has it.
    public init?(in json: JSON, for registry: String) {
        let names =
            registry == ImageReference.usualRegistry
            ? Self.usualNames : [registry, "https://\(registry)", "https://\(registry)/"]
        guard let entry = names.lazy.compactMap({ json[$0] }).first else { return nil }
        if let user = entry["username"]?.text, let password = entry["password"]?.text,
            !user.isEmpty
        {
            self.init(user: user, password: password)
            return
        }
        guard let bytes = entry["auth"]?.text.flatMap(Base64.decoded),
            let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":"), colon > text.startIndex
        else { return nil }
        // Some programs fill up with zeros.
        let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
        self.init(user: String(text[..<colon]), password: String(password))
    }

    /// Looks up a registry in a file of Docker's or podman's.
    ///
    /// - Throws: ``ImageFailure/badDocument(_:reason:)``; also for a registry whose credentials
    ///   another program keeps (`credHelpers`, `credsStore`), which is not asked.
    public static func find(
        _ registry: String, in file: [UInt8]
    ) throws(ImageFailure) -> RegistryCredential? {
        let json = try JSON.document(file, "file of credentials", bytesMax: fileBytesMax)
        if let found = RegistryCredential(in: json["auths"] ?? [:], for: registry) { return found }
        let helper =
            json["credHelpers"]?[registry]?.text
            ?? (json["auths"]?[registry] != nil ? json["credsStore"]?.text : nil)
        if let helper {
            throw .badDocument(
                "file of credentials",
                reason: "those of \(registry) are with the program '\(helper)', which is not asked")
        }
        return nil
    }
}
