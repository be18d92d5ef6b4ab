// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Market
public import Vocabulary

/// A provider as a gateway shows it.
public struct ProviderView: Hashable, Sendable {
    /// Its account.
    public let account: AccountID
    /// Where its node listens.
    public let endpoint: String
    /// `bonded`, `paused`, `jailed`, `unbonding` or `withdrawn`.
    public let state: String
    /// What it can do.
    public let capabilities: [String]
    /// What it asks.
    public let price: Price
    /// How many jobs it takes at once.
    public let slots: UInt64
    /// What it loses when it lies.
    public let bond: Amount
    /// How many jobs it completed.
    public let completed: UInt64
    /// How often it lied, went away or was late.
    public let faults: UInt64
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        account = try answer.identifier("account")
        endpoint = try answer.text("endpoint")
        state = try answer.text("state")
        capabilities = try answer.texts("capabilities")
        price = try Price(answer)
        slots = try answer.unsigned("slots")
        bond = try answer.amount("bond")
        completed = try answer.unsigned("completed")
        faults = try answer.unsigned("faults")
        json = answer.json
    }
}

extension Price {
    /// Reads the two members of a price.
    init(_ answer: AnswerReader) throws(ClientFailure) {
        self.init(
            base: try answer.amount("basePrice"),
            perMillionFuel: try answer.amount("pricePerMillionFuel"))
    }
}

/// What a job may cost, at the providers' posted prices.
public struct Quote: Hashable, Sendable {
    /// How many providers run the job.
    public let replicas: UInt64
    /// The most fuel of one execution.
    public let fuelMax: Fuel
    /// How many providers are active.
    public let providers: UInt64
    /// The least `maxCost` with which an order finds its bidders.
    public let costMin: Amount
    /// With this `maxCost` every active provider can bid.
    public let costMax: Amount
    /// The fee of the transaction that orders it.
    public let transactionFee: Amount
    /// The answer as it came.
    public let json: JSON

    init(_ answer: AnswerReader) throws(ClientFailure) {
        replicas = try answer.unsigned("replicas")
        fuelMax = try Fuel(answer.unsigned("fuelMax"))
        providers = try answer.unsigned("providers")
        costMin = try answer.amount("costMin")
        costMax = try answer.amount("costMax")
        transactionFee = try answer.amount("transactionFee")
        json = answer.json
    }
}

/// A job as a gateway shows it, live or ended.
public struct JobView: Hashable, Sendable {
    /// A provider's part in a live job.
    public struct Lease: Hashable, Sendable {
        /// Who runs it.
        public let provider: AccountID
        /// `running`, `committed` or `revealed`.
        public let state: String
        /// Until when it must commit.
        public let dueBy: Timestamp
    }

    /// The job.
    public let job: JobID
    /// Who asked and pays.
    public let client: AccountID
    /// `open`, `running`, `revealing`, or how it ended: `settled`, `undetermined`, `expired`,
    /// `cancelled`.
    public let state: String
    /// Whether results differed.
    public let isDisputed: Bool
    /// The SHA-256 of the program.
    public let moduleDigest: Digest
    /// The SHA-256 of the input manifest.
    public let inputDigest: Digest
    /// The arguments, while the job is live.
    public let arguments: [String]?
    /// How many providers were asked for.
    public let replicas: UInt64
    /// The asset of every sum.
    public let asset: AssetID
    /// What was held in escrow.
    public let maxCost: Amount
    /// The last moment at which it can settle, while it is live.
    public let deadline: Timestamp?
    /// When it was opened.
    public let openedAt: Timestamp
    /// The height at which it was opened.
    public let openedHeight: BlockHeight
    /// How many bids wait.
    public let bidCount: Int
    /// Who runs it, while it is live.
    public let leases: [Lease]
    /// How the program ended, when a result was accepted.
    public let result: ResultView?
    /// Who was paid what, when it ended.
    public let settlement: SettlementView?
    /// The answer as it came.
    public let json: JSON

    /// Whether it has ended.
    public var isEnded: Bool { settlement != nil }

