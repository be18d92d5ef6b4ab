// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/names`; part of the state.
public struct NamesParameters: Hashable, Sendable {
    /// What a term of a name of three letters costs.
    public var priceOfThree: Amount
    /// What a term of a name of four letters costs.
    public var priceOfFour: Amount
    /// What a term of a longer name costs.
    public var price: Amount
    /// How long a term is.
    public var termMilliseconds: UInt64
    /// How long after its end the owner alone may renew a name.
    public var graceMilliseconds: UInt64
    /// How long an auction lasts.
    public var auctionMilliseconds: UInt64
    /// How long it lasts at least after a bid.
    public var extensionMilliseconds: UInt64
    /// How much more the next bid must be, in millionths of the highest.
    public var incrementPartsPerMillion: UInt32
    /// Who receives what names cost; nobody means it is burnt.
    public var treasury: AccountID?

    /// The figures of a chain whose genesis names none: 640, 160 and 5 units a year, thirty days of
    /// grace, auctions of three days that go on for an hour after a bid, steps of a tenth.
    public static let standard = NamesParameters()

    /// The most auctions one block settles; the rest wait for the next.
    public static let settledPerBlockMax = 256
    /// The most terms one may pay ahead.
    public static let termsMax: UInt64 = 10
    /// The longest time: ten years, so that ten terms of it end within 2^64 milliseconds.
    static let millisecondsMax: UInt64 = 315_360_000_000

    init() {
        priceOfThree = Amount(whole: 640)
        priceOfFour = Amount(whole: 160)
        price = Amount(whole: 5)
        termMilliseconds = 31_536_000_000
        graceMilliseconds = 2_592_000_000
        auctionMilliseconds = 259_200_000
        extensionMilliseconds = 3_600_000
        incrementPartsPerMillion = 100_000
    }

    /// Reads the module's part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(genesis json: JSON) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: "",
            known: [
                "priceOfThree", "priceOfFour", "price", "termMilliseconds", "graceMilliseconds",
                "auctionMilliseconds", "extensionMilliseconds", "incrementPartsPerMillion",
                "treasury",
            ])
        let standard = Self.standard
        func time(_ name: String, _ usual: UInt64) throws(GenesisFailure) -> UInt64 {
            try object.unsigned(name, in: 1...Self.millisecondsMax, standard: usual)
        }
        priceOfThree = try object.amount("priceOfThree", standard: standard.priceOfThree)
        priceOfFour = try object.amount("priceOfFour", standard: standard.priceOfFour)
        price = try object.amount("price", standard: standard.price)
        termMilliseconds = try time("termMilliseconds", standard.termMilliseconds)
        graceMilliseconds = try time("graceMilliseconds", standard.graceMilliseconds)
        auctionMilliseconds = try time("auctionMilliseconds", standard.auctionMilliseconds)
        extensionMilliseconds = try time("extensionMilliseconds", standard.extensionMilliseconds)
        incrementPartsPerMillion = UInt32(
            try object.unsigned(
                "incrementPartsPerMillion", in: 1...1_000_000,
                standard: UInt64(standard.incrementPartsPerMillion)))
        treasury = try object.has("treasury") ? object.identifier("treasury") : nil
        for (name, amount) in [
            ("priceOfThree", priceOfThree), ("priceOfFour", priceOfFour), ("price", price),
        ] where amount == .zero {
            throw object.failure(name, "must be above zero")
        }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("priceOfThree", .string("\(priceOfThree)")),
            JSON.Member("priceOfFour", .string("\(priceOfFour)")),
            JSON.Member("price", .string("\(price)")),
            JSON.Member("termMilliseconds", JSON(termMilliseconds)),
            JSON.Member("graceMilliseconds", JSON(graceMilliseconds)),
            JSON.Member("auctionMilliseconds", JSON(auctionMilliseconds)),
            JSON.Member("extensionMilliseconds", JSON(extensionMilliseconds)),
            JSON.Member("incrementPartsPerMillion", JSON(incrementPartsPerMillion)),
        ]
        if let treasury { members.append(JSON.Member("treasury", .string("\(treasury)"))) }
        return .object(members)
    }

    /// What a term of a name costs.
    public func price(of name: PlainName) -> Amount {
        switch name.text.utf8.count {
        case PlainName.bytesMin: priceOfThree
        case PlainName.bytesMin + 1: priceOfFour
        default: price
        }
    }

    /// The least bid after one of `amount`; nothing beyond 128 bits.
    public func bidMin(after amount: Amount) -> Amount? {
        amount.scaled(by: UInt128(incrementPartsPerMillion), over: 1_000_000)
            .flatMap { amount.adding(max($0, Amount(1))) }
    }
}

extension NamesParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(priceOfThree)
        encoder.write(priceOfFour)
        encoder.write(price)
        encoder.write(termMilliseconds)
        encoder.write(graceMilliseconds)
        encoder.write(auctionMilliseconds)
        encoder.write(extensionMilliseconds)
        encoder.write(incrementPartsPerMillion)
        encoder.writeOptional(treasury)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        priceOfThree = try decoder.read()
        priceOfFour = try decoder.read()
        price = try decoder.read()
        termMilliseconds = try decoder.read()
        graceMilliseconds = try decoder.read()
        auctionMilliseconds = try decoder.read()
        extensionMilliseconds = try decoder.read()
        incrementPartsPerMillion = try decoder.read()
        treasury = try decoder.readOptional()
    }
}
