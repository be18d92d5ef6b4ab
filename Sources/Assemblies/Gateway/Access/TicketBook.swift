// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Synchronization
import Vocabulary

/// Tickets for streams, whose clients in browsers can send no header fields (GATEWAY-48).
///
/// A ticket stands in an address, where it may be seen; so it opens one stream, at one path of one
/// host, within half a minute, for who asked for it.
final class TicketBook: Sendable {
    static let start = "atollt_"
    /// The most tickets that wait: 4,096 of 300 bytes are 1.2 MB.
    static let ticketsMax = 4_096
    /// The most of them that wait for one caller; its oldest makes room.
    static let perCallerMax = 16
    static let lifeMilliseconds: UInt64 = 30_000

    private struct Ticket {
        let principal: Principal
        let path: String
        let authority: String
        let expires: Timestamp
    }

    private let effects: Effects
    private let tickets = Mutex<[Digest: Ticket]>([:])

    init(effects: Effects) { self.effects = effects }

    /// How many wait.
    var count: Int { tickets.withLock { $0.count } }

    /// Makes a ticket for one stream.
    func issue(
        _ principal: Principal, path: String, authority: String
    ) -> (text: String, expires: Timestamp) {
        let now = effects.time.wallClock()
        let secret = KeyText.newSecret(effects.chance)
        let ticket = Ticket(
            principal: principal, path: path, authority: authority,
            expires: Timestamp(now.value + Self.lifeMilliseconds))
        tickets.withLock { tickets in
            tickets = tickets.filter { $0.value.expires > now }
            let own = tickets.filter { $0.value.principal.name == principal.name }
            if own.count >= Self.perCallerMax { Self.dropFirst(of: own, in: &tickets) }
            if tickets.count >= Self.ticketsMax { Self.dropFirst(of: tickets, in: &tickets) }
            tickets[secret.digest] = ticket
        }
        return (Self.start + secret.text, ticket.expires)
    }

    /// Takes a ticket, which then serves nobody again.
    ///
    /// - Returns: For whom it was made; nothing when there is none of this text for this path of
    ///   this host, or it has expired. A ticket that is shown elsewhere is spent, too.
    func take(_ text: String, path: String, authority: String) -> Principal? {
        guard let secret = KeyText.digest(text, after: Self.start) else { return nil }
        let ticket = tickets.withLock { $0.removeValue(forKey: secret) }
        guard let ticket, ticket.path == path, ticket.authority == authority,
            ticket.expires > effects.time.wallClock()
        else { return nil }
        return ticket.principal
    }

    private static func dropFirst(
        of some: [Digest: Ticket], in tickets: inout [Digest: Ticket]
    ) {
        if let first = some.min(by: { $0.value.expires < $1.value.expires }) {
            tickets[first.key] = nil
        }
    }
}
