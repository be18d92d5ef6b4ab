// SPDX-License-Identifier: Apache-2.0
import JSONText
import Synchronization

/// Requests to one registry with whatever proof it asks for, and redirects followed.
///
/// Tokens are kept for as long as they serve, by scope. A credential goes to the registry and to
/// the address its challenge names, over TLS or to this machine alone, never to where it redirects.
final class RegistryAccess: Sendable {
    /// The most redirects of one request: 5.
    static let redirectsMax = 5
    /// The most bytes of an answer with a token or an error: 256 KiB.
    static let answerBytesMax = 256 << 10
    /// The most scopes whose tokens are kept: 64.
    static let tokensMax = 64

    let base: String
    private let transport: any RegistryTransport
    private let credential: RegistryCredential?
    private let tokens = Mutex<[String: String]>([:])

    init(
        registry: String, _ transport: any RegistryTransport, credential: RegistryCredential?,
        isPlain: Bool
    ) {
        // Docker's own registry answers under another name than people use.
        let host = registry == ImageReference.usualRegistry ? "registry-1.docker.io" : registry
        base = "\(isPlain ? "http" : "https")://\(host)"
        self.transport = transport
        self.credential = credential
    }

    func pause(milliseconds: UInt64) async { await transport.pause(milliseconds: milliseconds) }

    /// Sends a request, proves itself when asked, and follows where it is sent.
    ///
    /// - Parameter scope: What is to be done, as `repository:NAME:pull`.
    /// - Throws: ``ImageFailure/unauthorized(_:)``, ``ImageFailure/registry(_:)``.
    func send(
        _ request: RegistryRequest, scope: String
    ) async throws(ImageFailure) -> any RegistryAnswer {
        var proof = tokens.withLock { $0[scope] }
        for attempt in 0..<2 {
            let answer = try await follow(request, proof: proof)
            guard answer.status == 401 else { return answer }
            let field = answer.field("www-authenticate")
            await answer.close()
            guard attempt == 0, let field, let challenge = Challenge(field) else { break }
            let fresh = try await prove(challenge, scope: scope)
            proof = fresh
            tokens.withLock { tokens in
                if tokens.count >= Self.tokensMax { tokens.removeAll() }
                tokens[scope] = fresh
            }
        }
        throw .unauthorized(
            credential == nil
                ? "\(base) asks for a name and password" : "\(base) refused the name and password")
    }

    private func follow(
        _ request: RegistryRequest, proof: String?
    ) async throws(ImageFailure) -> any RegistryAnswer {
        var request = request
        let origin = AddressText.origin(request.address)
        for _ in 0...Self.redirectsMax {
            var sent = request
            if let proof, AddressText.origin(request.address) == origin {
                sent.fields.append(("authorization", proof))
            }
            let answer = try await transport.send(sent)
            guard [301, 302, 303, 307, 308].contains(answer.status),
                request.method == "GET" || request.method == "HEAD"
            else { return answer }
            await answer.close()
            guard let location = answer.field("location"),
                let next = AddressText.resolve(location, from: request.address)
            else { throw .registry("\(base) redirects to nowhere") }
            // From TLS back to plain text: whoever listens there could give anything to those
            // who check no digest, and sees what is asked.
            guard !(request.address.hasPrefix("https:") && next.hasPrefix("http:")) else {
                throw .registry("\(base) redirects from https to http")
            }
            request.address = next
        }
        throw .registry("\(base) redirects more than \(Self.redirectsMax) times")
    }

    private func prove(
        _ challenge: Challenge, scope: String
    ) async throws(ImageFailure) -> String {
        switch challenge {
        case .basic:
            guard let credential else {
                throw .unauthorized("\(base) asks for a name and password")
            }
            return credential.basic
        case .bearer(let realm, let service, let asked):
            return try await token(realm, service: service, scope: asked ?? scope)
        }
    }

    private func token(
        _ realm: String, service: String?, scope: String
    ) async throws(ImageFailure) -> String {
        // A registry reached over TLS may not send the password elsewhere in plain text.
        let isPlain = base.hasPrefix("http://") && realm.hasPrefix("http://")
        guard isPlain || realm.hasPrefix("https://") else {
            throw .registry("\(base) asks to fetch tokens at an address without TLS")
        }
        var address = realm
        if let service { address = AddressText.adding("service", service, to: address) }
        address = AddressText.adding("scope", scope, to: address)
        let fields = credential.map { [(name: "authorization", value: $0.basic)] } ?? []
        let answer = try await transport.send(RegistryRequest("GET", address, fields: fields))
        let bytes = try await answer.gather(bytesMax: Self.answerBytesMax)
        guard answer.status == 200 else {
            throw .unauthorized("no token for \(scope): status \(answer.status)")
        }
        let json = try JSON.document(bytes, "token", bytesMax: Self.answerBytesMax)
        guard let token = json["token"]?.text ?? json["access_token"]?.text,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .registry("the answer of \(realm) holds no token") }
        return "Bearer \(token)"
    }
}

extension RegistryAnswer {
    /// The whole body.
    func gather(bytesMax: Int) async throws(ImageFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try await next()
            if piece.isEmpty { break }
            bytes += piece
            guard bytes.count <= bytesMax else {
                await close()
                throw .tooLarge("answer of a registry", limit: Int64(bytesMax))
            }
        }
        return bytes
    }

    /// The failure this answer tells of, in the registry's words (distribution specification,
    /// "Error Codes").
    func refusal(_ what: String) async -> ImageFailure {
        let bytes = (try? await gather(bytesMax: RegistryAccess.answerBytesMax)) ?? []
        await close()
        if status == 404 { return .notFound(what) }
        let json = try? JSON.document(
            bytes, "refusal", bytesMax: RegistryAccess.answerBytesMax)
        let first = json?["errors"]?.elements?.first
        let words = [first?["code"]?.text, first?["message"]?.text].compactMap { $0 }
        let message = words.isEmpty ? what : words.joined(separator: ": ")
        // Words of a stranger go to a terminal: no control characters.
        let shown = message.prefix(512).unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F
        }
        return .refused(status: status, message: String(String.UnicodeScalarView(shown)))
    }
}
