// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Effects
public import Ledger
public import LightClient
import Market
public import Vocabulary

/// Runs jobs for one key through one gateway, trusting nothing but a genesis file.
///
/// The gateway carries bytes and tells what it sees; what counts is checked here: the chain's
/// identity, the digests of everything read and written, and the receipt with its signatures.
public struct JobSession: Sendable {
    /// What is told about a job on its way.
    public typealias Listener = @Sendable (JobProgress) -> Void

    /// The gateway.
    public let client: GatewayClient
    /// The genesis that is trusted.
    public let genesis: Genesis
    /// How far the validators have been followed; nothing begins at the genesis.
    let trail: ValidatorTrail?
    let sender: TransactionSender

    /// How long past its deadline an order is waited for: the chain ends it in the first block
    /// after, which an idle chain makes within seconds.
    static let slackMilliseconds: UInt64 = 15_000

    /// Joins a gateway, the trusted genesis and the key that orders and pays.
    ///
    /// - Parameters:
    ///   - client: The gateway.
    ///   - genesis: What is trusted.
    ///   - key: Orders and pays.
    ///   - trail: How far the validators have been followed; the rest of the way is asked of the
    ///     gateway when a receipt needs it.
    public init(
        client: GatewayClient, genesis: Genesis, key: SigningKey, trail: ValidatorTrail? = nil
    ) {
        self.client = client
        self.genesis = genesis
        self.trail = trail
        sender = TransactionSender(client: client, genesis: genesis, key: key)
    }

    /// The account that orders and pays.
    public var account: AccountID { sender.builder.account }

    var time: any TimeSource { client.effects.time }

    /// Runs a job from its upload to its checked receipt.
    ///
    /// - Throws: ``ClientFailure``. After ``JobProgress/opened(_:height:finalityMilliseconds:)``
    ///   the order stands whatever happens here, and ends at its deadline at the latest.
    public func run(
        _ request: JobRequest, tell: @escaping Listener = { _ in }
    ) async throws(ClientFailure) -> JobReport {
        let begin = time.now()
        let prepared = try await prepare(request, tell: tell)
        return try await run(prepared, begin: begin, tell: tell)
    }

    /// Runs what was prepared, to its checked receipt.
    ///
    /// - Throws: ``ClientFailure``, as the same for a request.
    public func run(
        _ prepared: PreparedJob, tell: @escaping Listener = { _ in }
    ) async throws(ClientFailure) -> JobReport {
        try await run(prepared, begin: time.now(), tell: tell)
    }

    private func run(
        _ prepared: PreparedJob, begin: Instant, tell: @escaping Listener
    ) async throws(ClientFailure) -> JobReport {
        let opened = try await order(prepared, tell: tell)
        let limit = prepared.timeoutMilliseconds + Self.slackMilliseconds
        let place = Self.place(before: opened.sent.outcome.height)
        let view = try await wait(
            for: opened.job, after: place, milliseconds: limit, tell: tell)
        let settledMilliseconds = time.now().milliseconds(since: opened.sent.begin)
        return try await report(
            opened, view, begin: begin, settledMilliseconds: settledMilliseconds)
    }

    /// Takes an order back; what it held returns to the client.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when it has ended or is not the
    ///   client's.
    public func cancel(_ job: JobID) async throws(ClientFailure) -> SentTransaction {
        try await sender.send([Self.message(.cancelOrder(CancelOrder(job: job)))])
    }

    static func message(_ message: MarketMessage) -> Message {
        Message(module: .market, payload: message.canonicalBytes)
    }

    /// The place in the stream of events just before a block.
    static func place(before height: BlockHeight) -> String {
        "\(height.value - min(height.value, 1)).\(UInt32.max)"
    }
}
