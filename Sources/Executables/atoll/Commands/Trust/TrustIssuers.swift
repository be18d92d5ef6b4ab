// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// `atoll trust issuers`: who may attest what.
enum TrustIssuers {
    static let command = CommandSpec(
        path: ["trust", "issuers"],
        summary: "list the issuers you trust, by the type of credential; add or remove one",
        discussion: """
            With --ledger those are listed that the ledger knows, each proven, with the bond that
            backs their word and whether you trust them. Whether there are others, a gateway could
            hide; whom you trust is yours to say.
            """,
        example: "atoll trust issuers --add OwnerAuthorization=did:key:z...",
        options: [
            TrustFile.option,
            OptionSpec(name: "add", value: "TYPE=DID", help: "trust an issuer", repeats: true),
            OptionSpec(
                name: "remove", value: "TYPE=DID", help: "trust an issuer no more", repeats: true),
            OptionSpec(name: "ledger", help: "list the issuers that the ledger knows"),
        ] + ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = TrustFile(invocation, shell)
        var policy = try await file.read()
        let before = policy
        for text in invocation.values("add") {
            let (type, did) = try await issuer(text, invocation, shell)
            policy.issuers[type, default: []].insert(did)
        }
        for text in invocation.values("remove") {
            let (type, did) = try await issuer(text, invocation, shell)
            guard policy.issuers[type]?.remove(did) != nil else {
                throw CommandFailure(
                    status: .refused, what: "\(did) was not trusted for \(type)",
                    kept: "nothing was changed")
            }
            if policy.issuers[type]?.isEmpty == true { policy.issuers[type] = nil }
        }
        if policy != before { try await file.keep(policy) }
        if invocation.has("ledger") {
            try await LedgerIssuers(settings: ClientSettings(invocation, shell), policy: policy)
                .write(invocation.format)
            return 0
        }
        ResultText.write(policy.json["issuers"] ?? [:], as: invocation.format) {
            var table = TextTable(["type", "issuer"])
            for (type, issuers) in policy.issuers.sorted(by: { $0.key < $1.key }) {
                for issuer in issuers.map(\.description).sorted() { table.add([type, issuer]) }
            }
            return table.text
        }
        if policy.issuers.isEmpty {
            Terminal.say("nobody is trusted yet: atoll trust issuers --add TYPE=DID")
        }
        return 0
    }

    private static func issuer(
        _ text: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> (String, DID) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, CredentialType.named(parts[0]) != nil else {
            let types = CredentialType.all.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                status: .misused, what: "'\(text)' is not TYPE=DID", next: "types are \(types)")
        }
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        return (parts[0], try await book.did(named: parts[1]))
    }
}
