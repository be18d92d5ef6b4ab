// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/registry`; part of the state.
public struct RegistryParameters: Hashable, Sendable {
    /// The least bond of a provider that takes work.
    public var bondMin: Amount
    /// How long after leaving a bond can still be slashed and not be withdrawn.
    public var unbondingMilliseconds: UInt64
    /// How long a provider whose bond fell below the minimum stays jailed at least.
    public var jailMilliseconds: UInt64

    /// The figures of a chain whose genesis names none: 100 units, seven days (R37; longer than any
    /// order lives, so a bond outlasts every lease it stands for), ten minutes.
    public static let standard = RegistryParameters(
        bondMin: Amount(whole: 100), unbondingMilliseconds: 604_800_000,
        jailMilliseconds: 600_000)

    /// The longest delay: one year.
    static let delayMillisecondsMax: UInt64 = 31_536_000_000

    /// States the figures.
    public init(bondMin: Amount, unbondingMilliseconds: UInt64, jailMilliseconds: UInt64) {
        self.bondMin = bondMin
        self.unbondingMilliseconds = unbondingMilliseconds
        self.jailMilliseconds = jailMilliseconds
    }

    /// Reads the module's part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(genesis json: JSON) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: "", known: ["bondMin", "unbondingMilliseconds", "jailMilliseconds"])
        let delays = 0...Self.delayMillisecondsMax
        let standard = Self.standard
        bondMin = try object.amount("bondMin", standard: standard.bondMin)
        unbondingMilliseconds = try object.unsigned(
            "unbondingMilliseconds", in: delays, standard: standard.unbondingMilliseconds)
        jailMilliseconds = try object.unsigned(
            "jailMilliseconds", in: delays, standard: standard.jailMilliseconds)
        guard bondMin > .zero else { throw object.failure("bondMin", "must be above zero") }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        [
            "bondMin": .string("\(bondMin)"),
            "unbondingMilliseconds": JSON(unbondingMilliseconds),
            "jailMilliseconds": JSON(jailMilliseconds),
        ]
    }
}

extension RegistryParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(bondMin)
        encoder.write(unbondingMilliseconds)
        encoder.write(jailMilliseconds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bondMin = try decoder.read()
        unbondingMilliseconds = try decoder.read()
        jailMilliseconds = try decoder.read()
    }
}
