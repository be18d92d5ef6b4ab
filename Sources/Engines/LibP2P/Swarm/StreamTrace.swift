// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// One movement of bytes on one stream, as a trace notes it: when, with whom, how much; never what.
public struct StreamMovement: Hashable, Sendable {
    /// Counts what was noted since the trace began, from 1.
    public let number: UInt64
    /// Milliseconds since the trace began.
    public let milliseconds: UInt64
    /// With whom.
    public let peer: PeerID
    /// Over which protocol.
    public let protocolName: String
    /// The stream's number in its connection.
    public let stream: UInt32
    /// Whether the bytes came in.
    public let isInbound: Bool
    /// How many.
    public let bytes: Int
}

/// Which movements a trace notes, and how long.
public struct TraceWish: Hashable, Sendable {
    /// The longest trace: an hour.
    public static let secondsMax: UInt64 = 3_600

    /// With this peer alone.
    public var peer: PeerID?
    /// Over protocols whose names begin so.
    public var protocolStart: String
    /// How long, 1 to ``secondsMax``.
    public var seconds: UInt64

    /// Everything, for so long.
    public init(peer: PeerID? = nil, protocolStart: String = "", seconds: UInt64) {
        self.peer = peer
        self.protocolStart = protocolStart
        self.seconds = min(max(seconds, 1), Self.secondsMax)
    }
}

/// What a trace has noted.
public struct TracePage: Hashable, Sendable {
    /// The movements, the oldest first.
    public var movements: [StreamMovement] = []
    /// How many were noted since the trace began, also those that had to go.
    public var noted: UInt64 = 0
    /// Whether the trace goes on.
    public var isRunning = false
}

/// A debug log of single movements, off unless it is asked for, of bounded size (LIBP-90).
///
/// While it is off it costs one look at a flag for each read and write.
final class StreamTrace: Sendable {
    /// The most movements kept: 4,096 of about 150 bytes are 600 KiB; the oldest go first.
    static let movementsMax = 4_096

    private struct State {
        var wish: TraceWish?
        var began: UInt64 = 0
        var ends: UInt64 = 0
        var ring: [StreamMovement] = []
        var noted: UInt64 = 0
    }

    private let isOn = Atomic<Bool>(false)
    private let state = Mutex(State())

    /// Begins anew; what was noted before is gone. A wish of nothing ends it.
    func begin(_ wish: TraceWish?, at now: UInt64) {
        state.withLock { state in
            guard let wish else { return state.wish = nil }
            state = State(
                wish: wish, began: now, ends: now &+ wish.seconds * 1_000, ring: [], noted: 0)
        }
        isOn.store(wish != nil, ordering: .relaxed)
    }

    /// Notes a movement when somebody asked for such.
    func note(
        _ peer: PeerID?, _ name: String, stream: UInt32, isInbound: Bool, bytes: Int,
        at now: () -> UInt64
    ) {
        guard isOn.load(ordering: .relaxed), let peer, bytes > 0 else { return }
        let now = now()
        state.withLock { state in
            guard let wish = state.wish, now < state.ends else {
                state.wish = nil
                return isOn.store(false, ordering: .relaxed)
            }
            guard wish.peer.map({ $0 == peer }) ?? true, name.hasPrefix(wish.protocolStart) else {
                return
            }
            state.noted += 1
            let movement = StreamMovement(
                number: state.noted, milliseconds: now - min(state.began, now), peer: peer,
                protocolName: name, stream: stream, isInbound: isInbound, bytes: bytes)
            if state.ring.count < Self.movementsMax {
                state.ring.append(movement)
            } else {
                state.ring[Int((state.noted - 1) % UInt64(Self.movementsMax))] = movement
            }
        }
    }

    /// What was noted after a number, at most `limit`.
    func page(after number: UInt64, limit: Int, at now: UInt64) -> TracePage {
        state.withLock { state in
            let known = state.ring.filter { $0.number > number }
                .sorted { $0.number < $1.number }.prefix(max(limit, 0))
            return TracePage(
                movements: Array(known), noted: state.noted,
                isRunning: state.wish != nil && now < state.ends)
        }
    }
}

extension Swarm {
    /// Notes single movements for some time, or no longer (LIBP-90).
    public func trace(_ wish: TraceWish?) {
        traffic.trace.begin(wish, at: effects.time.now().value / 1_000_000)
    }

    /// What was noted after a number, at most `limit` movements.
    public func traced(after number: UInt64 = 0, limit: Int = 1_000) -> TracePage {
        traffic.trace.page(
            after: number, limit: limit, at: effects.time.now().value / 1_000_000)
    }
}
