// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Vocabulary

/// The module's part of a genesis file: figures, rules of kinds, councils, clauses.
struct GovernanceGenesis {
    /// What stands for a figure that no proposal changes.
    static let never: UInt8 = 255
    /// The most clauses of one file.
    static let clausesMax = 256

    let parameters: GovernanceParameters
    let rules: [(ProposalKind, KindRules)]
    let councils: [(Electorate, CouncilSeats)]
    let clauses: [(module: ModuleID, figure: String, guardian: UInt8)]
    let version: UInt32

    /// Reads the part.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ json: JSON) throws(GenesisFailure) {
        let part = try GenesisObject(
            json, at: "",
            known: GovernanceParameters.names + [
                "kinds", "council", "emergency", "board", "clauses", "version",
            ])
        parameters = try GovernanceParameters(part)
        var rules: [(ProposalKind, KindRules)] = []
        for row in try part.list("kinds", countMax: ProposalKind.allCases.count) {
            try rules.append(Self.kind(row))
        }
        self.rules = rules
        councils = try [
            (.council, Self.seats(part, "council")), (.emergency, Self.seats(part, "emergency")),
            (.board, Self.seats(part, "board")),
        ]
        version = UInt32(try part.unsigned("version", in: 1...1_000_000, standard: 1))
        var clauses: [(ModuleID, String, UInt8)] = []
        for row in try part.list("clauses", countMax: Self.clausesMax) {
            try clauses.append(Self.clause(row))
        }
        self.clauses = clauses
    }

    private static func kind(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> (ProposalKind, KindRules) {
        let object = try GenesisObject(
            row.json, at: row.pointer,
            known: [
                "kind", "houses", "discussionMilliseconds", "votingMilliseconds",
                "timeLockMilliseconds",
            ])
        guard let kind = try ProposalKind(name: object.text("kind", bytesMax: 32)) else {
            let known = ProposalKind.allCases.map { "\($0)" }.joined(separator: ", ")
            throw object.failure("kind", "must be one of \(known)")
        }
        let standard = KindRules.standard(kind)
        let time = 0...GovernanceParameters.timeMax
        var houses: [HouseRule] = []
        for house in try object.list("houses", countMax: KindRules.housesMax) {
            let rule = try GenesisObject(
                house.json, at: house.pointer, known: ["electorate", "quorum", "approval"])
            let name = try rule.text("electorate", bytesMax: 32)
            guard let electorate = Electorate.allCases.first(where: { "\($0)" == name }) else {
                throw rule.failure(
                    "electorate", "must be stake, roots, council, emergency or board")
            }
            try houses.append(
                HouseRule(
                    electorate, quorum: rule.unsigned("quorum", in: 0...1_000_000),
                    approval: rule.unsigned("approval", in: 1...1_000_000)))
        }
        let rules = try KindRules(
            houses: houses.isEmpty ? standard.houses : houses,
            discussion: object.unsigned(
                "discussionMilliseconds", in: time, standard: standard.discussion),
            voting: object.unsigned("votingMilliseconds", in: time, standard: standard.voting),
            timeLock: object.unsigned(
                "timeLockMilliseconds", in: time, standard: standard.timeLock))
        guard rules.isValid else {
            throw GenesisFailure(
                pointer: row.pointer, reason: "names an electorate twice, or has no voting time")
        }
        return (kind, rules)
    }

    private static func seats(
        _ part: GenesisObject, _ name: String
    ) throws(GenesisFailure) -> CouncilSeats {
        var seats: [CouncilSeat] = []
        for row in try part.list(name, countMax: CouncilSeats.seatsMax) {
            let seat = try GenesisObject(row.json, at: row.pointer, known: ["account", "weight"])
            try seats.append(
                CouncilSeat(
                    account: seat.identifier("account"),
                    weight: seat.unsigned("weight", in: 1...CouncilSeats.weightMax, standard: 1)))
        }
        let council = CouncilSeats(seats.sorted { $0.account < $1.account })
        guard council.isValid else { throw part.failure(name, "gives an account two seats") }
        return council
    }

    private static func clause(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> (ModuleID, String, UInt8) {
        let object = try GenesisObject(
            row.json, at: row.pointer, known: ["module", "figure", "protection"])
        let module = try ModuleID(UInt8(object.unsigned("module", in: 0...255)))
        let figure = try object.text("figure", bytesMax: FigureChange.nameBytesMax)
        switch try object.text("protection", bytesMax: 32) {
        case "unamendable": return (module, figure, never)
        case "constitutional":
            return (module, figure, ProposalKind.constitutional.rawValue)
        default: throw object.failure("protection", "must be unamendable or constitutional")
        }
    }

    /// Writes all of it.
    func write(in context: ExecutionContext) {
        context.set(.governance, GovernanceKeys.parameters, parameters.canonicalBytes)
        if version > 1 {
            var encoder = CanonicalEncoder(capacity: 4)
            encoder.write(version)
            context.set(.governance, GovernanceKeys.version, encoder.bytes)
        }
        for (kind, rules) in rules {
            context.set(.governance, GovernanceKeys.rules(of: kind), rules.canonicalBytes)
        }
        for (electorate, seats) in councils where !seats.seats.isEmpty {
            context.set(.governance, GovernanceKeys.seats(of: electorate), seats.canonicalBytes)
        }
        for clause in clauses {
            context.set(
                .governance, GovernanceKeys.guardian(clause.module, clause.figure),
                [clause.guardian])
        }
    }
}

extension KindRules {
    /// Whether houses and times make sense.
    var isValid: Bool {
        let electorates = houses.map(\.electorate)
        return (1...Self.housesMax).contains(houses.count)
            && Set(electorates).count == electorates.count && voting > 0
            && [discussion, voting, timeLock].allSatisfy { $0 <= GovernanceParameters.timeMax }
            && houses.allSatisfy { $0.quorum <= 1_000_000 && (1...1_000_000).contains($0.approval) }
    }
}
