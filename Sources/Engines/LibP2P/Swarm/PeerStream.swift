// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// A two-way stream of one protocol with one peer. One task reads and one writes at a time.
public final class PeerStream: Sendable {
    /// Its number in its connection.
    let number: UInt32
    /// Who is at the other end.
    public let peer: PeerID
    /// Whether the other side opened it.
    public let isInbound: Bool
    /// What both sides agreed to speak.
    public let protocolName: String
    /// Where the other end is.
    public let address: Multiaddr

    let link: PeerLink

    init(_ number: UInt32, peer: PeerID, isInbound: Bool, protocolName: String, link: PeerLink) {
        self.number = number
        self.peer = peer
        self.isInbound = isInbound
        self.protocolName = protocolName
        self.link = link
        address = link.address
    }

    /// At least one and at most `limit` bytes; none at the end.
    ///
    /// - Throws: ``StreamFailure/reset``.
    public func read(limit: Int) async throws(StreamFailure) -> [UInt8] {
        let bytes = try await link.read(number, limit: limit)
        link.moved(protocolName, peer, on: number, isInbound: true, bytes: bytes.count)
        return bytes
    }

    /// Exactly so many bytes.
    ///
    /// - Throws: ``StreamFailure/ended`` when there are fewer, ``StreamFailure/reset``.
    public func read(exactly count: Int) async throws(StreamFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try await read(limit: count - bytes.count)
            guard !more.isEmpty else { throw .ended }
            bytes += more
        }
        return bytes
    }

    /// Sends all bytes, as fast as the other side consumes them.
    ///
    /// - Throws: ``StreamFailure/reset``.
    public func write(_ bytes: [UInt8]) async throws(StreamFailure) {
        try await link.write(bytes, on: number)
        link.moved(protocolName, peer, on: number, isInbound: false, bytes: bytes.count)
    }

    /// Sends a message behind its length.
    ///
    /// - Throws: ``StreamFailure/reset``.
    public func write(message: [UInt8]) async throws(StreamFailure) {
        try await write(LengthPrefixedReader.frame(message))
    }

    /// Says that nothing more follows; reading goes on.
    public func finish() { link.finish(number) }

    /// Ends the stream at once in both directions; waiting reads and writes throw.
    public func reset() { link.reset(number) }

    /// Lets go of the stream: in order when the other side has finished, else at once.
    public func close() { link.close(number) }
}

/// Messages behind their lengths, from a stream.
public struct MessageStream: Sendable {
    private let stream: PeerStream
    private var reader: LengthPrefixedReader

    /// - Parameter messageBytesMax: The longest message that is taken.
    public init(_ stream: PeerStream, messageBytesMax: Int) {
        self.stream = stream
        reader = LengthPrefixedReader(messageBytesMax: messageBytesMax)
    }

    /// What has arrived behind the last message, for who goes on reading another way.
    public mutating func takeRest() -> [UInt8] { reader.takeRest() }

    /// All whole messages that have arrived, at least one, or none at the end of the stream.
    ///
    /// - Throws: ``StreamFailure``.
    public mutating func nextBatch() async throws(StreamFailure) -> [[UInt8]] {
        guard let first = try await next() else { return [] }
        var batch = [first]
        do {
            while let message = try reader.next() { batch.append(message) }
        } catch {
            throw .wire(error)
        }
        return batch
    }

    /// The next message, or nothing at the end of the stream.
    ///
    /// - Throws: ``StreamFailure``.
    public mutating func next() async throws(StreamFailure) -> [UInt8]? {
        while true {
            do {
                if let message = try reader.next() { return message }
            } catch {
                throw .wire(error)
            }
            let bytes = try await stream.read(limit: 65_536)
            guard !bytes.isEmpty else {
                guard reader.bufferedCount == 0 else { throw .ended }
                return nil
            }
            reader.append(bytes)
        }
    }
}

/// Resets a stream whose work takes too long.
final class StreamDeadline: Sendable {
    private let isMissed = Mutex(false)
    private let task: Mutex<(any SpawnedTask)?> = Mutex(nil)

    /// Starts to wait.
    init(_ stream: PeerStream, _ effects: Effects, milliseconds: UInt64) {
        let waiting = effects.tasks.spawn("stream deadline") { [self] in
            await effects.time.sleep(milliseconds: milliseconds)
            guard !Task.isCancelled else { return }
            isMissed.withLock { $0 = true }
            stream.reset()
        }
        task.withLock { $0 = waiting }
    }

    /// Ends the wait.
    func meet() { task.withLock { $0 }?.cancel() }

    /// What a failure of the stream means: a late one that it was late.
    func explain(_ failure: StreamFailure) -> StreamFailure {
        isMissed.withLock { $0 } ? .timedOut : failure
    }
}

/// Counts what goes over streams, by protocol.
final class TrafficBook: Sendable {
    /// The most protocols told apart; peers cannot add any, since only agreed ones are counted.
    private static let protocolsMax = 256

    private let pages = Mutex<[String: ProtocolTraffic]>([:])
    /// Single movements, while somebody asks for them.
    let trace = StreamTrace()

    func count(_ name: String, _ change: (inout ProtocolTraffic) -> Void) {
        pages.withLock { pages in
            guard pages[name] != nil || pages.count < Self.protocolsMax else { return }
            change(&pages[name, default: ProtocolTraffic()])
        }
    }

    var all: [String: ProtocolTraffic] { pages.withLock { $0 } }
}

extension PeerLink {
    /// Counts bytes of a stream, and notes them when somebody asks for such.
    func moved(
        _ name: String, _ peer: PeerID?, on number: UInt32, isInbound: Bool, bytes: Int
    ) {
        traffic.count(name) {
            if isInbound { $0.bytesIn += UInt64(bytes) } else { $0.bytesOut += UInt64(bytes) }
        }
        traffic.trace.note(peer, name, stream: number, isInbound: isInbound, bytes: bytes) {
            effects.time.now().value / 1_000_000
        }
    }
}
