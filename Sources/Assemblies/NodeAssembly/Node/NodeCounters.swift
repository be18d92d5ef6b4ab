// SPDX-License-Identifier: Apache-2.0

/// What a node counts, for `/metrics`.
struct NodeCounters {
    var batchFetches: UInt64 = 0
    var batchesDropped: UInt64 = 0
    var batchesMade: UInt64 = 0
    var blocksFinal: UInt64 = 0
    var blocksProposed: UInt64 = 0
    var slotsSkipped: UInt64 = 0
    var stateDivergences: UInt64 = 0
    var transactionsApplied: UInt64 = 0
    var transactionsRefused: UInt64 = 0
    var transactionsSkipped: UInt64 = 0
    var transactionsReceived: UInt64 = 0
    var transactionsNotTaken: UInt64 = 0
    var messagesMalformed: UInt64 = 0
    var messagesRejected: UInt64 = 0
    var proposalsRefused: UInt64 = 0
    var catchUps: UInt64 = 0
    var stalls: UInt64 = 0
    var evidence: UInt64 = 0
    var sendDrops: UInt64 = 0

    /// The counters by metric name, in name order.
    var named: [(name: String, value: UInt64)] {
        [
            ("batch_fetches_total", batchFetches),
            ("batches_dropped_total", batchesDropped),
            ("batches_made_total", batchesMade),
            ("blocks_final_total", blocksFinal),
            ("blocks_proposed_total", blocksProposed),
            ("catch_up_requests_total", catchUps),
            ("consensus_stalls_total", stalls),
            ("equivocation_evidence_total", evidence),
            ("messages_malformed_total", messagesMalformed),
            ("messages_rejected_total", messagesRejected),
            ("proposals_refused_total", proposalsRefused),
            ("send_drops_total", sendDrops),
            ("slots_skipped_total", slotsSkipped),
            ("state_divergence_alarms_total", stateDivergences),
            ("transactions_applied_total", transactionsApplied),
            ("transactions_not_taken_total", transactionsNotTaken),
            ("transactions_received_total", transactionsReceived),
            ("transactions_refused_total", transactionsRefused),
            ("transactions_skipped_total", transactionsSkipped),
        ]
    }
}
