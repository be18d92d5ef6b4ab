// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// Every route of the gateway: the one source of the router and of the OpenAPI document.
struct RouteTable: Sendable {
    let routes: [Route]
    private let dashboard: Dashboard?
    private let log: @Sendable (String) -> Void
    private let access: GatewayAccess

    /// Gathers the routes of all resources.
    init(_ context: GatewayContext) {
        let resources: [any Resource] = [
            StatusResource(context: context), TransactionResource(context: context),
            BlobResource(context: context), AccountResource(context: context),
            ProviderResource(context: context), ValidatorResource(context: context),
            EconomyResource(context: context), TreasuryResource(context: context),
            AssetResource(context: context), FaucetResource(context: context),
            ExchangeResource(context: context), LeaseResource(context: context),
            LawResource(context: context),
            IdentityRecordResource(context: context), IssuerResource(context: context),
            NameResource(context: context), MandateResource(context: context),
            HandoverResource(context: context), QuoteResource(context: context),
            JobResource(context: context), OutputResource(context: context),
            ReceiptResource(context: context), ProofResource(context: context),
            BlockResource(context: context), PastEventResource(context: context),
            IdentityResource(context: context), CredentialResource(context: context),
            EventResource(context: context), EventSocketResource(context: context),
            HealthResource(context: context),
            MetricsResource(context: context), NetworkResource(context: context),
            AccessKeyResource(context: context),
            LoginResource(context: context), TicketResource(context: context),
            AuditResource(context: context),
            SearchResource(context: context),
            ServiceResource(context: context), LeaseQuestionResource(context: context),
        ]
        let served = resources.flatMap(\.routes)
        let version = context.configuration.version
        let described =
            served + [OpenAPIDocument.route(answering: []), DocumentationPage.route(answering: [])]
        let document = OpenAPIDocument(routes: described, version: version)
        let page = DocumentationPage(routes: described, version: version)
        routes =
            served + [
                OpenAPIDocument.route(answering: document.json.bytes),
                DocumentationPage.route(answering: Array(page.html.utf8)),
            ]
        dashboard = context.configuration.dashboard
        log = context.configuration.log
        access = context.access
    }

    /// The routes as the server takes them.
    var router: Router {
        var router = Router()
        for route in routes {
            router.on(
                route.method, route.pattern, bodyBytesMax: route.body?.bytesMax ?? 0,
                guarded(route))
        }
        dashboard.map { DashboardPages(dashboard: $0).serve(on: &router) }
        return router
    }

    /// The handler, with failures that are no answers told to the log.
    private func guarded(_ route: Route) -> HTTPHandler {
        { [log, access] request in
            do {
                return try await access.serve(route, request)
            } catch let error where !(error is Problem) && !(error is HTTPBodyFailure) {
                log("\(route.method) \(route.pattern.text) failed: \(error)")
                throw GatewayProblem.nodeFailed.problem("the request could not be answered")
            }
        }
    }
}
