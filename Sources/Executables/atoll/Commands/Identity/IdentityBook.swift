// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// What this home knows of an identity of its own: `HOME/identities/NAME.json`. Keys lie sealed in
/// the key folder; here are their names only.
struct IdentityEntry {
    /// The most bytes of the file: names and numbers.
    static let fileBytesMax = 4_096

    let name: String
    /// The account of the first key, which is the identity.
    let subject: AccountID
    /// The key that asks for operations and signs now.
    var key: String
    /// The key that is kept away until it is needed.
    var recovery: String
    /// How often keys were drawn, so that each has a name of its own.
    var generation: UInt64

    var did: DID { AtollMethod.did(of: subject) }

    var json: JSON {
        [
            "did": JSON("\(did)"), "subject": JSON("\(subject)"), "key": JSON(key),
            "recovery": JSON(recovery), "generation": JSON(generation),
        ]
    }

    /// The name of the next key of a kind.
    func next(_ kind: String) -> String { "\(name).\(kind)\(generation + 1)" }
}

/// The identities of a home.
struct IdentityBook {
    let settings: ClientSettings

    private var path: String { "\(settings.home)/identities" }

    private func place(of name: String) throws -> String {
        // The same letters as a key's name, so that no name leads out of the folder.
        _ = try settings.keys.place(of: name)
        return "\(path)/\(name).json"
    }

    /// The identity of this name, or nothing when there is only a key.
    func find(_ name: String) async throws -> IdentityEntry? {
        let place = try place(of: name)
        guard await settings.shell.exists(place) else { return nil }
        let bytes = try await settings.shell.read(place, limit: IdentityEntry.fileBytesMax)
        guard let json = try? JSON(parsing: bytes),
            let subject = json["subject"]?.text.flatMap({ AccountID(hexadecimal: $0) }),
            let key = json["key"]?.text, let recovery = json["recovery"]?.text,
            let generation = json["generation"]?.unsigned
        else {
            throw CommandFailure(status: .refused, what: "\(place) is no identity of this home")
        }
        return IdentityEntry(
            name: name, subject: subject, key: key, recovery: recovery, generation: generation)
    }

    /// The identity of this name.
    func existing(_ name: String) async throws -> IdentityEntry {
        guard let entry = try await find(name) else {
            throw CommandFailure(
                status: .misused, what: "there is no identity '\(name)' in \(path)",
                next: "atoll id new \(name)")
        }
        return entry
    }

    /// Keeps what is known.
    func keep(_ entry: IdentityEntry) async throws {
        try await settings.shell.write(
            try place(of: entry.name), Array((entry.json.pretty + "\n").utf8))
    }

    /// Opens a key by its name.
    func open(_ key: String) async throws -> SigningKey {
        try await KeyAccess.open(
            try await settings.keys.existing(key),
            passphraseFile: settings.invocation.value(ClientSettings.passphraseOption.name),
            invocation: settings.invocation, shell: settings.shell)
    }

    /// Draws a key and keeps it sealed.
    func draw(_ name: String) async throws -> SigningKey {
        let bytes = settings.shell.effects.chance.bytes(SigningKey.seedCount)
        guard let key = SigningKey(seed: bytes) else {
            throw CommandFailure(status: .refused, what: "the system gave no random bytes")
        }
        _ = try await settings.keys.keep(key, as: name, settings.invocation)
        return key
    }

    /// The DID that a word names: itself, an identity of this home, or a key's own.
    func did(named text: String) async throws -> DID {
        if text.hasPrefix("did:") {
            guard let did = DID(text) else {
                throw CommandFailure(status: .misused, what: "'\(text)' is no DID")
            }
            return did
        }
        if let entry = try await find(text) { return entry.did }
        let key = try await settings.keys.read(try await settings.keys.existing(text)).publicKey
        return KeyMethod.did(of: .ed25519(key))
    }

    /// The account of the identity that a word names: 64 digits, a DID of the ledger's, an identity
    /// or a key of this home.
    func identity(named text: String) async throws -> AccountID {
        if let account = AccountID(hexadecimal: text) { return account }
        if text.hasPrefix("did:") {
            let did = try await did(named: text)
            guard let account = try? AtollMethod.account(of: did) else {
                throw CommandFailure(status: .misused, what: "'\(text)' is no did:atoll")
            }
            return account
        }
        if let entry = try await find(text) { return entry.subject }
        return try await settings.account(named: text)
    }

    /// The identity that `--as` names, and the key that speaks for it; without the option the key
    /// that signs, and its own account.
    func speaker() async throws -> (identity: AccountID, key: SigningKey) {
        guard let name = settings.invocation.value(DocumentSignature.option.name) else {
            let key = try await settings.key()
            return (AccountID(of: key.publicKey), key)
        }
        if let entry = try await find(name) { return (entry.subject, try await open(entry.key)) }
        let key = try await open(name)
        return (AccountID(of: key.publicKey), key)
    }

    /// Who signs, as the options of a command name it.
    func signer(_ invocation: Invocation) async throws -> DocumentSignature {
        try await signer(invocation.value(DocumentSignature.option.name) ?? KeyFolder.usual)
    }

    /// Who signs under a name: an identity of this home, or a plain key.
    func signer(_ name: String) async throws -> DocumentSignature {
        if let entry = try await find(name) {
            let key = try await open(entry.key)
            return try DocumentSignature(entry.did, key)
        }
        let key = try await open(name)
        return try DocumentSignature(KeyMethod.did(of: .ed25519(key.publicKey)), key)
    }
}

/// A key and the names it signs under.
struct DocumentSignature {
    let did: DID
    let method: DIDURL
    let key: SigningKey

    static let option = OptionSpec(
        name: "as", value: "NAME",
        help: "who signs: an identity or a key of this home; default 'default'")

    init(_ did: DID, _ key: SigningKey) throws {
        let fragment = VerificationKey.ed25519(key.publicKey).multibase
        guard let method = DIDURL("\(did)#\(fragment)") else {
            throw CommandFailure(status: .refused, what: "\(did) cannot name its key")
        }
        self.did = did
        self.method = method
        self.key = key
    }

    /// Options of a proof made now.
    func options(_ purpose: Relationship, at now: Moment) -> ProofOptions {
        ProofOptions(method: method, purpose: purpose, created: now)
    }
}

extension Shell {
    /// The second it is.
    var moment: Moment { Moment(seconds: Int64(effects.time.wallClock().value / 1_000)) }

    /// Reads a JSON document as strictly as what is signed.
    func document(_ path: String) async throws -> JSON {
        let bytes: [UInt8]
        if path == "-" {
            guard let typed = Terminal.standardInput(limit: CanonicalJSON.documentBytesMax) else {
                throw CommandFailure(status: .misused, what: "standard input is too long")
            }
            bytes = typed
        } else {
            bytes = try await read(path, limit: CanonicalJSON.documentBytesMax)
        }
        do {
            return try CanonicalJSON.read(bytes)
        } catch {
            throw CommandFailure(status: .refused, what: "\(path) cannot be read: \(error)")
        }
    }
}
