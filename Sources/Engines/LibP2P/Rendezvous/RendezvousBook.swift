// SPDX-License-Identifier: Apache-2.0

/// Who is registered where at a rendezvous point, as a value.
///
/// Each peer speaks for itself alone. When there are too many the one that registered longest ago
/// goes: who is there registers again and again. Memory: ``registrationsMax`` records of at most
/// 16 KiB, usually 300 bytes. Source: LIBP-70, LIBP-71.
public struct RendezvousBook: Sendable {
    /// The most registrations.
    public static let registrationsMax = 4_096
    /// The most namespaces one peer may be registered in.
    public static let namespacesOfPeerMax = 16
    /// How long a registration lasts when its peer does not say: two hours.
    public static let usualSeconds: UInt64 = 7_200
    /// How long at most: three days.
    public static let secondsMax: UInt64 = 259_200

    private struct Place: Hashable {
        let namespace: String
        let peer: PeerID
    }

    private struct Entry {
        var record: [UInt8]
        /// Milliseconds of the caller's clock.
        var until: UInt64
        var number: UInt64
    }

    private var entries: [Place: Entry] = [:]
    private var count: UInt64 = 0

    /// Nobody is registered.
    public init() {}

    /// Registers a peer, or again.
    ///
    /// - Parameter now: Milliseconds of a clock that never goes back.
    /// - Returns: For how many seconds, or why not.
    public mutating func register(
        _ registration: RendezvousRegistration, of peer: PeerID, now: UInt64
    ) -> Result<UInt64, RendezvousStatus> {
        guard !registration.namespace.isEmpty else { return .failure(.invalidNamespace) }
        let seconds = registration.seconds == 0 ? Self.usualSeconds : registration.seconds
        guard seconds <= Self.secondsMax else { return .failure(.invalidTTL) }
        guard let record = try? PeerRecord(sealed: registration.record), record.peer == peer else {
            return .failure(.invalidRecord)
        }
        let place = Place(namespace: registration.namespace, peer: peer)
        if entries[place] == nil {
            let places = entries.keys.count { $0.peer == peer }
            guard places < Self.namespacesOfPeerMax else { return .failure(.notAuthorized) }
        }
        // What is told again is no news to those who have heard it.
        let isNews = entries[place]?.record != registration.record
        if isNews { count += 1 }
        let number = isNews ? count : entries[place]?.number ?? count
        entries[place] = Entry(
            record: registration.record, until: now + seconds * 1_000, number: number)
        if entries.count > Self.registrationsMax { makeRoom(now: now) }
        return .success(seconds)
    }

    /// Forgets a peer in a namespace.
    public mutating func unregister(_ peer: PeerID, in namespace: String) {
        entries[Place(namespace: namespace, peer: peer)] = nil
    }

    /// Who is registered in a namespace after those that a cookie stands for, the first first.
    ///
    /// - Returns: The registrations, and the cookie for those after them; nothing for a cookie
    ///   that is none of this book's.
    public func discover(
        _ namespace: String, after cookie: [UInt8], limit: Int, now: UInt64
    ) -> (registrations: [RendezvousRegistration], cookie: [UInt8])? {
        guard cookie.isEmpty || cookie.count == 8 else { return nil }
        let after = cookie.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard after <= count else { return nil }
        var found = entries.filter {
            $0.key.namespace == namespace && $0.value.number > after && $0.value.until > now
        }.sorted { $0.value.number < $1.value.number }
        found = Array(found.prefix(limit))
        var bytes = 0
        let cut = found.prefix { item in
            bytes += item.value.record.count + Self.overheadBytes + namespace.utf8.count
            return bytes <= RendezvousMessage.encodedBytesMax
        }
        let last = cut.last?.value.number ?? after
        let registrations = cut.map { item in
            RendezvousRegistration(
                namespace: namespace, record: item.value.record,
                seconds: (item.value.until - now) / 1_000)
        }
        return (registrations, (0..<8).map { UInt8(truncatingIfNeeded: last >> (56 - 8 * $0)) })
    }

    /// What a registration takes in an answer besides its record and namespace.
    private static let overheadBytes = 64

    private mutating func makeRoom(now: UInt64) {
        entries = entries.filter { $0.value.until > now }
        while entries.count > Self.registrationsMax,
            let oldest = entries.min(by: { $0.value.number < $1.value.number })
        {
            entries[oldest.key] = nil
        }
    }
}
