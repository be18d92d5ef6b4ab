// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Holds a port of the machine for a container (NETWORKS-6).
///
/// The rules of the kernel lead almost everything past it. It keeps the port from others, and
/// carries the connections that the rules cannot: those to the machine's IPv6 addresses, with ::1
/// among them, for a container without IPv6.
public final class PortHold: Sendable {
    /// The most connections that are carried at a time: each has two sockets of the machine's.
    public static let connectionsMax = 512
    private static let pieceBytesMax = 65_536
    private static let dialMilliseconds: UInt64 = 5_000

    /// What is held.
    public let grant: PortGrant
    private let effects: Effects
    private let target = Mutex<IPAddress?>(nil)
    private let connections = Mutex(0)
    private let listener: (any Listener)?
    private let datagrams: (any DatagramPort)?

    /// Takes the first port that is free.
    ///
    /// - Throws: `NetworkFailure`, with `portInUse` for the last that was tried.
    public init(_ wish: PortWish, _ effects: Effects) async throws(NetworkFailure) {
        self.effects = effects
        var hostPort = wish.hostPorts.lowerBound
        while true {
            do throws(NetworkFailure) {
                (listener, datagrams) = try await Self.take(wish, hostPort, effects)
                break
            } catch .portInUse where hostPort < wish.hostPorts.upperBound {
                hostPort += 1
            }
        }
        let chosen = listener?.endpoint.port ?? datagrams?.endpoint.port ?? hostPort
        grant = PortGrant(wish.port, host: wish.host, hostPort: chosen)
        if let listener {
            effects.tasks.spawn("port \(chosen)") { [weak self] in
                while let client = try? await listener.accept() {
                    guard let self, self.begin(client) else {
                        client.close()
                        continue
                    }
                }
            }
        }
    }

    deinit { close() }

    private static func take(
        _ wish: PortWish, _ port: UInt16, _ effects: Effects
    ) async throws(NetworkFailure) -> ((any Listener)?, (any DatagramPort)?) {
        // Both protocols at once where the machine has both.
        let hosts = wish.host.map { ["\($0)"] } ?? ["::", "0.0.0.0"]
        var failure = NetworkFailure.closed
        for host in hosts {
            let place = Endpoint(host: host, port: port)
            do throws(NetworkFailure) {
                switch wish.port.transport {
                case .tcp: return (try await effects.network.listen(on: place), nil)
                // Datagrams to all are those of IPv4, which alone the rules lead on.
                case .udp where host == "::": continue
                case .udp: return (nil, try await effects.network.bind(DatagramRequest(place)))
                }
            } catch .portInUse {
                throw .portInUse(Endpoint(host: hosts.last ?? host, port: port))
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Carries connections to a container from now on.
    public func lead(to address: IPAddress) { target.withLock { $0 = address } }

    /// Lets the port go. Again is fine.
    public func close() {
        listener?.close()
        datagrams?.close()
    }

    // MARK: Connections that the rules do not lead

    private func begin(_ client: any ByteStream) -> Bool {
        guard let address = target.withLock({ $0 }) else { return false }
        let isTaken = connections.withLock { count in
            guard count < Self.connectionsMax else { return false }
            count += 1
            return true
        }
        guard isTaken else { return false }
        let place = Endpoint(host: address.description, port: grant.port.number)
        effects.tasks.spawn("port \(grant.hostPort)") { [self] in
            await carry(client, to: place)
            connections.withLock { $0 -= 1 }
        }
        return true
    }

    private func carry(_ client: any ByteStream, to place: Endpoint) async {
        defer { client.close() }
        guard
            let server = try? await effects.network.dial(
                place, timeoutMilliseconds: Self.dialMilliseconds)
        else { return }
        let back = effects.tasks.spawn("port \(grant.hostPort)") {
            await Self.pass(from: server, to: client)
        }
        await Self.pass(from: client, to: server)
        await back.finished()
        server.close()
    }

    private static func pass(from source: any ByteStream, to sink: any ByteStream) async {
        while let bytes = try? await source.read(limit: pieceBytesMax) {
            guard !bytes.isEmpty else {
                // The other direction may go on.
                try? (sink as? any HalfClosableStream)?.endWriting()
                return
            }
            guard (try? await sink.write(bytes)) != nil else { break }
        }
        source.close()
        sink.close()
    }
}
