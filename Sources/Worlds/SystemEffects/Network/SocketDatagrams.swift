// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// A UDP port: many datagrams a system call, each way.
final class SocketDatagrams: DatagramPort {
    let endpoint: Endpoint
    private let socket: Socket
    private let family: Int32

    /// The most datagrams of one system call: with 64 KiB of room each they need 2 MiB, which are
    /// there only during the call.
    private static let batchMax = Int(ATOLL_DATAGRAMS_MAX)
    /// The most errors that one call passes over: more than word of one batch.
    private static let errorsMax = 2 * batchMax
    /// Room for one: the longest there is, rounded up.
    private static let roomBytes = 65_536

    init(_ socket: Socket, endpoint: Endpoint, family: Int32) {
        self.socket = socket
        self.endpoint = endpoint
        self.family = family
    }

    deinit { socket.close() }

    func receive(limit: Int) async throws(NetworkFailure) -> [Datagram] {
        precondition(limit > 0, "at least one datagram is taken")
        let count = min(limit, Self.batchMax)
        var errors = 0
        while true {
            var datagrams: [Datagram] = []
            do throws(NetworkFailure) {
                _ = try await socket.perform(.reading) { descriptor in
                    Self.receive(descriptor, count, into: &datagrams)
                }
            } catch {
                // Word of an earlier datagram that did not arrive (ICMP); there may be more.
                errors += 1
                guard case .system = error, errors <= Self.errorsMax else { throw error }
                continue
            }
            if !datagrams.isEmpty { return datagrams }
        }
    }

    private static func receive(
        _ descriptor: Int32, _ count: Int, into datagrams: inout [Datagram]
    ) -> Int {
        withUnsafeTemporaryAllocation(byteCount: count * roomBytes, alignment: 16) { scratch in
            withUnsafeTemporaryAllocation(of: atoll_datagram.self, capacity: count) { batch in
                for place in 0..<count {
                    batch[place] = atoll_datagram()
                    batch[place].bytes = scratch.baseAddress.map { $0 + place * roomBytes }
                    batch[place].count = roomBytes
                }
                let got = Int(
                    atoll_receive_datagrams(descriptor, batch.baseAddress, UInt32(count)))
                for place in 0..<max(got, 0) where batch[place].is_cut == 0 {
                    let start = place * roomBytes
                    datagrams.append(
                        Datagram(
                            SocketAddress(batch[place]).endpoint,
                            [UInt8](scratch[start..<start + batch[place].count])))
                }
                return got
            }
        }
    }

    func send(_ datagrams: [Datagram]) async throws(NetworkFailure) -> Int {
        // A datagram without a way is passed over, so that the others go out.
        let ready = datagrams.compactMap { datagram -> (SocketAddress, [UInt8])? in
            guard datagram.bytes.count <= Datagram.byteCountMax,
                let address = try? SystemNetwork.numeric(datagram.endpoint),
                address.family == family
            else { return nil }
            return (address, datagram.bytes)
        }
        var taken = 0
        var place = 0
        while place < ready.count {
            let batch = ready[place..<min(place + Self.batchMax, ready.count)]
            do throws(NetworkFailure) {
                let sent = try await socket.perform(.writing) { Self.send($0, batch) } ?? 0
                taken += sent
                place += max(sent, 1)
            } catch .system {
                place += 1
            }
        }
        return taken
    }

    private static func send(
        _ descriptor: Int32, _ batch: ArraySlice<(SocketAddress, [UInt8])>
    ) -> Int {
        let all = batch.flatMap(\.1)
        return all.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: atoll_datagram.self, capacity: batch.count) { list in
                var offset = 0
                for (place, (address, payload)) in batch.enumerated() {
                    list[place] = address.datagram
                    list[place].bytes = bytes.baseAddress.map {
                        UnsafeMutableRawPointer(mutating: $0 + offset)
                    }
                    list[place].count = payload.count
                    offset += payload.count
                }
                return Int(atoll_send_datagrams(descriptor, list.baseAddress, UInt32(batch.count)))
            }
        }
    }

    func close() { socket.close() }
}

extension SystemNetwork {
    func bind(_ request: DatagramRequest) async throws(NetworkFailure) -> any DatagramPort {
        let address = try Self.numeric(request.endpoint)
        let descriptor = try opened { atoll_udp_socket(address.family) }
        do throws(NetworkFailure) {
            try Self.prepare(descriptor, address, request)
        } catch {
            close(descriptor)
            throw error
        }
        let chosen = SocketAddress.local(of: descriptor).endpoint
        return SocketDatagrams(
            try Socket(descriptor, loop: loop), endpoint: chosen, family: address.family)
    }

    private static func prepare(
        _ descriptor: Int32, _ address: SocketAddress, _ request: DatagramRequest
    ) throws(NetworkFailure) {
        if request.isShared {
            set(SO_REUSEADDR, of: SOL_SOCKET, on: descriptor)
            set(SO_REUSEPORT, of: SOL_SOCKET, on: descriptor)
        }
        guard address.read({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw listenFailure(errno, request.endpoint)
        }
        guard !request.groups.isEmpty || request.interface != nil else { return }
        let interface = request.interface ?? 0
        guard atoll_set_multicast(descriptor, address.family, interface) == 0 else {
            throw .fromSystem()
        }
        for group in request.groups {
            let member = try numeric(Endpoint(host: group, port: 0))
            guard member.read({ atoll_join_group(descriptor, $0, $1, interface) }) == 0 else {
                throw listenFailure(errno, Endpoint(host: group, port: request.endpoint.port))
            }
        }
    }
}
