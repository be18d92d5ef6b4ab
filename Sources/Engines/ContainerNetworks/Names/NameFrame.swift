// SPDX-License-Identifier: Apache-2.0
import Effects

/// Messages of the domain name system over TCP: each with its length before it (RFC 1035 §4.2.2).
enum NameFrame {
    /// A message with its length; at most 65,535 bytes.
    static func framed(_ message: [UInt8]) -> [UInt8] {
        UInt16(truncatingIfNeeded: message.count).networkBytes + message
    }

    /// The next message; nil at the end, and for one that is too long.
    static func read(_ stream: any ByteStream, bytesMax: Int) async -> [UInt8]? {
        guard let head = await read(stream, count: 2) else { return nil }
        let count = Int(head[0]) << 8 | Int(head[1])
        guard (1...bytesMax).contains(count) else { return nil }
        return await read(stream, count: count)
    }

    private static func read(_ stream: any ByteStream, count: Int) async -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = try? await stream.read(limit: count - bytes.count), !more.isEmpty
            else { return nil }
            bytes += more
        }
        return bytes
    }
}

/// Ends what takes too long.
struct Deadline {
    private let effects: Effects
    private let milliseconds: UInt64
    private let expire: @Sendable () -> Void

    /// - Parameter expire: What makes the work end, such as closing what it waits for.
    init(_ effects: Effects, milliseconds: UInt64, _ expire: @escaping @Sendable () -> Void) {
        self.effects = effects
        self.milliseconds = milliseconds
        self.expire = expire
    }

    /// Works, and makes the work end when the time is up.
    func during<Value: Sendable>(_ work: () async -> Value) async -> Value {
        let (effects, milliseconds, expire) = (effects, milliseconds, expire)
        let clock = effects.tasks.spawn("deadline") {
            await effects.time.sleep(milliseconds: milliseconds)
            if !Task.isCancelled { expire() }
        }
        let value = await work()
        clock.cancel()
        return value
    }
}
