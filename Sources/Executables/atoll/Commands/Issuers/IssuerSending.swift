// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import Ledger
import Vocabulary

/// Sends a message about an issuer of this home, by the key that speaks for it.
struct IssuerSending {
    let identity: AccountID
    private let settings: ClientSettings
    private let sending: MessageSending

    static let options =
        MessageSending.options.filter { $0.name != ClientSettings.keyOption.name } + [
            OptionSpec(
                name: DocumentSignature.option.name, value: "NAME",
                help: "the issuer: an identity of this home; its key sends and pays"),
            TrailFolder.option,
        ]

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        settings = ClientSettings(invocation, shell)
        guard let name = invocation.value(DocumentSignature.option.name) else {
            throw CommandFailure(
                status: .misused, what: "the issuer is not named", kept: "nothing was sent",
                next: "name an identity of this home with --as NAME")
        }
        let book = IdentityBook(settings: settings)
        let entry = try await book.existing(name)
        identity = entry.subject
        sending = try await MessageSending(
            invocation, shell, key: try await book.open(entry.key))
    }

    var did: DID { AtollMethod.did(of: identity) }

    /// How the ledger knows it.
    func known() async throws -> Issuer {
        try await IssuerState.read(identity, settings).issuer
    }

    /// The least bond for so many types on this chain.
    func bondMin(types: Int) async throws -> Amount {
        let (figures, _) = try await ProvenState(settings: settings).read(
            .identities, IdentitiesKeys.parameters, as: IdentitiesParameters.self)
        let parameters = figures ?? .standard
        return parameters.bondPerType.multiplied(by: UInt64(max(types, 1))) ?? .zero
    }

    /// Sends; `done` says what happened, in the past.
    func send(_ message: IdentitiesMessage, done: String) async throws -> Int32 {
        sending.write(
            done, try await sending.send([message.message]), [JSON.Member("issuer", JSON("\(did)"))]
        )
        return 0
    }
}

/// An issuer as the ledger knows it, proven.
struct IssuerState {
    let issuer: Issuer
    /// As of when, in words.
    let words: String

    static func read(_ account: AccountID, _ settings: ClientSettings) async throws -> IssuerState {
        guard let found = try await find(account, settings) else {
            throw CommandFailure(
                status: .refused, what: "\(AtollMethod.did(of: account)) never was an issuer",
                next: "atoll trust issuers --ledger lists those that are")
        }
        return found
    }

    static func find(
        _ account: AccountID, _ settings: ClientSettings
    ) async throws -> IssuerState? {
        let (issuer, header) = try await ProvenState(settings: settings).read(
            .identities, IdentitiesKeys.issuer(account), as: Issuer.self)
        return issuer.map { IssuerState(issuer: $0, words: header.words) }
    }

    var state: String {
        switch issuer.status {
        case .active: "active"
        case .retiring: "retiring"
        case .withdrawn: "withdrawn"
        }
    }

    var json: JSON {
        [
            "did": JSON("\(AtollMethod.did(of: issuer.account))"), "state": JSON(state),
            "types": .array(issuer.types.map { JSON($0) }), "address": JSON(issuer.address),
            "bond": JSON("\(issuer.bond.units)"), "slashed": JSON("\(issuer.slashed.units)"),
            "since": JSON(issuer.since.value), "lists": JSON(issuer.anchors),
        ]
    }
}

/// What the ledger says of a status list.
enum AnchoredList {
    /// The hash that an anchor states: that of the signed list in canonical form.
    static func digest(of json: JSON) throws -> Digest {
        try StatusFile.attempt("the list has no canonical form") {
            SHA256.hash(try CanonicalJSON.bytes(of: json))
        }
    }

    /// Refuses a list that is not the one its issuer has anchored, proven; one whose issuer has
    /// anchored none is refused too.
    static func check(_ json: JSON, _ path: String, _ settings: ClientSettings) async throws {
        let list = try StatusFile.attempt("\(path) is no status list") {
            try StatusListCredential(reading: Credential(reading: json.removing("proof")))
        }
        guard let account = DID(list.issuer).flatMap({ try? AtollMethod.account(of: $0) }) else {
            throw CommandFailure(
                status: .refused, what: "\(path) is by \(list.issuer), which anchors nothing",
                next: "verify without --anchored")
        }
        let (anchor, _) = try await ProvenState(settings: settings).read(
            .identities, IdentitiesKeys.anchor(account, list: list.id), as: StatusAnchor.self)
        guard let anchor, anchor.digest == (try digest(of: json)) else {
            let newest = anchor.map { "the one of \($0.time.utc) counts" }
            throw CommandFailure(
                status: .refused, what: "\(path) is not the list that its issuer has anchored",
                kept: newest ?? "nothing is anchored for \(list.id)",
                next: "fetch the list at \(list.id) anew")
        }
    }
}
