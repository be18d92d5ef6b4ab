// SPDX-License-Identifier: Apache-2.0
import Ledger
public import Vocabulary

/// What a provider offers and asks.
public struct ProviderTerms: Hashable, Sendable {
    /// Where it is reached, such as `192.0.2.7:9000`: 1 to 260 bytes of visible ASCII.
    public let endpoint: String
    /// What it can run, such as `wasm/1`: ascending, each once.
    public let capabilities: [String]
    /// Asked for every execution, in native base units.
    public let basePrice: Amount
    /// Asked for each million units of fuel, in native base units.
    public let pricePerMillionFuel: Amount
    /// How many jobs it takes at once: 1 to ``slotsMax``.
    public let slots: UInt32

    /// The most bytes of an endpoint: a DNS name has at most 253, a port 6.
    public static let endpointBytesMax = 260
    /// The most capabilities: 16 of 33 bytes are 528 bytes.
    public static let capabilitiesMax = 16
    /// The most bytes of a capability.
    public static let capabilityBytesMax = 32
    /// The most slots: a machine with 1,024 cores and one job a core.
    public static let slotsMax: UInt32 = 1_024

    /// States the terms; capabilities are put in order. The chain checks the rest.
    public init(
        endpoint: String, capabilities: [String], basePrice: Amount, pricePerMillionFuel: Amount,
        slots: UInt32
    ) {
        self.endpoint = endpoint
        self.capabilities = capabilities.sorted { Self.precedes($0, $1) }
        self.basePrice = basePrice
        self.pricePerMillionFuel = pricePerMillionFuel
        self.slots = slots
    }

    /// Checks everything that needs no state (REGISTRY-2).
    func check() throws(Refusal) {
        guard (1...Self.endpointBytesMax).contains(endpoint.utf8.count),
            endpoint.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else {
            throw .registry(.badEndpoint, "1 to \(Self.endpointBytesMax) visible ASCII characters")
        }
        guard (1...Self.slotsMax).contains(slots) else {
            throw .registry(.badSlots, "\(slots) slots; 1 to \(Self.slotsMax) are possible")
        }
        guard (1...Self.capabilitiesMax).contains(capabilities.count),
            capabilities.allSatisfy(Self.isCapability),
            zip(capabilities, capabilities.dropFirst()).allSatisfy(Self.precedes)
        else {
            throw .registry(
                .badCapabilities,
                "1 to \(Self.capabilitiesMax) ascending names of a-z, 0-9, '.', '-' and '/'")
        }
    }

    private static func isCapability(_ text: String) -> Bool {
        (1...capabilityBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension ProviderTerms: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(endpoint)
        encoder.writeLength(capabilities.count)
        for capability in capabilities { encoder.writeText(capability) }
        encoder.write(basePrice)
        encoder.write(pricePerMillionFuel)
        encoder.write(slots)
    }

    /// Reads the fields in order, as they are: ``check()`` judges them.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        endpoint = try decoder.readText(limit: Self.endpointBytesMax)
        var capabilities: [String] = []
        for _ in 0..<(try decoder.readLength(limit: Self.capabilitiesMax)) {
            try capabilities.append(decoder.readText(limit: Self.capabilityBytesMax))
        }
        self.capabilities = capabilities
        basePrice = try decoder.read()
        pricePerMillionFuel = try decoder.read()
        slots = try decoder.read()
    }
}
