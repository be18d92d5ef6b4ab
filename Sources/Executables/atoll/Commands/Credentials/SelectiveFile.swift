// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// A file with a credential whose claims are shown one by one.
enum SelectiveFile {
    /// The text of such a file; nothing for a file of another kind, or standard input.
    static func read(_ path: String, _ shell: Shell) async throws -> SelectiveCredential? {
        guard path != "-" else { return nil }
        let bytes = try await shell.read(path, limit: CanonicalJSON.documentBytesMax)
        return try parse(bytes, path)
    }

    /// The same, of bytes that are at hand.
    static func parse(_ bytes: [UInt8], _ path: String) throws -> SelectiveCredential? {
        guard let text = text(of: bytes) else { return nil }
        return try StatusFile.attempt("\(path) is not read") { try SelectiveCredential(text) }
    }

    /// The text without what stands between lines, when it looks like one of disclosures.
    static func text(of bytes: [UInt8]) -> String? {
        let plain = bytes.filter { $0 > 0x20 }
        guard plain.first != UInt8(ascii: "{"), plain.contains(UInt8(ascii: "~")) else {
            return nil
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// Answers a question with the claims that are to be shown.
    static func present(
        _ credential: SelectiveCredential, _ question: Question, _ signer: DocumentSignature,
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> Int32 {
        guard invocation.arguments.count == 1 else {
            throw CommandFailure(
                status: .misused, what: "a credential with selective disclosure is shown by itself",
                kept: "nothing was signed")
        }
        guard credential.holder == .ed25519(signer.key.publicKey) else {
            throw CommandFailure(
                status: .refused, what: "the credential was not given to the key of \(signer.did)",
                kept: "nothing was signed", next: "name its holder with --as")
        }
        let shown = try StatusFile.attempt("it cannot be shown") {
            try credential.showing(Set(invocation.values("disclose")))
        }
        let text = SelectiveCredential.bind(
            shown, audience: question.domain, nonce: question.challenge, at: shell.moment,
            by: signer.key)
        return try await shell.deliver(text + "\n", invocation, by: signer)
    }

    /// What it states in the open, and which claims its disclosures show.
    static func show(_ credential: SelectiveCredential, _ format: OutputFormat) throws {
        let paths = try StatusFile.attempt("its disclosures do not fit") {
            try credential.disclosed()
        }
        let value: JSON = [
            "claims": credential.openClaims, "disclosed": .array(paths.map { JSON($0) }),
            "isBound": .bool(credential.isBound),
        ]
        ResultText.write(value, as: format) {
            var facts = TextFacts()
            for member in credential.openClaims.members ?? [] where !member.name.hasPrefix("_sd") {
                facts.add(member.name, member.value.text ?? member.value.compact)
            }
            facts.add("disclosed", paths.isEmpty ? "nothing" : paths.joined(separator: " "))
            facts.add("shown by its holder", credential.isBound ? "yes" : "no")
            return facts.text
        }
    }
}
