// SPDX-License-Identifier: Apache-2.0
import LibP2P

/// What waits to be sent to one peer, by class, and how it is cut into records.
///
/// A value without time or stream: frames in, records out. Control frames go first, then the
/// classes in order; the last record of a full flush serves the classes in reverse, so that no
/// class waits for ever behind a busy one.
///
/// Source: specs/transport.md TRANSPORT-11, TRANSPORT-12, TRANSPORT-13.
struct SendQueue: Sendable {
    /// Records in one flush: 4 × 64 KiB bounds what an urgent frame can wait behind.
    static let flushRecordsMax = 4
    /// The longest record: with a stream's header it fills one sealed message.
    static let recordBytesMax = PeerStream.pumpedFrameBytesMax
    /// What is kept of the receiver's room for what is urgent, in bytes: one record.
    static let urgentRoomBytes = 65_536
    /// What a waiting frame counts beyond its bytes: about what its place in the queue costs.
    static let frameOverheadBytes = 64
    /// A frame is not begun in a record with less room than this, unless it fits whole.
    static let chunkBytesMin = 1_024

    private struct Lane: Sendable {
        var frames = Fifo<Frame>()
        var bytes = 0
        /// How much of the first frame has been sent.
        var sent = 0
    }

    private let limits: QueueLimits
    private var lanes = [Lane(), Lane(), Lane()]
    private var ping: UInt64?
    private var pong: UInt64?

    /// An empty queue.
    init(limits: QueueLimits) {
        self.limits = limits
    }

    /// Whether nothing waits.
    var isEmpty: Bool { ping == nil && pong == nil && lanes.allSatisfy(\.frames.isEmpty) }

    /// Bytes that wait in all classes.
    var bytes: Int { lanes.reduce(0) { $0 + $1.bytes } }

    /// Whether nothing of a class waits.
    func isEmpty(_ priority: SendPriority) -> Bool {
        lanes[Int(priority.rawValue)].frames.isEmpty
    }

    /// Whether a frame of so many bytes may wait: an empty class always takes one.
    func hasRoom(for count: Int, in priority: SendPriority) -> Bool {
        let slot = Int(priority.rawValue)
        return lanes[slot].frames.isEmpty
            || lanes[slot].bytes + count + Self.frameOverheadBytes <= limits[priority]
    }

    /// Adds a frame at the end of its class; the caller has asked for room.
    mutating func append(_ frame: Frame) {
        let slot = Int(frame.priority.rawValue)
        lanes[slot].frames.append(frame)
        lanes[slot].bytes += frame.bytes.count + Self.frameOverheadBytes
    }

    /// Sends a ping; one that waits is forgotten.
    mutating func setPing(_ id: UInt64) { ping = id }

    /// Answers a ping; an answer that waits is forgotten, so pings cannot fill memory.
    mutating func setPong(_ id: UInt64) { pong = id }

    /// Takes the next flush: up to four records, and how many frames they complete.
    ///
    /// - Parameter room: How many bytes the receiver takes; the last ``urgentRoomBytes`` of them
    ///   are for consensus alone.
    mutating func nextFlush(room: Int = .max) -> (records: [[UInt8]], completed: Int) {
        var records: [[UInt8]] = []
        var completed = 0
        var left = room
        while records.count < Self.flushRecordsMax {
            let isLast = records.count == Self.flushRecordsMax - 1
            let limit = min(Self.recordBytesMax, left)
            let usual = min(limit, left - Self.urgentRoomBytes)
            var record: [UInt8] = []
            record.reserveCapacity(min(limit, estimatedBytes))
            takeControl(into: &record, limit)
            for slot in isLast ? [2, 1, 0] : [0, 1, 2] {
                completed += fill(&record, from: slot, upTo: slot == 0 ? limit : usual)
            }
            guard !record.isEmpty else { break }
            left -= record.count
            records.append(record)
        }
        return (records, completed)
    }

    // What all that waits would take with its headers, about.
    private var estimatedBytes: Int { bytes + 2 * Self.frameOverheadBytes }

    /// The record of one frame that fits in it.
    static func record(of frame: Frame) -> [UInt8] {
        var record: [UInt8] = []
        append(chunkOf: frame, from: 0, count: frame.bytes.count, to: &record)
        return record
    }

    private mutating func takeControl(into record: inout [UInt8], _ limit: Int) {
        let frameBytes = ChunkHeader.byteCount + FrameKind.ping.prefixBytes
        if let id = ping, record.count + frameBytes <= limit {
            record += Self.record(of: .control(.ping, id.eightBytes))
            ping = nil
        }
        if let id = pong, record.count + frameBytes <= limit {
            record += Self.record(of: .control(.pong, id.eightBytes))
            pong = nil
        }
    }

    // Moves as much of one class into the record as fits; returns how many frames it completed.
    private mutating func fill(
        _ record: inout [UInt8], from slot: Int, upTo limit: Int
    ) -> Int {
        var completed = 0
        var sent = lanes[slot].sent
        var bytes = 0
        lanes[slot].frames.forEach { frame in
            let room = limit - record.count - ChunkHeader.byteCount
            let rest = frame.bytes.count - sent
            guard room >= rest || room >= Self.chunkBytesMin else { return false }
            let count = min(room, rest)
            Self.append(chunkOf: frame, from: sent, count: count, to: &record)
            guard count == rest else {
                sent += count
                return false
            }
            bytes += frame.bytes.count + Self.frameOverheadBytes
            sent = 0
            completed += 1
            return true
        }
        lanes[slot].sent = sent
        lanes[slot].frames.removeFirst(completed)
        lanes[slot].bytes -= bytes
        return completed
    }

    private static func append(
        chunkOf frame: Frame, from start: Int, count: Int, to record: inout [UInt8]
    ) {
        let header = ChunkHeader(
            kind: frame.kind, priority: frame.priority, isFirst: start == 0,
            isLast: start + count == frame.bytes.count, channel: frame.channel, count: count,
            total: frame.bytes.count)
        header.write(to: &record)
        frame.bytes.withUnsafeBytes { bytes in
            record.append(contentsOf: bytes[start..<start + count])
        }
    }
}
