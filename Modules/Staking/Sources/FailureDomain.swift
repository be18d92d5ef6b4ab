// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Where machines stand and whose they are: what may fail together (STAKING-9).
public struct FailureDomain: Hashable, Sendable, CanonicalCodable {
    /// ISO 3166-1 alpha-2 in capitals, such as `CH`.
    public let country: String
    /// A region's name, 1 to ``textBytesMax`` bytes, such as `EU`.
    public let region: String
    /// Who owns the machines, 1 to ``textBytesMax`` bytes.
    public let entity: String

    /// The most bytes of a region's or an owner's name.
    public static let textBytesMax = 64

    /// Describes a domain.
    public init(country: String, region: String, entity: String) {
        self.country = country
        self.region = region
        self.entity = entity
    }

    /// Whether its names are within their limits, without control characters.
    var isValid: Bool {
        let letters = country.utf8.allSatisfy { $0 >= 65 && $0 <= 90 }
        return country.utf8.count == 2 && letters
            && [region, entity].allSatisfy { text in
                (1...Self.textBytesMax).contains(text.utf8.count)
                    && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
            }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(country)
        encoder.writeText(region)
        encoder.writeText(entity)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        country = try decoder.readText(limit: Self.textBytesMax)
        region = try decoder.readText(limit: Self.textBytesMax)
        entity = try decoder.readText(limit: Self.textBytesMax)
    }
}

/// What may fail together; raw values are stable.
public enum DomainKind: UInt8, CaseIterable, Sendable {
    /// Machines of one country.
    case country = 0
    /// Machines of one region.
    case region = 1
    /// Machines of one owner.
    case entity = 2

    /// The name of this kind in a domain.
    func name(in domain: FailureDomain) -> String {
        switch self {
        case .country: domain.country
        case .region: domain.region
        case .entity: domain.entity
        }
    }
}
