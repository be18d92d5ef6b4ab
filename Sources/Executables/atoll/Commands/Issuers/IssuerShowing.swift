// SPDX-License-Identifier: Apache-2.0
import Identities
import Identity
import JSONText
import Vocabulary

/// `atoll issuer show`: how the ledger knows an issuer, proven.
enum IssuerShow {
    static let command = CommandSpec(
        path: ["issuer", "show"],
        summary: "show what an issuer may attest and which bond backs it, proven",
        example: "atoll issuer show did:atoll:z...",
        arguments: [ArgumentSpec(name: "did", help: "a DID, or an identity of this home")],
        options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account = try await IdentityBook(settings: settings).identity(
            named: invocation.arguments[0])
        let found = try await IssuerState.read(account, settings)
        let issuer = found.issuer
        ResultText.write(found.json, as: invocation.format) {
            var facts = TextFacts()
            facts.add("issuer", "\(AtollMethod.did(of: account))")
            facts.add("state", found.state)
            facts.add("attests", issuer.types.joined(separator: " "))
            facts.add("address", issuer.address)
            facts.add("bond", "\(issuer.bond)")
            if issuer.slashed > .zero { facts.add("lost", "\(issuer.slashed)") }
            facts.add("since", issuer.since.utc)
            facts.add("status lists", "\(issuer.anchors)")
            facts.add("as of", found.words)
            return facts.text
        }
        return 0
    }
}

/// `atoll issuer report`: shows the ledger a credential that its issuer had no authority for.
enum IssuerReport {
    static let command = CommandSpec(
        path: ["issuer", "report"],
        summary: "show the ledger a credential that its issuer had no authority to sign",
        discussion: """
            FILE is a credential with a proof, a token (vc+jwt) or one with selective disclosure, of
            an attested type that the issuer had not registered then. What the ledger finds right
            costs half of the issuer's bond, and a fifth of that is yours.
            """,
        example: "atoll issuer report credential.json",
        arguments: [ArgumentSpec(name: "file", help: "the credential")],
        options: MessageSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let path = invocation.arguments[0]
        let bytes = try await shell.read(path, limit: CredentialToken.textBytesMax)
        let message =
            if let json = try? CanonicalJSON.read(bytes) {
                try Self.message(of: json, path)
            } else { try Self.message(ofToken: bytes, path) }
        let sending = try await MessageSending(invocation, shell)
        sending.write("the issuer was found out", try await sending.send([message.message]))
        return 0
    }

    private static func message(of json: JSON, _ path: String) throws -> IdentitiesMessage {
        try StatusFile.attempt("\(path) is no credential with a proof") {
            let secured = try SecuredDocument(reading: json)
            let issuer = DID(try Credential(reading: json.removing("proof")).issuer)
            guard let place = secured.proofs.firstIndex(where: { $0.method.did == issuer }),
                let issuer, case .ed25519(let key) = try key(of: secured.proofs[place].method)
            else { throw Unreadable.nobody }
            let parts = try secured.signedParts(of: place)
            return .reportIssuance(
                ReportIssuance(
                    issuer: try AtollMethod.account(of: issuer), key: key,
                    document: parts.document, options: parts.options,
                    signature: secured.proofs[place].signature))
        }
    }

    private static func message(
        ofToken bytes: [UInt8], _ path: String
    ) throws -> IdentitiesMessage {
        let text = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
        return try StatusFile.attempt("\(path) is no token of an issuer") {
            let token = try IssuedToken(text)
            guard let issuer = DID(token.statement.issuer), let method = token.method,
                case .ed25519(let key) = try key(of: method), let signature = token.signature
            else { throw Unreadable.nobody }
            return .reportToken(
                ReportToken(
                    issuer: try AtollMethod.account(of: issuer), key: key, signed: token.signed,
                    signature: signature))
        }
    }

    /// The key that a name ends with, as names of this method do (IDENTITY-9).
    private static func key(of method: DIDURL) throws -> VerificationKey {
        try VerificationKey(multibase: method.fragment ?? "")
    }

    private enum Unreadable: Error, CustomStringConvertible {
        case nobody

        var description: String { "it names no issuer of the ledger and its key" }
    }
}
