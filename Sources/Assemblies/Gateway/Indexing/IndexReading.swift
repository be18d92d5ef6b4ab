// SPDX-License-Identifier: Apache-2.0
import Consensus
import Governance
import JSONText
import Ledger
import Market
import NodeInterface
import Validators
import Vocabulary

/// A block with what its execution did, as far as the node still knows.
struct IndexedBlock: Sendable {
    let finalized: FinalizedBlock
    let outcomes: [TransactionOutcome]
    /// Events with their places in the block.
    let events: [(index: UInt32, event: Event)]

    init(_ block: AppliedBlock) {
        finalized = block.finalized
        outcomes = block.outcomes
        events = block.events.enumerated().map { (UInt32($0), $1) }
    }

    init(_ finalized: FinalizedBlock, _ receipts: [TransactionReceipt]) {
        self.finalized = finalized
        outcomes = receipts.map(\.outcome)
        events = receipts.flatMap(\.events).map { ($0.cursor.index, $0.event) }
    }

    var height: BlockHeight { finalized.block.header.height }
}

/// Turns blocks into records of an index. Pure, so a worker can do it.
enum IndexReading {
    /// The records of a block, and the jobs it touched.
    static func records(of block: IndexedBlock) -> (records: [IndexRecord], jobs: Set<Bytes32>) {
        var records = [self.block(block)]
        var jobs: Set<Bytes32> = []
        var seen: Set<String> = []
        let senders = Dictionary(
            block.finalized.transactions.map { ($0.hash, $0.transaction) },
            uniquingKeysWith: { first, _ in first })
        for outcome in block.outcomes {
            let record = transaction(outcome, senders[outcome.hash])
            if let account = record.account { seen.insert(account) }
            records.append(record)
        }
        for (index, event) in block.events {
            let (record, reading) = self.event(event, at: index, in: block)
            if let job = reading.job { jobs.insert(job) }
            seen.formUnion(record.others)
            records.append(record)
        }
        let order = IndexRecord.order(block.height)
        records += seen.sorted().map { account in
            IndexRecord(
                kind: .accounts, id: account, order: order,
                data: ["account": .string(account), "lastHeight": JSON(block.height)],
                words: [account])
        }
        return (records, jobs)
    }

    private static func block(_ block: IndexedBlock) -> IndexRecord {
        let header = block.finalized.block.header
        let hash = "\(block.finalized.block.hash)"
        return IndexRecord(
            kind: .blocks, id: "\(header.height)", order: IndexRecord.order(header.height),
            data: [
                "height": JSON(header.height), "slot": JSON(header.slot), "hash": .string(hash),
                "parent": JSON(header.parent), "time": JSON(header.timestamp),
                "proposer": JSON(header.proposer), "stateRoot": JSON(header.stateRoot),
                "transactions": JSON(block.outcomes.count), "events": JSON(block.events.count),
            ], words: ["\(header.height)", hash])
    }

    private static func transaction(
        _ outcome: TransactionOutcome, _ transaction: Transaction?
    ) -> IndexRecord {
        let sender = transaction.map { "\($0.account)" }
        let modules = transaction.map { transaction in
            Set(transaction.messages.map { ModuleName.of($0.module) }).sorted()
        }
        return IndexRecord(
            kind: .transactions, id: "\(outcome.hash)",
            order: IndexRecord.order(outcome.height, UInt64(outcome.index)), account: sender,
            state: outcome.verdictName,
            data: JSON(outcome).adding([
                ("sender", sender.map { .string($0) }),
                ("modules", modules.map { .array($0.map { .string($0) }) }),
            ]), words: ["\(outcome.hash)"])
    }

    private static func event(
        _ event: Event, at index: UInt32, in block: IndexedBlock
    ) -> (IndexRecord, EventReading) {
        let place = EventPlace(height: block.height.value, index: index)
        let reading = EventRendering.reading(of: event)
        let data = EventRendering.data(
            of: event, reading, at: place,
            [("time", JSON(block.finalized.block.header.timestamp))])
        let record = IndexRecord(
            kind: .events, id: "\(place)",
            order: IndexRecord.order(block.height, UInt64(index)),
            state: "\(ModuleName.of(event.module)).\(reading.name)", data: data,
            others: reading.accounts.map { "\($0)" } + (reading.job.map { ["\(JobID($0))"] } ?? []))
        return (record, reading)
    }

    // MARK: - What the state says

    /// A job as it stands now.
    static func job(_ job: JobRecord, at height: BlockHeight) -> IndexRecord? {
        let json = JSON(job)
        guard let id = json["job"]?.text else { return nil }
        let opened = json["openedHeight"]?.unsigned ?? height.value
        let paid = (json["settlement"]?["paid"]?.elements ?? []).compactMap { $0["provider"]?.text }
        let leases = (json["leases"]?.elements ?? []).compactMap { $0["provider"]?.text }
        return IndexRecord(
            kind: .jobs, id: id, order: IndexRecord.order(BlockHeight(opened)),
            account: json["client"]?.text, state: json["state"]?.text, data: json,
            others: paid + leases, words: [id] + [json["moduleDigest"]?.text].compactMap(\.self))
    }

    /// Proposals and validators of the executed state: at most a thousand of each.
    static func economy(_ state: any StateReader) -> [IndexRecord] {
        let proposals = GovernanceQueries(state).proposals(after: nil, limit: countMax)
            .map { number, proposal in
                let json = JSON(proposal, number: number)
                let text = [json["title"]?.text, json["text"]?.text].compactMap(\.self)
                return IndexRecord(
                    kind: .proposals, id: "\(number)", order: Int64(clamping: number),
                    account: json["proposer"]?.text, state: json["stage"]?.text, data: json,
                    words: ["\(number)"] + IndexWords.of(text.joined(separator: " ")))
            }
        let validators = ValidatorsQueries(state).members(after: nil, limit: countMax)
            .map { member in
                let json = JSON(member)
                return IndexRecord(
                    kind: .validators, id: "\(member.account)", order: 0, data: json,
                    words: ["\(member.account)"] + [json["publicKey"]?.text].compactMap(\.self)
                        + IndexWords.of(member.name))
            }
        return proposals + validators
    }

    /// The most proposals, and the most validators, that are read again.
    private static let countMax = 1_000
}
