// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
public import JSONText
public import Vocabulary

extension Genesis {
    /// Reads the bytes of a file; lines that begin with `//` are comments (LEDGER-20).
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(bytes: [UInt8]) throws(GenesisFailure) {
        guard bytes.count <= Self.fileBytesMax else {
            throw GenesisFailure(
                pointer: "", reason: "is larger than \(Self.fileBytesMax) bytes")
        }
        let parsed: JSON
        do {
            parsed = try JSON(parsing: CommentedJSON.withoutComments(bytes))
        } catch {
            throw GenesisFailure(pointer: "", reason: "is not JSON: \(error)")
        }
        try self.init(json: parsed)
    }

    /// Reads a file's value.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(json: JSON) throws(GenesisFailure) {
        let file = try GenesisObject(
            json, at: "", known: ["name", "time", "validators", "ledger", "modules"])
        name = try file.text("name", bytesMax: Self.nameBytesMax)
        time = try Timestamp(file.unsigned("time"))
        validators = try Self.validators(file)
        parameters = try LedgerParameters(
            genesis: file.has("ledger") ? file.value("ledger") : .object([]), at: "/ledger")
        if file.has("modules"), try file.value("modules").members == nil {
            throw file.failure("modules", "must be an object")
        }
        chain = Self.identity(of: json)
        self.json = json
    }

    /// The chain that a file's value begins (LEDGER-21).
    public static func identity(of json: JSON) -> ChainID {
        ChainID(GenesisForm.digest(of: json, domain: domain).raw)
    }

    /// The file's text, indented.
    public func write() -> String { json.pretty }

    /// Checks that every part under `/modules` belongs to one of these modules.
    ///
    /// - Throws: ``GenesisFailure`` at the first part that does not.
    func checkParts(_ modules: [any LedgerModule]) throws(GenesisFailure) {
        _ = try GenesisObject(
            json["modules"] ?? .object([]), at: "/modules", known: modules.map(\.name))
    }

    private static func validators(
        _ file: GenesisObject
    ) throws(GenesisFailure) -> [GenesisValidator] {
        var validators: [GenesisValidator] = []
        for element in try file.list("validators", countMax: validatorsMax) {
            let validator = try GenesisValidator(genesis: element.json, at: element.pointer)
            if validators.contains(where: { $0.name == validator.name }) {
                throw GenesisFailure(
                    pointer: element.pointer + "/name", reason: "is another validator's name")
            }
            if validators.contains(where: { $0.publicKey == validator.publicKey }) {
                throw GenesisFailure(
                    pointer: element.pointer + "/publicKey", reason: "is another validator's key")
            }
            validators.append(validator)
        }
        guard !validators.isEmpty else { throw file.failure("validators", "must name one or more") }
        return validators
    }
}

extension GenesisValidator {
    /// Reads `{name, publicKey, stake, account?}`; the account is the key's when it is not named.
    init(genesis json: JSON, at pointer: String) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: pointer, known: ["name", "publicKey", "stake", "account"])
        let key = try object.identifier("publicKey", as: PublicKey.self)
        try self.init(
            name: object.text("name", bytesMax: Genesis.nameBytesMax), publicKey: key,
            stake: object.unsigned("stake", in: 1...Self.stakeMax),
            account: object.has("account") ? object.identifier("account") : AccountID(of: key))
    }

    /// The validator as a genesis file holds it.
    public var json: JSON {
        [
            "name": .string(name), "publicKey": .string("\(publicKey)"), "stake": JSON(stake),
            "account": .string("\(account)"),
        ]
    }
}

extension LedgerParameters {
    /// Reads `/ledger`; what it does not name is ``standard``.
    init(genesis json: JSON, at pointer: String) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: pointer,
            known: [
                "feeBase", "feePerByte", "feePerMessage", "validityBlocksMax", "outcomeBlocks",
                "checkpointBlocks", "epochCheckpoints", "messageFees",
            ])
        let standard = LedgerParameters.standard
        try self.init(
            feeBase: object.amount("feeBase", standard: standard.feeBase),
            feePerByte: object.amount("feePerByte", standard: standard.feePerByte),
            feePerMessage: object.amount("feePerMessage", standard: standard.feePerMessage),
            validityBlocksMax: object.unsigned(
                "validityBlocksMax", in: 1...1_000_000, standard: standard.validityBlocksMax),
            outcomeBlocks: object.unsigned(
                "outcomeBlocks", in: 1...10_000_000, standard: standard.outcomeBlocks),
            checkpointBlocks: object.unsigned(
                "checkpointBlocks", in: EpochLengths.checkpointBlocksRange,
                standard: standard.checkpointBlocks),
            epochCheckpoints: object.unsigned(
                "epochCheckpoints", in: EpochLengths.epochCheckpointsRange,
                standard: standard.epochCheckpoints))
        guard outcomeBlocks >= validityBlocksMax else {
            throw object.failure("outcomeBlocks", "must be at least validityBlocksMax")
        }
        for row in try object.list("messageFees", countMax: MessageFee.countMax) {
            try messageFees.append(Self.messageFee(row))
        }
        let places = messageFees.map { UInt16($0.module.value) << 8 | UInt16($0.tag) }
        guard zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw object.failure("messageFees", "must ascend by module and tag")
        }
    }

    private static func messageFee(
        _ row: (pointer: String, json: JSON)
    ) throws(GenesisFailure) -> MessageFee {
        let object = try GenesisObject(row.json, at: row.pointer, known: ["module", "tag", "fee"])
        return try MessageFee(
            module: ModuleID(UInt8(object.unsigned("module", in: 1...255))),
            tag: UInt8(object.unsigned("tag", in: 0...127)), fee: object.amount("fee"))
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        let plain: JSON = [
            "feeBase": .string("\(feeBase)"), "feePerByte": .string("\(feePerByte)"),
            "feePerMessage": .string("\(feePerMessage)"),
            "validityBlocksMax": JSON(validityBlocksMax), "outcomeBlocks": JSON(outcomeBlocks),
            "checkpointBlocks": JSON(checkpointBlocks), "epochCheckpoints": JSON(epochCheckpoints),
        ]
        guard !messageFees.isEmpty else { return plain }
        let rows = messageFees.map { row -> JSON in
            [
                "module": JSON(UInt64(row.module.value)), "tag": JSON(UInt64(row.tag)),
                "fee": .string("\(row.fee)"),
            ]
        }
        return .object(
            (plain.members ?? []) + [JSON.Member("messageFees", .array(rows))])
    }
}
