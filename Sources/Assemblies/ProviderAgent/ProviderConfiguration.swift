// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What a provider offers, and with which key it signs.
public struct ProviderConfiguration: Sendable {
    /// The key of the provider's account, which is also its node's.
    public var key: SigningKey
    /// Where its node listens, as the registry shows it.
    public var endpoint: String
    /// Jobs at one time, 1 or more; also the most bids that wait.
    public var slots: UInt32
    /// What every execution costs, in the native asset.
    public var basePrice: Amount
    /// What a million units of fuel cost, rounded up.
    public var pricePerMillionFuel: Amount
    /// How much of these prices is taken when a client asks for less, in percent, 1 to 100.
    public var leastPercent: UInt8 = 100
    /// Where the machine stands, as its announcements say, such as `eu-central-1`.
    public var region = "local"
    /// What is bonded at registration.
    public var bond: Amount
    /// Where its owner says what the machine may do; nothing when nobody has a say.
    public var authority: MachineAuthority?
    /// Whether it gives wrong results, to show that liars are caught: for tests.
    public var liesAboutResults: Bool
    /// Where the agent says what happens.
    public var log: @Sendable (String) -> Void

    /// What the registry calls the ability to run WebAssembly with WASI preview 1.
    public static let capability = "wasm/1"

    /// Describes a provider.
    public init(
        key: SigningKey, endpoint: String, slots: UInt32, basePrice: Amount,
        pricePerMillionFuel: Amount, bond: Amount, authority: MachineAuthority? = nil,
        liesAboutResults: Bool = false,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.key = key
        self.endpoint = endpoint
        self.slots = slots
        self.basePrice = basePrice
        self.pricePerMillionFuel = pricePerMillionFuel
        self.bond = bond
        self.authority = authority
        self.liesAboutResults = liesAboutResults
        self.log = log
    }
}
