// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Vocabulary

/// Who may do what at a gateway, and the log of what was done.
struct GatewayAccess: Sendable {
    let book: AccessBook
    let logins: LoginBook
    let tickets: TicketBook
    let audit: AuditLog
    let gate: AccessGate

    init(_ configuration: GatewayConfiguration, _ effects: Effects) {
        book = AccessBook(effects: effects)
        logins = LoginBook(effects: effects)
        tickets = TicketBook(effects: effects)
        audit = AuditLog(effects: effects)
        gate = AccessGate(
            mode: configuration.access, book: book, logins: logins, tickets: tickets,
            ownerToken: configuration.ownerToken)
    }

    /// How often what keys have spent is written down: a power cut forgets at most so much.
    static let keepMilliseconds: UInt64 = 10_000

    /// Reads keys and opens the log. A gateway whose files are damaged starts, lets nobody in by a
    /// key, and changes neither.
    func open(_ log: @Sendable (String) -> Void) async {
        do throws(Problem) {
            try await book.load()
        } catch {
            log("keys cannot be read: \(error.detail ?? error.title)")
        }
        do throws(DiskFailure) {
            try await audit.open()
        } catch {
            log("the audit log cannot be opened: \(error)")
        }
    }

    /// Writes down what keys have spent until the task is cancelled.
    func keep(_ effects: Effects) async {
        while !Task.isCancelled {
            await effects.time.sleep(milliseconds: Self.keepMilliseconds)
            await book.saveSpending()
        }
    }

    func close() async {
        await book.saveSpending()
        await audit.close()
    }

    /// Has a request answered for whoever may use the route, and notes what it changed.
    func serve(_ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        let principal = try await gate.admit(request, to: route)
        var response = try await Principal.$current.withValue(principal) {
            try await route.handler(request)
        }
        if principal.name != Principal.anybody.name { response.principal = principal.name }
        if route.isNoted, !route.isReading, response.status.code < 400 {
            await audit.note(
                AuditLog.Entry(
                    principal: principal.name, action: route.name, subject: request.path,
                    status: response.status.code, request: request.name ?? ""))
        }
        return response
    }
}

extension GatewayContext {
    /// Does something that hands in fees; the caller's key pays for it out of its budget, unless
    /// it is refused.
    func charging(
        _ amount: Amount, _ body: () async throws(Problem) -> Void
    ) async throws(Problem) {
        let caller = Principal.current
        if let session = caller.session {
            try access.logins.charge(session, amount)
            do {
                return try await body()
            } catch {
                access.logins.refund(session, amount)
                throw error
            }
        }
        guard let key = caller.key else { return try await body() }
        try await access.book.charge(key, amount)
        do {
            try await body()
        } catch {
            await access.book.refund(key, amount)
            throw error
        }
    }
}
