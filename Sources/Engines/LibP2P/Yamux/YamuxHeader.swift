// SPDX-License-Identifier: Apache-2.0

/// The twelve bytes before each frame of yamux.
///
/// Source: yamux specification, "Framing"; LIBP-14.
struct YamuxHeader: Hashable, Sendable {
    /// What a frame is for.
    enum Kind: UInt8, Sendable {
        case data = 0
        case windowUpdate = 1
        case ping = 2
        case goAway = 3
    }

    /// What else a frame says.
    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let syn = Flags(rawValue: 1)
        static let ack = Flags(rawValue: 2)
        static let fin = Flags(rawValue: 4)
        static let rst = Flags(rawValue: 8)
        static let all: Flags = [.syn, .ack, .fin, .rst]
    }

    /// The bytes of a header.
    static let byteCount = 12

    var kind: Kind
    var flags: Flags
    var stream: UInt32
    /// The length of data, a window's growth, a ping's number or the reason for going away.
    var length: UInt32

    init(_ kind: Kind, _ flags: Flags = [], stream: UInt32, length: UInt32) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.length = length
    }

    /// Reads twelve bytes.
    init(_ bytes: ArraySlice<UInt8>) throws(YamuxFailure) {
        let start = bytes.startIndex
        func word(_ offset: Int) -> UInt32 {
            bytes[start + offset..<start + offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard bytes[start] == 0 else { throw .unknownVersion(bytes[start]) }
        guard let kind = Kind(rawValue: bytes[start + 1]) else {
            throw .unknownKind(bytes[start + 1])
        }
        let flags = Flags(rawValue: UInt16(bytes[start + 2]) << 8 | UInt16(bytes[start + 3]))
        guard flags.isSubset(of: .all) else { throw .unknownFlags(flags.rawValue) }
        self.init(kind, flags, stream: word(4), length: word(8))
    }

    /// Appends the twelve bytes.
    func append(to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.append(kind.rawValue)
        bytes.append(UInt8(flags.rawValue >> 8))
        bytes.append(UInt8(truncatingIfNeeded: flags.rawValue))
        for word in [stream, length] {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
            }
        }
    }
}

/// How the other side broke the rules of yamux; the session is over.
public enum YamuxFailure: Error, Hashable, Sendable {
    case unknownVersion(UInt8)
    case unknownKind(UInt8)
    case unknownFlags(UInt16)
    /// A stream id of the wrong side, or zero, or one in use.
    case badStream(UInt32)
    /// More bytes than the window had room for.
    case windowExceeded(UInt32)
    /// A window that grows beyond 32 bits.
    case windowOverflow(UInt32)
    /// A frame of data longer than ``YamuxSession/frameBytesMax``.
    case frameTooLong(UInt32)
    /// More pings wait for an answer than ``YamuxSession/pongsMax``.
    case tooManyPings
}
