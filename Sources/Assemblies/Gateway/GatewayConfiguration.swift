// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Database
public import Effects
public import HTTPServer
public import Identity

/// Where a gateway listens and how much it takes.
public struct GatewayConfiguration: Sendable {
    /// The most bytes of one uploaded blob unless said otherwise: 256 MiB, the input of one job.
    public static let blobBytesUsual: UInt64 = 256 << 20

    /// Where it listens; port 0 lets the system choose.
    public var endpoint: Endpoint
    /// The most bytes of one uploaded blob (GATEWAY-3).
    public var blobBytesMax: UInt64
    /// The program's version, as `/v1/status` and `/openapi.json` show it.
    public var version: String
    /// Where it listens for sealed connections as well (GATEWAY-19).
    public var sealed: SealedDoor?
    /// Whom it trusts when a request says nothing of it; nobody as long as nothing is said.
    public var trust = TrustPolicy(issuers: [:])
    /// With which identity it signs, and for whom; for nobody when missing.
    public var issuer: GatewayIssuer?
    /// How patient and how large the HTTP service is.
    public var http: HTTPConfiguration
    /// What the owner shows to change the network or to trace it (GATEWAY-30); nothing lets nobody.
    public var ownerToken: String?
    /// Where the index of the chain is kept (GATEWAY-50); nothing keeps none.
    public var index: DatabaseAddress?
    /// Whether it answers callers who show nothing (GATEWAY-40).
    public var access = AccessMode.open
    /// Signs the daily anchor of the audit log (GATEWAY-46); without it none is written.
    public var anchorKey: SigningKey?
    /// Which pages of other origins may read answers; none but its own unless said otherwise.
    public var crossOrigins = CrossOrigins()
    /// Where spans of requests are sent, such as `http://127.0.0.1:4318/v1/traces` (GATEWAY-60).
    public var traces: HTTPAddress?
    /// Takes one line of JSON about each request that was answered; must return at once.
    public var accessLog: (@Sendable (String) -> Void)?
    /// What it shows to people; an API alone when missing (DASHBOARD-1).
    public var dashboard: Dashboard?
    /// From whose purse it gives test money; nothing on every cloud but one's own (DASHBOARD-4).
    public var faucet: Faucet?
    /// Takes one line about something unusual; must return at once.
    public var log: @Sendable (String) -> Void

    /// Describes a gateway; without `log` nothing is told.
    public init(
        endpoint: Endpoint, version: String, blobBytesMax: UInt64 = blobBytesUsual,
        http: HTTPConfiguration = HTTPConfiguration(),
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.endpoint = endpoint
        self.version = version
        self.blobBytesMax = blobBytesMax
        self.http = http
        self.log = log
    }

    /// The HTTP service's limits, with what every answer of a gateway gets (HTTP-70 to HTTP-74).
    ///
    /// - Parameter spans: Takes each request that was answered, where they are traced.
    func service(spans: SpanExporter?) -> HTTPConfiguration {
        var service = http
        service.crossOrigins = crossOrigins
        service.tagsAnswers = true
        service.compresses = true
        service.namesRequests = true
        guard accessLog != nil || spans != nil else { return service }
        service.accessLog = { [accessLog] record in
            accessLog?(record.line)
            spans?.add(record)
        }
        return service
    }
}
