// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    @testable import LibP2P

    /// Bytes that a script is read from.
    struct ScriptBytes {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) { rest = bytes[...] }

        /// The next step, or nothing at the end.
        mutating func step() -> UInt8? { rest.popFirst() }

        /// The next number; 0 at the end.
        mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

        /// So many bytes, or as many as there are.
        mutating func bytes(_ count: Int) -> [UInt8] {
            let taken = Array(rest.prefix(count))
            rest = rest.dropFirst(taken.count)
            return taken
        }
    }

    /// What this side and a stranger do with one session: no bound is passed, and a session that is
    /// over stays so.
    struct YamuxScript {
        private static let stepsMax = 512
        private static let streamsMax = 8
        private var script: ScriptBytes
        private var session: YamuxSession
        private var own: [UInt32] = []
        private var controls = 0

        init(_ bytes: [UInt8]) {
            script = ScriptBytes(bytes)
            session = YamuxSession(
                side: bytes.count.isMultiple(of: 2) ? .client : .server,
                streamsMax: Self.streamsMax)
        }

        mutating func run() {
            for _ in 0..<Self.stepsMax {
                guard let step = script.step() else { return }
                do throws(YamuxFailure) {
                    try play(step)
                } catch {
                    return
                }
                precondition(
                    session.streamCount <= Self.streamsMax + own.count, "streams are bounded")
                // Headers of this side's own doing, and answers.
                let headers = (controls + YamuxSession.pongsMax) * YamuxHeader.byteCount
                precondition(
                    session.unsentCount <= 2 * YamuxSession.unsentBytesMax + headers,
                    "what waits is bounded")
            }
        }

        private mutating func play(_ step: UInt8) throws(YamuxFailure) {
            let stream = UInt32(script.byte() % 12)
            controls += 2
            switch step % 9 {
            case 0: if let opened = session.open() { own.append(opened) }
            case 1:
                let count = Int(script.byte()) * 64
                let taken = session.write([UInt8](repeating: 1, count: count)[...], on: stream)
                precondition(taken <= count, "no more is taken than there is")
            case 2: session.finish(stream)
            case 3: session.reset(stream)
            case 4: session.consumed(stream, count: Int(script.byte()) * 1_024)
            case 5: _ = session.takeOutput()
            case 6: try take(Array(script.bytes(Int(script.byte()))))
            default: try take(frame(stream))
            }
        }

        private mutating func frame(_ stream: UInt32) -> [UInt8] {
            let (kind, flags) = (script.byte() % 4, script.byte() % 16)
            let length = UInt32(script.byte()) << UInt32(script.byte() % 25)
            var bytes: [UInt8] = [0, kind, 0, flags]
            for number in [stream, length] {
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            }
            guard kind == 0 else { return bytes }
            return bytes + [UInt8](repeating: 7, count: Int(min(length, 300_000)))
        }

        private mutating func take(_ bytes: [UInt8]) throws(YamuxFailure) {
            controls += bytes.count / YamuxHeader.byteCount + 1
            for case .data(_, let bytes) in try session.receive(bytes) {
                precondition(bytes.count <= YamuxSession.frameBytesMax, "frames are bounded")
            }
        }
    }

    /// Two sessions that keep the rules, whatever they do and however their bytes are cut: neither
    /// finds fault with the other, and what arrives is what was sent, in order.
    struct YamuxPairScript {
        private static let stepsMax = 512
        private struct Lane: Hashable {
            let from: Int
            let stream: UInt32
        }

        private var script: ScriptBytes
        private var sessions = [
            YamuxSession(side: .client, streamsMax: 4), YamuxSession(side: .server, streamsMax: 4),
        ]
        private var wires: [[UInt8]] = [[], []]
        private var sent: [Lane: Int] = [:]
        private var received: [Lane: Int] = [:]
        private var streams: [UInt32] = [1]

        init(_ bytes: [UInt8]) { script = ScriptBytes(bytes) }

        mutating func run() {
            for _ in 0..<Self.stepsMax {
                guard let step = script.step() else { return }
                play(step, side: Int(script.byte() % 2))
            }
        }

        private mutating func play(_ step: UInt8, side: Int) {
            let stream = streams[Int(script.byte()) % streams.count]
            switch step % 8 {
            case 0: if let opened = sessions[side].open() { streams.append(opened) }
            case 1: write(Int(script.byte()) * 512, on: Lane(from: side, stream: stream))
            case 2: sessions[side].finish(stream)
            case 3: sessions[side].reset(stream)
            case 4: sessions[side].ping(UInt32(stream))
            default: deliver(from: side, upTo: Int(script.byte()) * 256 + 1)
            }
        }

        private mutating func write(_ count: Int, on lane: Lane) {
            let before = sent[lane, default: 0]
            // Each byte says where it stands.
            let bytes = (before..<before + count).map { UInt8(truncatingIfNeeded: $0) }
            sent[lane] = before + sessions[lane.from].write(bytes[...], on: lane.stream)
        }

        private mutating func deliver(from side: Int, upTo count: Int) {
            wires[side] += sessions[side].takeOutput().bytes
            let piece = Array(wires[side].prefix(count))
            wires[side].removeFirst(piece.count)
            guard let events = try? sessions[1 - side].receive(piece) else {
                preconditionFailure("who keeps the rules is not found at fault")
            }
            for case .data(let stream, let bytes) in events {
                let lane = Lane(from: side, stream: stream)
                let before = received[lane, default: 0]
                let expected = (before..<before + bytes.count).map { UInt8(truncatingIfNeeded: $0) }
                precondition(bytes == expected, "bytes arrive in the order of writing")
                received[lane] = before + bytes.count
                precondition(before + bytes.count <= sent[lane, default: 0], "nothing is made up")
                sessions[1 - side].consumed(stream, count: bytes.count)
            }
        }
    }
#endif
