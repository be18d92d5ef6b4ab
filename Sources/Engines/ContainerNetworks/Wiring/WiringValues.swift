// SPDX-License-Identifier: Apache-2.0

/// The name of a network interface.
public struct InterfaceName: Hashable, Sendable, CustomStringConvertible {
    /// IFNAMSIZ less the zero at its end.
    public static let bytesMax = 15

    /// As the kernel writes it.
    public let text: String

    /// A name of letters, digits, `-`, `_` and `.`; nil for any other, and for one too long.
    public init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isPlain, (1...Self.bytesMax).contains(text.utf8.count), text != ".", text != ".."
        else { return nil }
        self.text = text
    }

    /// The name.
    public var description: String { text }
}

/// The six bytes by which interfaces of one bridge know each other.
public struct HardwareAddress: Hashable, Sendable, CustomStringConvertible {
    /// Six bytes.
    public let bytes: [UInt8]

    /// An address of one's own choice: not given by a maker of hardware, and of one interface.
    ///
    /// - Parameter bytes: Five, of which the choice consists.
    public init(chosen bytes: [UInt8]) {
        precondition(bytes.count == 5, "five bytes are chosen")
        self.bytes = [0x02] + bytes
    }

    /// The address that goes with an IPv4 address: who had the address before had the same one.
    public init(of address: IPAddress) {
        self.bytes = [0x02, 0x42] + address.bytes.suffix(4)
    }

    /// Reads `02:42:ac:11:00:02`; nil for anything else and for groups' addresses.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0 else { return nil }
        self.bytes = bytes
    }

    /// `02:42:ac:11:00:02`
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}

/// An address with the subnet that is reached without a gateway.
public struct InterfaceAddress: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// The subnet it lies in.
    public let subnet: IPSubnet

    /// Joins both.
    public init(_ address: IPAddress, in subnet: IPSubnet) {
        self.address = address
        self.subnet = subnet
    }
}

/// How much may pass in a second.
public struct TrafficRate: Hashable, Sendable {
    /// Bytes a second, at least 1,000.
    public let bytesPerSecond: UInt64

    /// The slowest: a packet of 1,500 bytes then waits for a second and a half.
    public static let bytesPerSecondMin: UInt64 = 1_000
    /// The fastest: a million millions of bits.
    public static let bytesPerSecondMax: UInt64 = 125_000_000_000

    /// A rate in bits a second: a number alone, or with `kbit`, `mbit` or `gbit`, as tc(8) has it.
    ///
    /// - Returns: Nil for anything else, and beyond the slowest and the fastest.
    public init?(_ text: String) {
        let lower = text.lowercased()
        let digits = lower.prefix { $0.isNumber }
        let units: [Substring: UInt64] = [
            "": 1, "bit": 1, "kbit": 1_000, "mbit": 1_000_000, "gbit": 1_000_000_000,
        ]
        guard let number = UInt64(digits), let unit = units[lower.dropFirst(digits.count)]
        else { return nil }
        let (bits, isTooMuch) = number.multipliedReportingOverflow(by: unit)
        guard !isTooMuch else { return nil }
        bytesPerSecond = bits / 8
        guard (Self.bytesPerSecondMin...Self.bytesPerSecondMax).contains(bytesPerSecond) else {
            return nil
        }
    }

    /// What passes at once after a pause: a hundredth of a second's, and never less than the
    /// longest packet that a local interface makes of many, 64 KiB.
    var burstBytes: UInt64 { max(bytesPerSecond / 100, 65_536) }

    /// What may wait: a twentieth of a second's more than the bucket.
    var queueBytes: UInt64 { burstBytes + max(bytesPerSecond / 20, 65_536) }
}
