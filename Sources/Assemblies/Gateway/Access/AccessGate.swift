// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import Vocabulary

/// Decides who may use a route (GATEWAY-40, GATEWAY-41).
struct AccessGate: Sendable {
    let mode: AccessMode
    let book: AccessBook
    let logins: LoginBook
    let tickets: TicketBook
    let ownerToken: String?

    /// For whom a request is answered.
    ///
    /// A key that is shown is checked also where none is demanded: a caller with a bad key learns
    /// of it at once and is never taken for somebody else.
    ///
    /// - Throws: ``GatewayProblem/keyNeeded``, ``GatewayProblem/badKey``,
    ///   ``GatewayProblem/scopeMissing``, ``GatewayProblem/tooManyRequests``.
    func admit(_ request: HTTPRequest, to route: Route) async throws(Problem) -> Principal {
        let demand = route.asks
        guard demand != .owner else { return .anybody }
        guard let principal = try await shown(request, to: route) else {
            return try nobody(demand)
        }
        switch demand {
        case .scope(let scope), .principal(let scope):
            guard principal.scopes.contains(scope) else {
                throw GatewayProblem.scopeMissing.problem(
                    "\(principal.name) has no scope \(scope.rawValue)",
                    members: [("scope", .text(scope.rawValue))])
            }
        case .nothing, .owner: break
        }
        return principal
    }

    /// Whoever shows a key, a session, the owner's token, or a ticket where one is taken.
    private func shown(
        _ request: HTTPRequest, to route: Route
    ) async throws(Problem) -> Principal? {
        let fields = request.fields.values("authorization")
        if let value = fields.first {
            guard fields.count == 1, let credential = KeyText.read(value) else {
                throw Self.badKey("one Authorization field with the scheme Bearer is understood")
            }
            return try await principal(of: credential)
        }
        guard route.takesTicket, let text = request.query(TicketResource.parameter.name) else {
            return nil
        }
        let taken = tickets.take(
            text, path: route.pattern.text, authority: request.head.authority)
        // Whose key has ended since then has no use of the ticket either.
        guard let taken, await holds(taken) else {
            throw Self.badKey("the ticket is not for this, has expired, or was used")
        }
        return taken
    }

    /// Whether somebody who was let in to read may go on reading: streams ask now and then, so that
    /// a key that ends takes its streams along.
    func holds(_ principal: Principal) async -> Bool {
        if let key = principal.key, let secret = principal.secret {
            return await book.accepts(key, secret)
        }
        if let digest = principal.session {
            guard let session = logins.session(digest) else { return false }
            return await scopes(of: session).contains(.read)
        }
        return true
    }

    /// What a caller who shows nothing may do.
    private func nobody(_ demand: AccessDemand) throws(Problem) -> Principal {
        switch demand {
        case .nothing, .owner: return .anybody
        case .scope where mode == .open: return .anybody
        case .scope, .principal:
            var problem = GatewayProblem.keyNeeded.problem(
                "show a key or a session as Authorization: Bearer TEXT")
            problem.fields["WWW-Authenticate"] = "Bearer realm=\"atoll\""
            throw problem
        }
    }

    private func principal(of credential: KeyText.Shown) async throws(Problem) -> Principal {
        switch credential {
        case .key(let id, let secret):
            let key = try await book.admit(id, secret)
            return Principal(
                name: "key:\(id)", scopes: key.scopes, account: key.account, key: id,
                secret: secret)
        case .session(let digest):
            guard let session = logins.session(digest) else {
                throw Self.badKey("the session has ended")
            }
            return Principal(
                name: "account:\(session.account)",
                scopes: await scopes(of: session), account: session.account, session: digest)
        case .other(let bytes):
            guard let ownerToken, ConstantTime.areEqual(bytes, Array(ownerToken.utf8)) else {
                throw Self.badKey("this is no key, session or token of this gateway")
            }
            return .owner
        }
    }

    /// What an account may do by having logged in: where keys are demanded, nothing unless the
    /// owner has put it into a team.
    private func scopes(of session: LoginBook.Session) async -> Set<AccessScope> {
        if let grant = session.grant { return grant.scopes }
        let account = session.account
        if mode == .open { return Set(AccessScope.allCases) }
        return await book.isMember(account) ? Set(AccessScope.allCases) : []
    }

    private static func badKey(_ detail: String) -> Problem {
        var problem = GatewayProblem.badKey.problem(detail)
        problem.fields["WWW-Authenticate"] = "Bearer realm=\"atoll\", error=\"invalid_token\""
        return problem
    }
}
