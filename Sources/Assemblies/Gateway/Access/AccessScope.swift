// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What somebody may do at a gateway (GATEWAY-41).
enum AccessScope: String, CaseIterable, Sendable {
    /// Look at everything that is shown.
    case read
    /// Hand in transactions and signed messages.
    case submit
    /// Store blobs.
    case upload
    /// Have credentials signed and verified.
    case credentials
    /// Make, change and revoke keys of one's own.
    case manage
}

/// What a route asks of its caller.
enum AccessDemand: Hashable, Sendable {
    /// Nothing, even where keys are demanded: health, the interface's description, logging in.
    case nothing
    /// A scope, where keys are demanded.
    case scope(AccessScope)
    /// Who has logged in or shows a key with this scope, always.
    case principal(AccessScope)
    /// The handler checks the owner's token by itself.
    case owner
}

/// Whether a gateway answers callers who show nothing (GATEWAY-40).
public enum AccessMode: String, Sendable, CaseIterable {
    /// It does, as a local cloud needs.
    case open
    /// Only health, its own description and logging in.
    case keys
}

/// For whom a request is answered.
struct Principal: Sendable {
    /// As the access log and the audit log name them.
    let name: String
    /// What they may do.
    let scopes: Set<AccessScope>
    /// The account that logged in.
    var account: AccountID?
    /// The key that was shown.
    var key: String?
    /// The digest of the key's secret as it was shown.
    var secret: Digest?
    /// The session that was shown.
    var session: Digest?
    /// Whether they hold the owner's token.
    var isOwner = false

    /// Nobody in particular.
    static let anybody = Principal(name: "anybody", scopes: Set(AccessScope.allCases))
    /// Who holds the owner's token.
    static let owner = Principal(
        name: "owner", scopes: Set(AccessScope.allCases), isOwner: true)

    /// For whom the request in this task is answered.
    @TaskLocal static var current = Principal.anybody
}
