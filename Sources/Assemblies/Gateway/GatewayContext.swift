// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import NodeInterface

/// What the resources of one gateway share.
struct GatewayContext: Sendable {
    /// The node it speaks for.
    let node: any NodeAccess
    /// The world.
    let effects: Effects
    /// Limits and the log.
    let configuration: GatewayConfiguration
    /// What happened in the newest blocks, for event streams.
    let events: EventLog
    /// Who waits for the end of a transaction.
    let outcomes: OutcomeBoard
    /// First answers of requests with a key.
    let answers: AnswerBook
    /// Receipts that are certified.
    let receipts: ReceiptCache
    /// Who may do what, and what was done.
    let access: GatewayAccess
    /// Follows the chain into a database; nothing where none is kept.
    let indexer: Indexer?
    /// Sends spans of requests; nothing where none are wanted.
    let spans: SpanExporter?
    /// What the HTTP service counted; nothing before it exists.
    let counters: @Sendable () -> HTTPCounters?
}
