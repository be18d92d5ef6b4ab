// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Ledger
public import ServiceDiscovery
public import Vocabulary

/// Synapse: how machines find one another, agree on a price, and work.
///
/// What providers announce and bid is checked by their signatures; what they did by the receipt.
public struct Synapse: Sendable {
    /// Orders, pays and checks.
    public let session: JobSession

    /// Joins a gateway, the trusted genesis and the key that orders and pays.
    public init(client: GatewayClient, genesis: Genesis, key: SigningKey) {
        session = JobSession(client: client, genesis: genesis, key: key)
    }

    /// Providers that announce what is asked for: cheapest, nearest or best first.
    ///
    /// - Throws: ``ClientFailure``.
    public func discoverServices(
        _ query: ServiceQuery
    ) async throws(ClientFailure) -> [ServiceView] {
        try await session.client.services(query)
    }

    /// Asks providers for bids, awards the work to the cheapest, and orders nothing yet.
    ///
    /// - Parameters:
    ///   - request: What is to run.
    ///   - budget: The most that all executions together may cost.
    ///   - counterPrice: What one execution should cost at most: who bids more is asked once.
    ///   - tell: Is told each step.
    /// - Throws: ``ClientFailure``; ``ClientFailure/timedOut(_:)`` when too few bid in time.
    public func negotiateTask(
        _ request: JobRequest, budget: Amount, counterPrice: Amount? = nil,
        tell: JobSession.Listener = { _ in }
    ) async throws(ClientFailure) -> PreparedJob {
        var request = request
        request.negotiates = true
        request.maxCost = budget
        request.counterPrice = counterPrice
        return try await session.prepare(request, tell: tell)
    }

    /// Has an awarded task done: opens its order, which holds the price in escrow, follows the
    /// providers to the end, and checks what they wrote and the receipt.
    ///
    /// - Throws: ``ClientFailure``.
    public func coordinateExecution(
        of task: PreparedJob, tell: @escaping JobSession.Listener = { _ in }
    ) async throws(ClientFailure) -> JobReport {
        try await session.run(task, tell: tell)
    }
}
