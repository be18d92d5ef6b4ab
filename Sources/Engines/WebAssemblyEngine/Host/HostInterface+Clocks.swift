// SPDX-License-Identifier: Apache-2.0

/// Clocks, and waiting, which takes no real time.
extension HostInterface {
    /// The most things one `poll_oneoff` may wait for.
    static let subscriptionsMax: UInt32 = 1_024

    static let clocks: [String: HostFunction] = [
        "clock_res_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            guard call.word(0) < VirtualClock.clocks else { throw .refused(.invalid) }
            try call.memory().store(VirtualClock.stepNanoseconds, at: call.word(1))
        },
        "clock_time_get": HostFunction([.int32, .int64, .int32]) { call throws(HostInterrupt) in
            guard call.word(0) < VirtualClock.clocks else { throw .refused(.invalid) }
            // The place is checked before the clock moves, so that a refused call changes nothing.
            let place = try call.memory().bytes(at: call.word(2), count: 8)
            place.storeBytes(of: call.state.clock.read().littleEndian, as: UInt64.self)
        },
        "poll_oneoff": HostFunction([.int32, .int32, .int32, .int32], poll),
    ]

    /// Answers every subscription that is due at the earliest moment at which any is.
    @Sendable private static func poll(_ call: HostCall) throws(HostInterrupt) {
        let count = call.word(2)
        guard count > 0, count <= subscriptionsMax else { throw .refused(.invalid) }
        try call.charge(UInt64(count) * HostFuel.entry)
        let memory = try call.memory()
        _ = try memory.bytes(at: call.word(0), count: count * Subscription.bytes)
        _ = try memory.bytes(at: call.word(1), count: count * Subscription.eventBytes)
        _ = try memory.bytes(at: call.word(3), count: 4)

        var subscriptions: [Subscription] = []
        for index in 0..<count {
            let place = try GuestMemory.sum(call.word(0), index * Subscription.bytes)
            try subscriptions.append(
                Subscription(memory, at: place, now: call.state.clock.nanoseconds))
        }
        let earliest = subscriptions.map(\.moment).min() ?? 0
        call.state.clock.advance(to: earliest)

        var events: UInt32 = 0
        for subscription in subscriptions where subscription.moment <= earliest {
            let place = try GuestMemory.sum(call.word(1), events * Subscription.eventBytes)
            try subscription.storeEvent(memory, at: place)
            events += 1
        }
        try memory.store(events, at: call.word(3))
    }
}

/// One thing a program waits for: WASI's `subscription`.
private struct Subscription {
    static let bytes: UInt32 = 48
    static let eventBytes: UInt32 = 32
    private static let absoluteFlag: UInt16 = 1

    let userData: UInt64
    let type: UInt8
    /// What the program is told of it: only clocks can be waited for.
    let answer: Errno
    /// When it is due, in nanoseconds since 1970.
    let moment: UInt64

    init(_ memory: GuestMemory, at place: UInt32, now: UInt64) throws(HostInterrupt) {
        userData = try memory.load(UInt64.self, at: place)
        type = try memory.load(UInt8.self, at: place, offset: 8)
        guard type == 0 else {
            guard type <= 2 else { throw .refused(.invalid) }
            answer = .notSupported
            moment = 0
            return
        }
        let clock = try memory.load(UInt32.self, at: place, offset: 16)
        let timeout = try memory.load(UInt64.self, at: place, offset: 24)
        let flags = try memory.load(UInt16.self, at: place, offset: 40)
        answer = clock < VirtualClock.clocks ? .success : .invalid
        let (sum, overflow) = now.addingReportingOverflow(timeout)
        let relative = overflow ? UInt64.max : sum
        let due = flags & Self.absoluteFlag != 0 ? timeout : relative
        moment = answer == .success ? max(due, now) : 0
    }

    func storeEvent(_ memory: GuestMemory, at place: UInt32) throws(HostInterrupt) {
        try memory.store([UInt8](repeating: 0, count: Int(Self.eventBytes)), at: place)
        try memory.store(userData, at: place)
        try memory.store(answer.rawValue, at: place, offset: 8)
        try memory.store(type, at: place, offset: 10)
    }
}
