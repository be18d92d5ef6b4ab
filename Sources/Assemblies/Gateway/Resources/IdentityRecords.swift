// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identities
import Identity
import JSONText
import Ledger
import NodeInterface
import Vocabulary

/// Shows records of identities, and gives their logs to whoever wants to be offline (GATEWAY-21).
struct IdentityRecordResource: Resource {
    let context: GatewayContext

    /// The media type of a bundle.
    static let bundleType = "application/vnd.atoll.identities"
    /// The most identities of one bundle that is asked for: each is a search through events.
    static let bundleMax = 64

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/identities/{did}/record", name: "getIdentityRecord",
                tag: "identities",
                summary: "What the log of an identity says, entry by entry. "
                    + "`/v1/proofs/identities/01…` proves it.",
                parameters: [Self.parameter],
                responses: [
                    .json("The identity.", Schema.reference("IdentityRecord")),
                    .problem(400, "The identity is malformed."),
                    .problem(404, "No log of the identity has begun."),
                ], handler: show),
            Route(
                method: .get, pattern: "/v1/identities/{did}/log", name: "getIdentityLog",
                tag: "identities",
                summary: "The log of one identity, as a dated bundle that proves itself.",
                parameters: [Self.parameter],
                responses: [
                    .bytes("The bundle.", type: Self.bundleType),
                    .problem(400, "The identity is malformed."),
                    .problem(404, "No log of the identity has begun, or parts are forgotten here."),
                ],
                handler: { try await bundle([identity(of: $0)]) }),
            Route(
                method: .get, pattern: "/v1/identities", name: "getIdentityBundle",
                tag: "identities",
                summary: "The logs of several identities in one dated bundle, for offline use.",
                parameters: [
                    .needed(
                        "of", "1 to \(Self.bundleMax) identities with commas between them.",
                        Schema.identities(max: Self.bundleMax))
                ],
                responses: [
                    .bytes("The bundle.", type: Self.bundleType),
                    .problem(400, "An identity is malformed, or there are none or too many."),
                    .problem(404, "No log of an identity has begun, or parts are forgotten here."),
                ], handler: several),
        ]
    }

    static let parameter = Route.Parameter.path(
        "did", "Its DID, or its account.", Schema.identityName)

    /// The identity in a path.
    static func read(_ text: String) throws(Problem) -> AccountID {
        if let account = AccountID(hexadecimal: text) { return account }
        guard let did = DID(text), let account = try? AtollMethod.account(of: did) else {
            throw HTTPRequest.malformed(
                "did", "must be a DID of the method atoll, or 64 hexadecimal digits")
        }
        return account
    }

    private func identity(of request: HTTPRequest) throws(Problem) -> AccountID {
        try Self.read(request.parameters["did"] ?? "")
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account = try identity(of: request)
        let chain = context.node.chain
        let (record, head) = await context.node.read { state, head in
            (IdentitiesQueries(state).identity(account, chain: chain), head)
        }
        guard let record else { throw Self.unknown(account) }
        return .json(JSON(record, at: head).bytes)
    }

    static func unknown(_ account: AccountID) -> Problem {
        GatewayProblem.unknownIdentity.problem(
            "no log of \(AtollMethod.did(of: account)) has begun")
    }

    private func several(_ request: HTTPRequest) async throws -> HTTPResponse {
        let texts = (request.query("of") ?? "").split(separator: ",")
        guard (1...Self.bundleMax).contains(texts.count) else {
            throw HTTPRequest.malformed("of", "must name 1 to \(Self.bundleMax) identities")
        }
        var accounts: Set<AccountID> = []
        for text in texts { accounts.insert(try Self.read(String(text))) }
        return try await bundle(accounts.sorted())
    }

    /// Puts logs together from the events that are kept; each must be whole to the state's head.
    private func bundle(_ accounts: [AccountID]) async throws -> HTTPResponse {
        let chain = context.node.chain
        let (records, head) = await context.node.read { state, head in
            (accounts.map { IdentitiesQueries(state).identity($0, chain: chain) }, head)
        }
        var logs: [IdentityBundle.Log] = []
        for (account, record) in zip(accounts, records) {
            guard let record else { throw Self.unknown(account) }
            logs.append(
                IdentityBundle.Log(subject: account, entries: try await log(of: record)))
        }
        let bundle = IdentityBundle(
            chain: chain, made: Moment(seconds: Int64(clamping: head.time.value / 1_000)),
            logs: logs)
        return HTTPResponse(
            .ok,
            fields: [
                "Content-Type": Self.bundleType, "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(bundle.canonicalBytes))
    }

    private func log(of record: IdentityRecord) async throws -> [SignedOperation] {
        var entries: [SignedOperation] = []
        var after: EventCursor?
        repeat {
            let page = await context.node.events(
                about: record.subject.raw, after: after, limit: LedgerMachine.eventsPageMax)
            entries += page.events.compactMap { Self.entry($0.event, on: record.chain) }
            after = page.next
        } while after != nil && entries.count < Int(record.count)
        entries = Array(entries.prefix(Int(record.count)))
        guard entries.count == Int(record.count), entries.last?.digest == record.last else {
            throw GatewayProblem.logIncomplete.problem(
                "this node has \(entries.count) of \(record.count) entries; the state proves the "
                    + "record without them")
        }
        return entries
    }

    private static func entry(_ event: Event, on chain: ChainID) -> SignedOperation? {
        guard event.module == .identities else { return nil }
        switch IdentitiesEventKind(rawValue: event.kind) {
        case .identityCreated:
            return (try? NewIdentity(canonicalBytes: event.payload))?.entry(on: chain)
        case .operationAdded: return try? SignedOperation(canonicalBytes: event.payload)
        case .issuerChanged, .issuerSlashed, .statusAnchored, .personChanged, nil: return nil
        }
    }
}
