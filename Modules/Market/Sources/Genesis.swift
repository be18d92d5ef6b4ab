// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
import Vocabulary

extension MarketParameters {
    /// Reads the market's part of a genesis file; what it does not name keeps its default.
    ///
    /// - Throws: ``GenesisFailure`` at a name that is unknown or a figure outside its range.
    public init(genesis: JSON) throws(GenesisFailure) {
        self.init()
        let part = try GenesisPart(genesis)
        try readLimits(part)
        try readTimes(part)
        try readMoney(part)
    }

    private mutating func readLimits(_ part: GenesisPart) throws(GenesisFailure) {
        let memoryMax: UInt64 = (4 << 30) - 65_536
        fuelMax = try Fuel(part.number("fuelMax", in: 1...UInt64.max, else: fuelMax.value))
        memoryBytesMax = try part.number(
            "memoryBytesMax", in: 65_536...memoryMax, else: memoryBytesMax)
        outputBytesMax = try part.number("outputBytesMax", in: 1...1 << 40, else: outputBytesMax)
        bidsMax = try part.number("bidsMax", in: 1...48, else: bidsMax)
        executionsMax = try part.number(
            "executionsMax", in: OrderTerms.replicasMax...UInt8(Order.leasesMax),
            else: executionsMax)
        duePerBlockMax = try part.number("duePerBlockMax", in: 1...65_536, else: duePerBlockMax)
        matchesPerBlockMax = try part.number(
            "matchesPerBlockMax", in: 1...65_536, else: matchesPerBlockMax)
    }

    private mutating func readTimes(_ part: GenesisPart) throws(GenesisFailure) {
        let year: UInt64 = 31_536_000_000
        wallMillisecondsMax = try part.number(
            "wallMillisecondsMax", in: 1...year, else: wallMillisecondsMax)
        lifeMillisecondsMax = try part.number(
            "lifeMillisecondsMax", in: 1...year, else: lifeMillisecondsMax)
        graceMilliseconds = try part.number(
            "graceMilliseconds", in: 0...year, else: graceMilliseconds)
        revealMilliseconds = try part.number(
            "revealMilliseconds", in: 1...year, else: revealMilliseconds)
    }

    private mutating func readMoney(_ part: GenesisPart) throws(GenesisFailure) {
        executionPriceMin = try part.amount("executionPriceMin", else: executionPriceMin)
        extraExecutionReward = try part.amount("extraExecutionReward", else: extraExecutionReward)
        lieSlashPartsPerMillion = try part.number(
            "lieSlashPartsPerMillion", in: 0...Self.partsMax, else: lieSlashPartsPerMillion)
        timeoutSlashPartsPerMillion = try part.number(
            "timeoutSlashPartsPerMillion", in: 0...Self.partsMax,
            else: timeoutSlashPartsPerMillion)
        treasury = try part.account("treasury")
    }

    /// The names a genesis file may use.
    static let names = [
        "fuelMax", "memoryBytesMax", "outputBytesMax", "wallMillisecondsMax",
        "lifeMillisecondsMax", "executionPriceMin", "graceMilliseconds", "revealMilliseconds",
        "bidsMax", "executionsMax", "lieSlashPartsPerMillion", "timeoutSlashPartsPerMillion",
        "extraExecutionReward", "treasury", "duePerBlockMax", "matchesPerBlockMax",
    ]
}

/// The market's part of a genesis file, read member by member.
private struct GenesisPart {
    private let json: JSON

    init(_ json: JSON) throws(GenesisFailure) {
        guard let members = json.members else { throw Self.failure("", "must be an object") }
        for member in members where !MarketParameters.names.contains(member.name) {
            throw Self.failure("/" + member.name, "is no parameter of the market")
        }
        self.json = json
    }

    func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ name: String, in range: ClosedRange<Number>, else standard: Number
    ) throws(GenesisFailure) -> Number {
        guard let value = json[name] else { return standard }
        guard let number = value.unsigned.flatMap(Number.init(exactly:)), range.contains(number)
        else {
            throw Self.failure(
                "/" + name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func amount(_ name: String, else standard: Amount) throws(GenesisFailure) -> Amount {
        guard let value = json[name] else { return standard }
        guard let amount = value.text.flatMap({ Amount($0) }) else {
            throw Self.failure("/" + name, "must be an amount in text, such as \"0.5\"")
        }
        return amount
    }

    func account(_ name: String) throws(GenesisFailure) -> AccountID? {
        guard let value = json[name], value != .null else { return nil }
        guard let account = value.text.flatMap({ AccountID(hexadecimal: $0) }) else {
            throw Self.failure("/" + name, "must be an account in 64 hexadecimal digits")
        }
        return account
    }

    private static func failure(_ pointer: String, _ reason: String) -> GenesisFailure {
        GenesisFailure(pointer: "/modules/market" + pointer, reason: reason)
    }
}
