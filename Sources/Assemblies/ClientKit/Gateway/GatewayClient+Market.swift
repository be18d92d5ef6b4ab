// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import NodeInterface
public import Receipts
public import Vocabulary

extension GatewayClient {
    /// An account's jobs, the newest first.
    public func jobs(
        of account: AccountID, limit: Int = 20, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<JobView> {
        try await jobs(at: "/v1/accounts/\(account)/jobs", [], limit, cursor)
    }

    /// Jobs that have not ended.
    ///
    /// - Parameters:
    ///   - wantsBids: Only those that want bids.
    ///   - limit: The most of them, 1 to 100.
    ///   - cursor: The `next` of the page before.
    public func liveJobs(
        wantsBids: Bool = false, limit: Int = 20, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<JobView> {
        try await jobs(at: "/v1/jobs", [("state", wantsBids ? "open" : "live")], limit, cursor)
    }

    private func jobs(
        at path: String, _ query: [(name: String, value: String)], _ limit: Int, _ cursor: String?
    ) async throws(ClientFailure) -> GatewayPage<JobView> {
        var call = GatewayCall(path)
        call.query = query + Self.page(limit, cursor)
        return try GatewayPage(await json(call), "jobs") { one throws(ClientFailure) in
            try JobView(one)
        }
    }

    private static func page(
        _ limit: Int, _ cursor: String?
    ) -> [(name: String, value: String)] {
        [("limit", "\(limit)")] + (cursor.map { [("cursor", $0)] } ?? [])
    }

    /// Providers in the order of their accounts.
    public func providers(
        limit: Int = 20, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<ProviderView> {
        var call = GatewayCall("/v1/providers")
        call.query = Self.page(limit, cursor)
        return try GatewayPage(await json(call), "providers") { one throws(ClientFailure) in
            try ProviderView(one)
        }
    }

    /// What a job may cost.
    ///
    /// - Parameters:
    ///   - fuelMax: The most fuel of one execution.
    ///   - replicas: How many providers run it.
    ///   - argumentBytes: The bytes of all arguments, for the fee.
    /// - Throws: ``ClientFailure``; a problem `tooFewProviders` when fewer are active than asked.
    public func quote(
        fuelMax: Fuel, replicas: UInt8, argumentBytes: Int = 0
    ) async throws(ClientFailure) -> Quote {
        let body: JSON = [
            "fuelMax": JSON(fuelMax.value), "replicas": JSON(replicas),
            "argumentBytes": JSON(argumentBytes),
        ]
        var call = GatewayCall("/v1/quotes")
        call.method = .post
        call.fields = ["Content-Type": "application/json"]
        call.body = .bytes(body.bytes)
        return try Quote(await json(call))
    }

    /// A job, live or ended.
    public func job(_ job: JobID) async throws(ClientFailure) -> JobView {
        try JobView(await json(GatewayCall("/v1/jobs/\(job)")))
    }

    /// What a finished job wrote to standard output; unchecked, see ``JobSession``.
    public func standardOutput(of job: JobID) async throws(ClientFailure) -> [UInt8] {
        try await stream("stdout", of: job)
    }

    /// What a finished job wrote to standard error; unchecked, see ``JobSession``.
    public func standardError(of job: JobID) async throws(ClientFailure) -> [UInt8] {
        try await stream("stderr", of: job)
    }

    private func stream(_ name: String, of job: JobID) async throws(ClientFailure) -> [UInt8] {
        var call = GatewayCall("/v1/jobs/\(job)/\(name)")
        call.answerBytesMax = JobOutput.bytesMax
        return try await send(call).body
    }

    /// The receipt file of a job that has ended; it proves nothing before it is checked.
    ///
    /// - Throws: ``ClientFailure``; problems `jobNotFinished`, and `notCertified` while no block
    ///   signed by a quorum carries the end of the job.
    public func receipt(of job: JobID) async throws(ClientFailure) -> ReceiptFile {
        var call = GatewayCall("/v1/jobs/\(job)/receipt")
        call.answerBytesMax = ReceiptFile.bytesMax
        let body = try await send(call).body
        do {
            return try ReceiptFile(bytes: body)
        } catch {
            throw .badAnswer("the receipt does not read: \(error)")
        }
    }
}