    init(_ answer: AnswerReader) throws(ClientFailure) {
        job = try answer.identifier("job")
        client = try answer.identifier("client")
        state = try answer.text("state")
        isDisputed = answer.optional("disputed")?.json.flag ?? false
        moduleDigest = try answer.identifier("moduleDigest")
        inputDigest = try answer.identifier("inputDigest")
        arguments = answer.optional("arguments") == nil ? nil : try answer.texts("arguments")
        replicas = try answer.unsigned("replicas")
        asset = AssetID(try answer.unsigned("asset"))
        maxCost = try answer.amount("maxCost")
        deadline =
            answer.optional("deadline") == nil ? nil : Timestamp(try answer.unsigned("deadline"))
        openedAt = Timestamp(try answer.unsigned("openedAt"))
        openedHeight = BlockHeight(try answer.unsigned("openedHeight"))
        bidCount = try answer.list("bids").count
        leases = try answer.values("leases") { one throws(ClientFailure) in
            Lease(
                provider: try one.identifier("provider"), state: try one.text("state"),
                dueBy: Timestamp(try one.unsigned("dueBy")))
        }
        result = try answer.optional("result").map { one throws(ClientFailure) in
            try ResultView(one)
        }
        settlement = try answer.optional("settlement").map { one throws(ClientFailure) in
            try SettlementView(one)
        }
        json = answer.json
    }
}

/// An accepted result.
public struct ResultView: Hashable, Sendable {
    /// How the program ended.
    public let outcome: JobOutcome
    /// The SHA-256 of the output.
    public let outputDigest: Digest
    /// The bytes of the output.
    public let outputBytes: UInt64
    /// The fuel used.
    public let fuelUsed: Fuel

    init(_ answer: AnswerReader) throws(ClientFailure) {
        let code = answer.optional("code")?.json.unsigned
        guard let outcome = JobOutcome(name: try answer.text("outcome"), code: code) else {
            throw answer.wrong("outcome", "is no known end of a program")
        }
        self.outcome = outcome
        outputDigest = try answer.identifier("outputDigest")
        outputBytes = try answer.unsigned("outputBytes")
        fuelUsed = Fuel(try answer.unsigned("fuelUsed"))
    }
}

extension JobOutcome {
    /// The stable name of the end, as the gateway's interface writes it.
    public var name: String {
        switch self {
        case .exited: "exited"
        case .trapped: "trapped"
        case .fuelExhausted: "fuelExhausted"
        case .memoryExceeded: "memoryExceeded"
        case .outputExceeded: "outputExceeded"
        case .invalidModule: "invalidModule"
        case .unsupportedImport: "unsupportedImport"
        case .missingStart: "missingStart"
        case .invalidInput: "invalidInput"
        }
    }

    /// Reads a name and the program's exit code or the trap's number.
    init?(name: String, code: UInt64?) {
        switch name {
        case "exited":
            guard let code = code.flatMap(UInt32.init(exactly:)) else { return nil }
            self = .exited(code: code)
        case "trapped":
            let kind = code.flatMap(UInt8.init(exactly:)).flatMap(JobTrap.init(rawValue:))
            self = .trapped(kind ?? .other)
        default:
            let plain: [JobOutcome] = [
                .fuelExhausted, .memoryExceeded, .outputExceeded, .invalidModule,
                .unsupportedImport, .missingStart, .invalidInput,
            ]
            guard let outcome = plain.first(where: { $0.name == name }) else { return nil }
            self = outcome
        }
    }
}

/// How a job ended and who was paid what.
public struct SettlementView: Hashable, Sendable {
    /// One provider's part.
    public struct Execution: Hashable, Sendable {
        /// Who.
        public let provider: AccountID
        /// At what price.
        public let price: Price
        /// `agreed`, `dissented` or `undecided`.
        public let finding: String
        /// The digest of the result it showed.
        public let resultDigest: Digest?
        /// What it got from the escrow.
        public let paid: Amount
        /// What was taken of its bond.
        public let slashed: Amount
    }

    /// `settled`, `undetermined`, `expired` or `cancelled`.
    public let kind: String
    /// What the client paid.
    public let cost: Amount
    /// What the client got back.
    public let refund: Amount
    /// The height at which it ended.
    public let height: BlockHeight
    /// When it ended.
    public let time: Timestamp
    /// Everybody's part.
    public let executions: [Execution]

    init(_ answer: AnswerReader) throws(ClientFailure) {
        kind = try answer.text("kind")
        cost = try answer.amount("cost")
        refund = try answer.amount("refund")
        height = BlockHeight(try answer.unsigned("height"))
        time = Timestamp(try answer.unsigned("time"))
        executions = try answer.values("executions") { one throws(ClientFailure) in
            Execution(
                provider: try one.identifier("provider"), price: try Price(one),
                finding: try one.text("finding"),
                resultDigest: one.optional("resultDigest") == nil
                    ? nil : try one.identifier("resultDigest"),
                paid: try one.amount("paid"), slashed: try one.amount("slashed"))
        }
    }
}
