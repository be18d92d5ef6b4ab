// SPDX-License-Identifier: Apache-2.0
import ContainerEngine
import ContainerImages

/// Who one is at registries, and whom one trusts there. Passwords come from files, never from the
/// command line (IMAGE-13).
enum RegistryLogin {
    static let options = [
        OptionSpec(name: "user", value: "NAME", help: "who you are at the registry"),
        OptionSpec(
            name: "password-file", value: "FILE", help: "holds the password of --user"),
        OptionSpec(
            name: "credentials", value: "FILE",
            help: "docker login's; default $REGISTRY_AUTH_FILE or ~/.docker/config.json"),
        OptionSpec(
            name: "authority", value: "FILE",
            help: "whom to trust, in PEM; default this machine's; TLS here too"),
    ]

    /// The most bytes of certificates.
    private static let authoritiesBytesMax = 1 << 20

    /// A client of the registry that a name says.
    static func client(
        _ reference: ImageReference, _ invocation: Invocation, _ shell: Shell
    ) async throws -> RegistryClient {
        var options = RegistryOptions()
        let authorities = try await authorities(invocation, shell)
        if authorities != nil { options.isPlain = false }
        return RegistryClient(
            reference,
            try images { () throws(ImageFailure) in
                try HTTPRegistryTransport(
                    shell.effects, authorities: authorities, inner: Shell.inner)
            }, credential: try await credential(reference, invocation, shell), options: options)
    }

    static func authorities(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> [UInt8]? {
        guard let path = invocation.value("authority") else { return nil }
        return try await shell.read(path, limit: authoritiesBytesMax)
    }

    static func credential(
        _ reference: ImageReference, _ invocation: Invocation, _ shell: Shell
    ) async throws -> RegistryCredential? {
        guard let user = invocation.value("user") else {
            guard let bytes = try await file(invocation, shell) else { return nil }
            return try images { () throws(ImageFailure) in
                try RegistryCredential.find(reference.registry, in: bytes)
            }
        }
        guard let path = invocation.value("password-file") else {
            throw CommandFailure(
                status: .misused, what: "--user needs a password", next: "--password-file FILE")
        }
        let bytes = try await shell.read(path, limit: 64 << 10)
        let password = String(decoding: bytes, as: UTF8.self)
        return RegistryCredential(
            user: user, password: password.hasSuffix("\n") ? String(password.dropLast()) : password)
    }

    /// The file that is named, or the usual one when it is there.
    static func file(_ invocation: Invocation, _ shell: Shell) async throws -> [UInt8]? {
        let limit = RegistryCredential.fileBytesMax
        let named = invocation.value("credentials") ?? invocation.environment["REGISTRY_AUTH_FILE"]
        if let named { return try await shell.read(named, limit: limit) }
        guard let home = invocation.environment["HOME"] else { return nil }
        let usual = home + "/.docker/config.json"
        return await shell.exists(usual) ? try await shell.read(usual, limit: limit) : nil
    }
}
