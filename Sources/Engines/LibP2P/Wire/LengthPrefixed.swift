// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream into messages, each behind its length as a varint.
///
/// Memory: one unfinished message, of at most the limit; a length that is only announced reserves
/// nothing. Source: LIBP-3.
public struct LengthPrefixedReader: Sendable {
    private let messageBytesMax: Int
    private var buffer: [UInt8] = []
    private var start = 0

    /// - Parameter messageBytesMax: The longest message that is taken.
    public init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
    }

    /// How many bytes wait for the rest of their message.
    public var bufferedCount: Int { buffer.count - start }

    /// Adds what has arrived.
    public mutating func append(_ bytes: [UInt8]) {
        if start > 0, start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        buffer += bytes
    }

    /// The next whole message, or nothing until more has arrived.
    ///
    /// - Throws: ``WireFailure/tooLong(limit:)``, ``WireFailure/malformed(_:)``; the stream is
    ///   useless afterwards.
    public mutating func next() throws(WireFailure) -> [UInt8]? {
        var rest = buffer[start...]
        let length: UInt64
        do throws(WireFailure) {
            length = try Varint.take(&rest)
        } catch .truncated {
            return nil
        } catch {
            throw error
        }
        guard length <= UInt64(messageBytesMax) else { throw .tooLong(limit: messageBytesMax) }
        guard rest.count >= Int(length) else { return nil }
        let message = Array(rest.prefix(Int(length)))
        start = rest.startIndex + Int(length)
        compact()
        return message
    }

    /// Whether what waits begins as `bytes` do, as far as it has arrived.
    func agrees(with bytes: [UInt8]) -> Bool {
        zip(buffer[start...], bytes).allSatisfy { $0 == $1 }
    }

    /// What has arrived and is not part of a whole message that was given out.
    public mutating func takeRest() -> [UInt8] {
        defer {
            buffer = []
            start = 0
        }
        return Array(buffer[start...])
    }

    /// A message behind its length.
    public static func frame(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + 4)
        Varint.append(UInt64(message.count), to: &bytes)
        bytes += message
        return bytes
    }

    // Bytes that were given out are dropped once they are the larger half.
    private mutating func compact() {
        guard start > 4_096, start * 2 > buffer.count else { return }
        buffer.removeFirst(start)
        start = 0
    }
}
