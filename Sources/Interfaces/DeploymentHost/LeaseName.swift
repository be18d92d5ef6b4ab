// SPDX-License-Identifier: Apache-2.0

/// What a lease is called on a provider's machine: 12 to 64 hexadecimal digits, the beginning or
/// all of its identifier.
public struct LeaseName: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let text: String

    /// The label that marks what belongs to a lease.
    static let label = "atoll.lease"

    /// Nothing when the text has other signs, or too few or many.
    public init?(_ text: String) {
        let isHexadecimal = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard (12...64).contains(text.utf8.count), isHexadecimal else { return nil }
        self.text = text
    }

    /// How the names of its containers, networks and volumes begin.
    var prefix: String { "atoll-" + text.prefix(12) }

    /// What the engine calls a network of the deployment.
    public func network(_ name: String) -> String { "\(prefix)-\(name)" }

    /// What the engine calls a volume of the deployment.
    public func volume(_ name: String) -> String { "\(prefix)-\(name)" }

    /// What the engine calls a copy of a service.
    func copy(_ service: String, _ number: UInt32) -> String { "\(prefix)-\(service)-\(number)" }

    /// The digits.
    public var description: String { text }
}
