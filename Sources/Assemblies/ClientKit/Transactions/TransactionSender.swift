// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Effects
public import Ledger
public import Vocabulary

/// A transaction that a final block carries and that took effect.
public struct SentTransaction: Hashable, Sendable {
    /// What became of it.
    public let outcome: TransactionView
    /// From sending it to knowing that it is final.
    public let finalityMilliseconds: UInt64
    /// The client's calendar clock when it was sent.
    public let sentAt: Timestamp
    /// The clock that never goes back when it was sent.
    let begin: Instant
}

/// Signs, sends and waits for finality, again with another nonce when somebody else used it.
public struct TransactionSender: Sendable {
    /// The gateway.
    public let client: GatewayClient
    /// Makes the transactions.
    public let builder: TransactionBuilder

    /// How often a nonce may turn out to be taken: 8, for as many senders with one key at once.
    public static let attemptsMax = 8
    /// How long one request waits for finality; it is repeated until the caller's time is up.
    static let waitMilliseconds: UInt64 = 20_000
    /// The wait before another attempt, times the number of attempts so far.
    static let pauseMilliseconds: UInt64 = 50

    /// Joins a gateway, the trusted genesis and a key.
    public init(client: GatewayClient, genesis: Genesis, key: SigningKey) {
        self.client = client
        builder = TransactionBuilder(genesis: genesis, key: key)
    }

    /// Sends messages as one transaction and waits until it is final and applied.
    ///
    /// - Parameters:
    ///   - messages: What is asked of the chain, all of it or nothing.
    ///   - timeoutMilliseconds: How long to wait in all.
    /// - Throws: ``ClientFailure``; ``ClientFailure/refused(_:)`` when a final block holds a
    ///   refusal, ``ClientFailure/timedOut(_:)`` when it is held but not final in time, and
    ///   ``ClientFailure/wrongChain(trusted:gateway:)`` before anything is signed.
    public func send(
        _ messages: [Message], timeoutMilliseconds: UInt64 = 30_000
    ) async throws(ClientFailure) -> SentTransaction {
        let time = client.effects.time
        let deadline = time.now().advanced(by: timeoutMilliseconds.nanoseconds)
        for attempt in 1...Self.attemptsMax {
            let status = try await client.status(of: builder.genesis.chain)
            let nonce = try await client.account(builder.account).nonce
            let signed = try builder.build(messages, nonce: nonce, height: status.height)
            let begin = time.now()
            let sentAt = time.wallClock()
            if let outcome = try await outcome(of: signed, until: deadline) {
                let took = time.now().milliseconds(since: begin)
                return SentTransaction(
                    outcome: outcome, finalityMilliseconds: took, sentAt: sentAt, begin: begin)
            }
            await time.sleep(milliseconds: Self.pauseMilliseconds * UInt64(attempt))
        }
        throw .timedOut(
            "other transactions of account \(builder.account) took \(Self.attemptsMax) nonces in "
                + "a row; nothing of this one took effect")
    }

    /// What became of a transaction; nothing when its nonce belongs to another and it never runs.
    private func outcome(
        of signed: SignedTransaction, until deadline: Instant
    ) async throws(ClientFailure) -> TransactionView? {
        do throws(ClientFailure) {
            let outcome = try await final(signed, until: deadline)
            guard let refusal = outcome.refusal else { return outcome }
            throw .refused(refusal)
        } catch {
            guard let name = error.name, Self.nonceRefusals.contains(name) else { throw error }
            return nil
        }
    }

    /// The names of refusals after which the same messages may be sent with another nonce.
    static let nonceRefusals: Set<String> = ["nonceTooLow", "nonceTooHigh", "nonceTaken"]

    /// Submits until the transaction is final; repeating it is safe, for its hash names it.
    private func final(
        _ signed: SignedTransaction, until deadline: Instant
    ) async throws(ClientFailure) -> TransactionView {
        while true {
            let now = client.effects.time.now()
            let left = deadline.milliseconds(since: now)
            guard left > 0 else {
                throw .timedOut(
                    "transaction \(signed.hash) is held by the gateway but is not final; it may "
                        + "still become so until block \(signed.transaction.validUntil)")
            }
            do throws(ClientFailure) {
                let wait = min(left, Self.waitMilliseconds)
                if case .final(let view) = try await client.submit(signed, waitMilliseconds: wait) {
                    return view
                }
            } catch .problem(let report) where report.name == "finalityTimedOut" {
                continue
            } catch {
                throw error
            }
        }
    }
}

extension UInt64 {
    /// Milliseconds as nanoseconds, held at the largest value.
    var nanoseconds: UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product
    }
}
