// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// Signs a credential whose claims the holder shows one by one (IDENTITY-13, IDENTITY-27).
struct SelectiveIssue {
    private let invocation: Invocation
    private let shell: Shell
    private let signer: DocumentSignature

    /// Decoys, so that the number of digests does not tell the number of claims.
    private static let decoysMax: UInt64 = 4
    /// Random bytes of a salt.
    private static let saltBytes = 16

    init(_ invocation: Invocation, _ shell: Shell, _ signer: DocumentSignature) {
        self.invocation = invocation
        self.shell = shell
        self.signer = signer
    }

    /// The text of a credential that was checked by the data model's rules.
    func sign(_ json: JSON) async throws -> String {
        let credential = try StatusFile.attempt("it is no credential") {
            try Credential(reading: json)
        }
        let types = credential.types.filter { $0 != Credential.type }
        guard let type = types.first, types.count == 1, credential.subjects.count == 1,
            credential.schemas.isEmpty
        else {
            throw CommandFailure(
                status: .misused, what: "claims are shown one by one of one type and one subject",
                kept: "nothing was signed", next: "issue it with --form proof or --form token")
        }
        let subject = credential.subjects[0]
        let claims = try claims(of: credential, type, subject)
        let hidden = try hidden(in: subject)
        let chance = shell.effects.chance
        let holder = try await holder(of: subject)
        let text = try StatusFile.attempt("it cannot be signed") {
            try DisclosureIssuer.issue(
                claims, hidden: hidden.map { ($0, chance.bytes(Self.saltBytes)) },
                decoys: (0..<(chance.below(Self.decoysMax) + 1)).map { _ in
                    chance.bytes(Self.saltBytes)
                }, holder: holder, method: signer.method, by: signer.key)
        }
        return text + "\n"
    }

    private func claims(
        of credential: Credential, _ type: String, _ subject: JSON
    ) throws -> JSON {
        var members = [
            JSON.Member("iss", JSON("\(signer.did)")), JSON.Member("vct", JSON(type)),
            JSON.Member("iat", JSON(shell.moment.seconds)),
        ]
        if let from = credential.validFrom {
            members.append(JSON.Member("nbf", JSON(from.seconds)))
        }
        if let until = credential.validUntil {
            members.append(JSON.Member("exp", JSON(until.seconds)))
        }
        if let id = subject["id"] { members.append(JSON.Member("sub", id)) }
        if !credential.statuses.isEmpty {
            let entries = JSON.array(credential.statuses.map(\.json))
            members.append(
                JSON.Member("status", .object([JSON.Member(StatusEntry.claim, entries)])))
        }
        let own = members.map(\.name)
        for member in subject.members ?? [] where member.name != "id" {
            guard !own.contains(member.name), !DisclosureIssuer.openNames.contains(member.name)
            else {
                throw CommandFailure(
                    status: .misused, what: "the claim '\(member.name)' has a meaning of its own",
                    kept: "nothing was signed")
            }
            members.append(member)
        }
        return .object(members)
    }

    /// The claims that the holder may keep.
    private func hidden(in subject: JSON) throws -> [String] {
        let names = (subject.members ?? []).map(\.name).filter { $0 != "id" }
        let asked = invocation.values("hide")
        guard !asked.isEmpty else { return names }
        if let odd = asked.first(where: { !names.contains($0) }) {
            throw CommandFailure(
                status: .misused, what: "there is no claim '\(odd)' to hide",
                kept: "nothing was signed", next: "claims are \(names.joined(separator: ", "))")
        }
        return asked
    }

    /// The key with which the subject shows who it is; nothing for a subject without a name, whose
    /// credential anybody may show.
    private func holder(of subject: JSON) async throws -> VerificationKey? {
        guard let text = subject["id"]?.text else { return nil }
        guard let did = DID(text) else {
            throw CommandFailure(
                status: .misused, what: "the subject '\(text)' is no DID",
                kept: "nothing was signed")
        }
        let settings = ClientSettings(invocation, shell)
        let document = try await IdentityResolver(settings: settings).resolve(did).document
        let uses = document.relationships[.authentication] ?? []
        let keys = document.methods.filter { uses.contains($0.id) }.compactMap(\.key)
        guard let key = keys.first(where: { $0.jwk != nil }) else {
            throw CommandFailure(
                status: .refused, what: "\(did) has no key to show itself with",
                kept: "nothing was signed")
        }
        return key
    }
}
