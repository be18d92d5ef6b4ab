// SPDX-License-Identifier: Apache-2.0

/// What is answered to a question of the domain name system.
///
/// Source: RFC 1035 §4.1.
public enum NameAnswer: Hashable, Sendable {
    /// These addresses, of the kind that was asked for; none says that the name is there without.
    case addresses([IPAddress])
    /// The name of an address.
    case pointer(String)
    /// There is no such name (NXDOMAIN).
    case unknown
    /// Nobody who could know can be reached (SERVFAIL).
    case failed
    /// Others are not asked for this container (REFUSED).
    case refused

    /// The most addresses of one answer: 12 + 259 + 32 × 28 bytes at most, which every resolver
    /// takes over TCP; over UDP more than 512 bytes are cut.
    public static let addressesMax = 32
    /// The longest answer over UDP (RFC 1035 §2.3.4).
    public static let datagramBytesMax = 512
    /// How long an answer may be remembered: names move with their containers.
    public static let lifetimeSeconds: UInt32 = 5

    private var code: UInt8 {
        switch self {
        case .addresses, .pointer: 0
        case .failed: 2
        case .unknown: 3
        case .refused: 5
        }
    }

    /// The message.
    ///
    /// - Parameter isDatagram: Whether it must be short; one that is not says that there is more to
    ///   be had over TCP.
    public func encoded(to query: NameQuery, isDatagram: Bool) -> [UInt8] {
        let records = records
        let whole = Self.message(query, code, records)
        guard isDatagram, whole.count > Self.datagramBytesMax else { return whole }
        var cut = Self.message(query, code, [])
        cut[2] |= 0x02
        return cut
    }

    private static func message(
        _ query: NameQuery, _ code: UInt8, _ records: [(kind: UInt16, content: [UInt8])]
    ) -> [UInt8] {
        // An answer, by who knows, to who may have wanted others asked, who can be asked here.
        let flags: [UInt8] = [0x84 | (query.wantsRecursion ? 1 : 0), 0x80 | code]
        var bytes = query.id.networkBytes + flags + [0, 1]
        bytes += UInt16(records.count).networkBytes + [0, 0, 0, 0] + query.question
        for record in records {
            // The name is the question's, which begins after the head.
            bytes += [0xC0, 12] + record.kind.networkBytes + [0, 1]
            bytes += lifetimeSeconds.networkBytes + UInt16(record.content.count).networkBytes
            bytes += record.content
        }
        return bytes
    }

    private var records: [(kind: UInt16, content: [UInt8])] {
        switch self {
        case .addresses(let addresses):
            addresses.prefix(Self.addressesMax).map {
                ($0.family == .four ? NameQuery.Kind.four : NameQuery.Kind.six, $0.bytes)
            }
        case .pointer(let name): Self.encoded(name).map { [(NameQuery.Kind.pointer, $0)] } ?? []
        case .unknown, .failed, .refused: []
        }
    }

    /// A name's bytes; nil for one that is too long.
    private static func encoded(_ name: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for label in name.split(separator: ".") {
            guard label.utf8.count <= NameQuery.labelBytesMax else { return nil }
            bytes += [UInt8(label.utf8.count)] + Array(label.utf8)
        }
        return bytes.count < NameQuery.nameBytesMax ? bytes + [0] : nil
    }
}
