// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// What a verifier is given beside the credential, from the options of a command.
struct CredentialEvidence {
    let invocation: Invocation
    let shell: Shell

    static let options =
        [
            TrustFile.option,
            OptionSpec(
                name: "status-list", value: "FILE", help: "a status list at hand", repeats: true),
            OptionSpec(
                name: "anchored",
                help: "take only lists that their issuers have anchored on the ledger"),
            OptionSpec(
                name: "accreditation", value: "FILE", help: "who let an issuer attest",
                repeats: true),
            OptionSpec(
                name: "schema", value: "URL=FILE", help: "a schema and where it is from",
                repeats: true),
            OptionSpec(
                name: "document", value: "FILE", help: "the document of a DID", repeats: true),
            OptionSpec(name: "at", value: "TIME", help: "the moment; default now"),
        ] + IdentityResolver.options

    init(_ invocation: Invocation, _ shell: Shell) {
        self.invocation = invocation
        self.shell = shell
    }

    /// A verifier for the moment, with the documents of those who signed.
    func verifier(for signers: [DID]) async throws -> CredentialVerifier {
        let policy = try await TrustFile(invocation, shell).read()
        var now = shell.moment
        if let text = invocation.value("at") {
            guard let moment = Moment(text) else {
                throw CommandFailure(
                    status: .misused, what: "--at is '\(text)'; it takes 2026-11-20T10:00:00Z")
            }
            now = moment
        }
        let lists = try await files("status-list")
        if invocation.has("anchored") {
            let settings = ClientSettings(invocation, shell)
            for (path, list) in zip(invocation.values("status-list"), lists) {
                try await AnchoredList.check(list, path, settings)
            }
        }
        let accreditations = try await files("accreditation")
        let others = (lists + accreditations).flatMap(Self.signers)
        return CredentialVerifier(
            policy: policy, now: now, documents: try await documents(of: signers + others),
            statusLists: lists, accreditations: accreditations, schemas: try await schemas())
    }

    private func files(_ option: String) async throws -> [JSON] {
        var files: [JSON] = []
        for path in invocation.values(option) { files.append(try await shell.document(path)) }
        return files
    }

    private func documents(of signers: [DID]) async throws -> [DIDDocument] {
        var documents: [DIDDocument] = []
        for path in invocation.values("document") {
            let json = try await shell.document(path)
            documents.append(
                try StatusFile.attempt("\(path) is no document of a DID") {
                    try DIDDocument(reading: json)
                })
        }
        let resolver = IdentityResolver(settings: ClientSettings(invocation, shell))
        for did in Set(signers).sorted(by: { $0.description < $1.description })
        where did.method != KeyMethod.name && !documents.contains(where: { $0.id == did }) {
            do {
                documents.append(try await resolver.resolve(did).document)
            } catch let failure as CommandFailure {
                // Whose document is not known signs nothing: the check of the proof says so.
                Terminal.say("note: \(did) was not resolved: \(failure.what)")
            }
        }
        return documents
    }

    private func schemas() async throws -> [String: JSONSchema] {
        var schemas: [String: JSONSchema] = [:]
        for text in invocation.values("schema") {
            guard let place = text.lastIndex(of: "=") else {
                throw CommandFailure(
                    status: .misused, what: "--schema is '\(text)'; it takes URL=FILE")
            }
            let path = String(text[text.index(after: place)...])
            let json = try await shell.document(path)
            schemas[String(text[..<place])] = try StatusFile.attempt(
                "\(path) is no schema that is understood"
            ) { try JSONSchema(reading: json) }
        }
        return schemas
    }

    /// Who signed a document and what is in it, by the names of their keys; nothing is believed.
    static func signers(of json: JSON) -> [DID] {
        let own = proofSigners(of: json)
        let inner = json["verifiableCredential"].map { $0.elements ?? [$0] } ?? []
        return own + inner.prefix(Presentation.credentialsMax).flatMap(proofSigners)
    }

    private static func proofSigners(of json: JSON) -> [DID] {
        let proofs = json["proof"].map { $0.elements ?? [$0] } ?? []
        return proofs.prefix(SecuredDocument.proofsMax).compactMap { proof in
            proof["verificationMethod"]?.text.flatMap { DIDURL($0)?.did }
        }
    }
}
