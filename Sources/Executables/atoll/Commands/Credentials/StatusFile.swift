// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText

/// A status list of one's own: the signed credential in FILE, and beside it, in FILE.taken, which
/// entries were given out.
struct StatusFile {
    let path: String
    let shell: Shell

    /// The most bytes of either file: a million entries in base64url.
    static let bytesMax = CanonicalJSON.documentBytesMax
    /// How long a signed list counts, in days; it is signed anew whenever it changes.
    static let validDays: Int64 = 30

    private var takenPath: String { "\(path).taken" }

    func read() async throws -> StatusListCredential {
        let json = try await shell.document(path)
        return try Self.attempt("\(path) is no status list") {
            try StatusListCredential(reading: Credential(reading: json.removing("proof")))
        }
    }

    /// Begins a list in which nothing is set.
    func begin(address: String, purpose: String, signer: DocumentSignature) async throws {
        guard await !shell.exists(path) else {
            throw CommandFailure(
                status: .refused, what: "'\(path)' is there already", kept: "it is unchanged",
                next: "choose another file")
        }
        let (list, taken) = try Self.attempt("no list") {
            (try StatusList(), try StatusAllocation())
        }
        try await keep(list, address, purpose, signer)
        try await shell.write(takenPath, Array(taken.encoded.utf8))
    }

    /// Signs the list anew, as of now.
    func keep(
        _ list: StatusList, _ address: String, _ purpose: String, _ signer: DocumentSignature
    ) async throws {
        let now = shell.moment
        let json = StatusListCredential.json(
            id: address, issuer: signer.did, purpose: purpose, list: list, validFrom: now,
            validUntil: Moment(seconds: now.seconds + Self.validDays * 86_400))
        let signed = try Self.attempt("the list cannot be signed") {
            try DocumentSigner.sign(
                json, as: signer.options(.assertionMethod, at: now), by: signer.key)
        }
        try await shell.write(path, Array((signed.pretty + "\n").utf8))
    }

    /// A credential that names an entry drawn for it.
    func entry(for json: JSON) async throws -> JSON {
        let list = try await read()
        let bytes = try await shell.read(takenPath, limit: Self.bytesMax)
        let chance = shell.effects.chance
        let (index, taken) = try Self.attempt("the list gives no entry") {
            var allocation = try StatusAllocation(encoded: String(decoding: bytes, as: UTF8.self))
            let index = try allocation.take {
                chance.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            return (index, allocation.encoded)
        }
        // Written first: an entry given out twice would tie two credentials together.
        try await shell.write(takenPath, Array(taken.utf8))
        let entry = StatusEntry(purpose: list.purposes[0], index: index, list: list.id)
        let known = json["credentialStatus"].map { $0.elements ?? [$0] } ?? []
        let entries = known + [entry.json]
        return json.removing("credentialStatus").appending(
            "credentialStatus", entries.count == 1 ? entries[0] : .array(entries))
    }

    /// The entry that a credential, of whatever form, names in a list.
    static func entry(
        of path: String, in list: StatusListCredential, _ shell: Shell
    ) async throws -> StatusEntry {
        let bytes = try await shell.read(path, limit: CredentialToken.textBytesMax)
        let entries = try attempt("\(path) is no credential") { try statuses(of: bytes) }
        guard
            let entry = entries.first(where: {
                $0.list == list.id && list.purposes.contains($0.purpose)
            })
        else {
            throw CommandFailure(
                status: .refused, what: "the credential names no entry of \(list.id)")
        }
        return entry
    }

    private static func statuses(of bytes: [UInt8]) throws -> [StatusEntry] {
        if let text = SelectiveFile.text(of: bytes) {
            return try SelectiveCredential(text).statuses()
        }
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            return try Credential(reading: CanonicalJSON.read(bytes).removing("proof")).statuses
        }
        let text = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
        return try Credential(reading: CredentialToken(text).credential).statuses
    }

    static func attempt<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(status: .refused, what: "\(what): \(error)")
        }
    }
}

extension JSON {
    /// An object without a member.
    func removing(_ name: String) -> JSON {
        .object((members ?? []).filter { $0.name != name })
    }

    /// An object with one more member.
    func appending(_ name: String, _ value: JSON) -> JSON {
        .object((members ?? []) + [Member(name, value)])
    }
}
