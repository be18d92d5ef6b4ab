// SPDX-License-Identifier: Apache-2.0

/// A name of the domain name system: labels, in lower case, since case does not count.
///
/// Source: RFC 1035 §3.1, §4.1.4; LIBP-60.
struct DNSName: Hashable, Sendable {
    /// The longest name with its lengths and its end (RFC 1035 §2.3.4).
    static let encodedBytesMax = 255
    /// The longest label.
    static let labelBytesMax = 63
    /// The most places a name may go on at: each is before the last, so a name of so many labels
    /// at most needs no more.
    static let jumpsMax = 127

    let labels: [[UInt8]]

    /// A name of labels.
    ///
    /// - Returns: Nothing when a label is empty or too long, or the whole is.
    init?(_ labels: [[UInt8]]) {
        guard labels.allSatisfy({ (1...Self.labelBytesMax).contains($0.count) }),
            labels.reduce(1, { $0 + $1.count + 1 }) <= Self.encodedBytesMax
        else { return nil }
        self.labels = labels.map { $0.map(Self.lowered) }
    }

    /// A name of words with dots between them.
    init?(_ text: String) {
        self.init(text.split(separator: ".").map { Array($0.utf8) })
    }

    /// Takes a name out of a message, following where it goes on.
    ///
    /// - Parameters:
    ///   - message: The whole message.
    ///   - position: Where the name begins; then, what follows it there.
    init(_ message: [UInt8], at position: inout Int) throws(WireFailure) {
        var labels: [[UInt8]] = []
        var bytes = 1
        var place = position
        var end: Int?
        var jumps = 0
        while true {
            guard place < message.count else { throw .truncated }
            let length = Int(message[place])
            switch length {
            case 0:
                position = end ?? place + 1
                self.labels = labels
                return
            case 1...Self.labelBytesMax:
                guard place + 1 + length <= message.count else { throw .truncated }
                bytes += length + 1
                guard bytes <= Self.encodedBytesMax else {
                    throw .tooLong(limit: Self.encodedBytesMax)
                }
                labels.append(message[place + 1...place + length].map(Self.lowered))
                place += 1 + length
            case 0xc0...:
                guard place + 1 < message.count else { throw .truncated }
                let target = (length & 0x3f) << 8 | Int(message[place + 1])
                // Only back, or it might never end.
                jumps += 1
                guard target < place, jumps <= Self.jumpsMax else { throw .malformed(.message) }
                end = end ?? place + 2
                place = target
            default: throw .malformed(.message)
            }
        }
    }

    /// Writes it in full.
    func write(into bytes: inout [UInt8]) {
        for label in labels {
            bytes.append(UInt8(label.count))
            bytes += label
        }
        bytes.append(0)
    }

    /// Whether it stands below another.
    func isBelow(_ other: DNSName) -> Bool {
        labels.count > other.labels.count && labels.suffix(other.labels.count) == other.labels[...]
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
    }
}
