// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import Identity
import Synchronization
import Vocabulary

/// Whom a command trusts behind an `https://` gateway, and as whom it comes (HTTP-65, HTTP-66).
struct GatewayTrust {
    let settings: ClientSettings

    static let authoritiesOption = OptionSpec(
        name: "gateway-ca", value: "FILE",
        help: "certificates that vouch for an https gateway; default the system's")
    static let didOption = OptionSpec(
        name: "gateway-did", value: "DID",
        help: "trust an https gateway by its identity's key, and no authority")
    static let asOption = OptionSpec(
        name: "gateway-as", value: "NAME",
        help: "come to an https gateway as an identity or a key of this home")
    static let options = [authoritiesOption, didOption, asOption]

    /// How long a certificate that a command issues for itself counts: an hour.
    private static let certificateSeconds: Int64 = 3_600
    /// What this process has made: a command asks more than once, and opening a key takes a second.
    private static let made = Mutex<[String: ClientSecurity]>([:])

    /// What to trust, or nothing for a gateway without a seal.
    func security(of address: String) async throws -> ClientSecurity? {
        let isSealed = address.lowercased().hasPrefix("https://")
        guard isSealed else {
            guard Self.options.allSatisfy({ value($0) == nil }) else {
                throw CommandFailure(
                    status: .misused,
                    what: "\(address) is not sealed, so nobody can be known there",
                    next: "write the gateway as https://HOST:PORT")
            }
            return nil
        }
        let place = settings.trustsAnyGateway ? "anybody \(address)" : address
        if let known = Self.made.withLock({ $0[place] }) { return known }
        let credentials = try await credentials()
        let trust = settings.trustsAnyGateway ? .judged { _ in nil } : try await trust()
        do {
            let security = try ClientSecurity(trust, credentials: credentials)
            Self.made.withLock { $0[place] = security }
            return security
        } catch {
            throw CommandFailure(
                status: .misused, what: "nobody can be trusted at \(address): \(error.words)")
        }
    }

    /// An option's value, or the variable's of the same name.
    private func value(_ option: OptionSpec) -> String? {
        let variable =
            "ATOLL_" + option.name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        return settings.invocation.value(option.name) ?? settings.invocation.environment[variable]
    }

    private func trust() async throws -> ClientSecurity.Trust {
        if let text = value(Self.didOption) { return try await bound(to: text) }
        guard let path = value(Self.authoritiesOption) else { return .system }
        return .authorities(
            pem: try await settings.shell.read(path, limit: ClientSecurity.bundleBytesMax))
    }

    /// Trusts the keys with which an identity shows who it is. What the ledger says of it needs no
    /// trust in the gateway that brings it: it is proven.
    private func bound(to text: String) async throws -> ClientSecurity.Trust {
        let did = try await IdentityBook(settings: settings).did(named: text)
        var settings = settings
        settings.trustsAnyGateway = true
        let resolver = IdentityResolver(settings: settings)
        let isOwn: @Sendable (PublicKey) -> Bool
        if let account = try? AtollMethod.account(of: did), try await !resolver.hasBegun(account) {
            // It is proven that no log has begun: the key whose hash the name is speaks for it.
            isOwn = { AccountID(of: $0) == account }
        } else {
            let keys = Self.keys(of: try await resolver.resolve(did).document)
            isOwn = { keys.contains($0) }
        }
        return .judged { peer in
            guard let key = peer.key, isOwn(key) else { return "its key is not one of \(did)" }
            return nil
        }
    }

    private static func keys(of document: DIDDocument) -> Set<PublicKey> {
        let uses = document.relationships[.authentication] ?? []
        return Set(
            document.methods.filter { uses.contains($0.id) }.compactMap { method in
                guard case .ed25519(let key) = method.key else { return nil }
                return key
            })
    }

    /// The certificate of whom the command comes as.
    private func credentials() async throws -> SecureCredentials? {
        guard let name = value(Self.asOption) else { return nil }
        let signer = try await IdentityBook(settings: settings).signer(name)
        return IdentityCertificate(signer: signer)
            .credentials(seconds: Self.certificateSeconds, settings.shell.effects)
    }
}
