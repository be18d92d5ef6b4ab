// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

/// What a certificate says that its own key has signed (RFC 5280, RFC 8410).
///
/// Nobody vouches for it. It joins a key to names, and whoever reads it asks somebody else whether
/// the names are that key's: for a DID its document says so.
public struct SelfIssuedCertificate: Sendable {
    /// The longest name: what a DID may have.
    public static let nameBytesMax = 512
    /// The most names of each kind.
    public static let namesMax = 16

    /// Names as addresses, such as a DID; the subject alternative names of kind URI.
    public var addresses: [String]
    /// Names of hosts.
    public var hosts: [String]
    /// Numeric addresses of hosts, as the 4 or 16 bytes they are.
    public var hostNumbers: [[UInt8]]
    /// From when on it counts, in seconds since 1970.
    public var fromSeconds: Int64
    /// Until when.
    public var untilSeconds: Int64

    /// Describes a certificate.
    public init(
        addresses: [String], hosts: [String] = [], hostNumbers: [[UInt8]] = [], fromSeconds: Int64,
        untilSeconds: Int64
    ) {
        self.addresses = addresses
        self.hosts = hosts
        self.hostNumbers = hostNumbers
        self.fromSeconds = fromSeconds
        self.untilSeconds = untilSeconds
    }

    /// 1.3.101.112, Ed25519.
    private static let ed25519: [UInt8] = DERWriter.sequence([0x06, 0x03, 0x2B, 0x65, 0x70])

    /// The certificate as DER, signed by `key`. Cost: about 40 µs.
    ///
    /// - Parameter serial: At most 20 bytes, of which the first is below 0x80 and not all are zero;
    ///   different for each certificate of a key.
    public func signed(by key: SigningKey, serial: [UInt8]) -> [UInt8] {
        precondition(
            (1...20).contains(serial.count) && serial[0] < 0x80, "a serial has 1 to 20 bytes")
        let name = Self.name(addresses.first ?? "atoll")
        let statement = DERWriter.sequence(
            DERWriter.value(0xA0, [0x02, 0x01, 0x02]),
            DERWriter.positive(serial), Self.ed25519, name,
            DERWriter.sequence(Self.time(fromSeconds), Self.time(untilSeconds)), name,
            DERWriter.sequence(Self.ed25519, DERWriter.bits(key.publicKey.raw.bytes)),
            DERWriter.value(0xA3, DERWriter.value(.sequence, extensions)))
        let signature = key.sign(statement).bytes
        return DERWriter.sequence(statement, Self.ed25519, DERWriter.bits(signature))
    }

    /// One common name; at most 64 bytes of it, as X.520 has it.
    private static func name(_ text: String) -> [UInt8] {
        let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
        let part = DERWriter.sequence(
            commonName, DERWriter.value(.text, Array(text.utf8.prefix(64))))
        return DERWriter.sequence(DERWriter.value(.set, part))
    }

    /// A leaf that signs, for both ends of a connection, and its names.
    private var extensions: [UInt8] {
        let keyUsage: [UInt8] = [0x03, 0x02, 0x07, 0x80]
        let server: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
        let client: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]
        return Self.part([0x55, 0x1D, 0x13], isCritical: true, DERWriter.sequence())
            + Self.part([0x55, 0x1D, 0x0F], isCritical: true, keyUsage)
            + Self.part([0x55, 0x1D, 0x25], isCritical: false, DERWriter.sequence(server, client))
            + Self.part([0x55, 0x1D, 0x11], isCritical: false, names)
    }

    private var names: [UInt8] {
        let addresses = addresses.prefix(Self.namesMax).map {
            DERWriter.value(0x86, Array($0.utf8))
        }
        let hosts = hosts.prefix(Self.namesMax).map { DERWriter.value(0x82, Array($0.utf8)) }
        let numbers = hostNumbers.prefix(Self.namesMax).map { DERWriter.value(0x87, $0) }
        return DERWriter.value(.sequence, (addresses + hosts + numbers).flatMap(\.self))
    }

    private static func part(
        _ identifier: [UInt8], isCritical: Bool, _ content: [UInt8]
    ) -> [UInt8] {
        let flag: [UInt8] = isCritical ? [0x01, 0x01, 0xFF] : []
        return DERWriter.sequence(
            DERWriter.value(.objectIdentifier, identifier), flag,
            DERWriter.value(.octetString, content))
    }

    /// Two digits of the year until 2049, four from then on (RFC 5280 §4.1.2.5).
    private static func time(_ seconds: Int64) -> [UInt8] {
        let day = Int(max(0, seconds)) / 86_400
        let second = Int(max(0, seconds)) % 86_400
        let date = CivilDate(daysSince1970: day)
        let parts = [date.month, date.day, second / 3_600, second / 60 % 60, second % 60]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rest = parts.map(two).joined() + "Z"
        guard date.year >= 2_050 else {
            return DERWriter.value(.utcTime, Array((two(date.year % 100) + rest).utf8))
        }
        return DERWriter.value(.generalizedTime, Array(("\(date.year)" + rest).utf8))
    }
}
