// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Vocabulary

/// A key for programs, as the gateway keeps it: without its secret (GATEWAY-42).
struct AccessKey: Hashable, Sendable {
    /// The longest name.
    static let nameBytesMax = 64

    /// What its text begins with after `atoll_`; twelve hexadecimal digits.
    let id: String
    /// For people.
    var name: String
    /// The account that made it; nothing when the gateway's owner did.
    var account: AccountID?
    /// The team that uses it.
    var team: String?
    var scopes: Set<AccessScope>
    /// The SHA-256 of its secret.
    var secret: Digest
    /// The secret before the last change, and until when it is still taken.
    var previous: (secret: Digest, until: Timestamp)?
    var requestsPerMinute: UInt64?
    /// The most base units of fees it may hand in within a minute.
    var unitsPerMinute: Amount?
    /// The most base units of fees it may hand in in all.
    var budget: Amount?
    var spent = Amount.zero
    let created: Timestamp
    var expires: Timestamp?
    var revoked: Timestamp?

    static func == (left: AccessKey, right: AccessKey) -> Bool { left.id == right.id }
    func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Why it is not taken now, or nothing.
    func flaw(now: Timestamp) -> String? {
        if revoked != nil { return "the key was revoked" }
        if let expires, expires <= now { return "the key has expired" }
        return nil
    }

    /// Whether a secret is its own, or the one before within its grace.
    func accepts(_ shown: Digest, now: Timestamp) -> Bool {
        if ConstantTime.areEqual(shown.raw.bytes, secret.raw.bytes) { return true }
        guard let previous, now < previous.until else { return false }
        return ConstantTime.areEqual(shown.raw.bytes, previous.secret.raw.bytes)
    }

    /// What its holder may see: everything but secrets.
    var shown: JSON {
        JSON(members: [
            ("id", .string(id)), ("name", .string(name)), ("account", account.map { JSON($0) }),
            ("team", team.map { .string($0) }),
            ("scopes", .array(scopes.map(\.rawValue).sorted().map { .string($0) })),
            ("requestsPerMinute", requestsPerMinute.map { JSON($0) }),
            ("unitsPerMinute", unitsPerMinute.map { JSON($0) }),
            ("budget", budget.map { JSON($0) }), ("spent", JSON(spent)),
            ("created", JSON(created)), ("expires", expires.map { JSON($0) }),
            ("revoked", revoked.map { JSON($0) }),
            ("previousUntil", (previous?.until).map { JSON($0) }),
        ])
    }

    /// As it is stored.
    var stored: JSON {
        shown.adding([
            ("secret", JSON(secret)), ("previousSecret", (previous?.secret).map { JSON($0) }),
        ])
    }
}

extension AccessKey {
    /// Reads a stored key; nothing when the file was damaged.
    init?(stored json: JSON) {
        guard let id = json["id"]?.text, let name = json["name"]?.text,
            let secret = json["secret"]?.text.flatMap(Digest.init(hexadecimal:)),
            let spent = json["spent"]?.text.flatMap(Amount.init(units:)),
            let created = json["created"]?.unsigned
        else { return nil }
        self.id = id
        self.name = name
        self.secret = secret
        self.spent = spent
        self.created = Timestamp(created)
        account = json["account"]?.text.flatMap(AccountID.init(hexadecimal:))
        team = json["team"]?.text
        scopes = Set(
            (json["scopes"]?.elements ?? []).compactMap(\.text).compactMap(AccessScope.init))
        requestsPerMinute = json["requestsPerMinute"]?.unsigned
        unitsPerMinute = json["unitsPerMinute"]?.text.flatMap(Amount.init(units:))
        budget = json["budget"]?.text.flatMap(Amount.init(units:))
        expires = json["expires"]?.unsigned.map { Timestamp($0) }
        revoked = json["revoked"]?.unsigned.map { Timestamp($0) }
        if let old = json["previousSecret"]?.text.flatMap(Digest.init(hexadecimal:)),
            let until = json["previousUntil"]?.unsigned
        {
            previous = (old, Timestamp(until))
        }
    }
}

/// Accounts that share keys and a budget (GATEWAY-44).
struct AccessTeam: Sendable {
    static let membersMax = 64

    let name: String
    var members: Set<AccountID>
    var budget: Amount?
    var spent = Amount.zero

    var json: JSON {
        JSON(members: [
            ("name", .string(name)),
            ("members", .array(members.sorted().map { JSON($0) })),
            ("budget", budget.map { JSON($0) }), ("spent", JSON(spent)),
        ])
    }

    init(name: String, members: Set<AccountID>, budget: Amount?) {
        self.name = name
        self.members = members
        self.budget = budget
    }

    /// Reads a stored team; nothing when the file was damaged.
    init?(stored json: JSON) {
        guard let name = json["name"]?.text,
            let spent = json["spent"]?.text.flatMap(Amount.init(units:))
        else { return nil }
        let names = (json["members"]?.elements ?? []).compactMap(\.text)
        self.init(
            name: name, members: Set(names.compactMap(AccountID.init(hexadecimal:))),
            budget: json["budget"]?.text.flatMap(Amount.init(units:)))
        self.spent = spent
    }
}

extension Amount {
    /// Reads base units in decimal.
    init?(units text: String) {
        guard let units = UInt128(text) else { return nil }
        self.init(units)
    }
}
