// SPDX-License-Identifier: Apache-2.0

/// What is asked of the kernel over netlink: a kind, how, and the bytes after the head.
public struct NetlinkRequest: Hashable, Sendable {
    /// What it is about: RTM_* of linux/rtnetlink.h.
    public let kind: UInt16
    /// NLM_F_* beyond those that every request has.
    public let flags: UInt16
    /// The kind's own structure, then attributes.
    public let body: [UInt8]
    /// What is being done, for who reads why it was refused.
    public let doing: String

    /// Joins the parts.
    init(
        _ kind: UInt16, flags: UInt16 = 0, _ head: [UInt8], _ attributes: [NetlinkAttribute] = [],
        doing: String
    ) {
        self.kind = kind
        self.flags = flags
        self.doing = doing
        body = head + NetlinkAttribute.encode(attributes)
    }

    /// Asks for everything of a kind (NLM_F_DUMP).
    var isDump: Bool { flags & NetlinkFlag.dump == NetlinkFlag.dump }
}

/// One message of netlink.
///
/// Source: `man 7 netlink`, RFC 3549 §2.
public struct NetlinkMessage: Hashable, Sendable {
    /// What it is about.
    public var kind: UInt16
    /// NLM_F_*.
    public var flags: UInt16
    /// Which request it answers.
    public var sequence: UInt32
    /// What follows the head.
    public var body: [UInt8]

    private static let headBytes = 16

    /// Joins the parts.
    public init(kind: UInt16, flags: UInt16, sequence: UInt32, body: [UInt8]) {
        self.kind = kind
        self.flags = flags
        self.sequence = sequence
        self.body = body
    }

    /// Its bytes; the kernel knows the sender by its socket.
    public var encoded: [UInt8] {
        UInt32(Self.headBytes + body.count).machineBytes + kind.machineBytes + flags.machineBytes
            + sequence.machineBytes + UInt32(0).machineBytes + body
    }

    /// Reads the messages of one datagram.
    ///
    /// - Throws: ``WiringFailure/malformed``.
    public static func decode(_ bytes: [UInt8]) throws(WiringFailure) -> [NetlinkMessage] {
        var rest = bytes[...]
        var found: [NetlinkMessage] = []
        while !rest.isEmpty {
            guard let length = rest.machineNumber(UInt32.self, at: 0).map(Int.init),
                let kind = rest.machineNumber(UInt16.self, at: 4),
                let flags = rest.machineNumber(UInt16.self, at: 6),
                let sequence = rest.machineNumber(UInt32.self, at: 8),
                length >= headBytes, length <= rest.count
            else { throw .malformed }
            found.append(
                NetlinkMessage(
                    kind: kind, flags: flags, sequence: sequence,
                    body: Array(rest.dropFirst(headBytes).prefix(length - headBytes))))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return found
    }

    /// The attributes after a structure of so many bytes.
    public func attributes(after count: Int) throws(WiringFailure) -> [NetlinkAttribute] {
        guard body.count >= count else { throw .malformed }
        return try NetlinkAttribute.decode(body[count...])
    }

    /// What the kernel says of a request's end: 0 when it did what was asked, else errno and its
    /// words; nil when this is no such message.
    public var outcome: (number: Int32, words: String)? {
        guard kind == NetlinkKind.error || kind == NetlinkKind.done else { return nil }
        guard let code = body[...].machineNumber(UInt32.self, at: 0) else { return (0, "") }
        let number = Int32(bitPattern: code)
        // Errors are followed by the head of the request, and then by words.
        let after = kind == NetlinkKind.error ? 4 + Self.headBytes : 4
        guard flags & NetlinkFlag.hasWords != 0, let found = try? attributes(after: after) else {
            return (number == .min ? .max : abs(number), "")
        }
        return (number == .min ? .max : abs(number), found.first(1)?.text ?? "")
    }
}
