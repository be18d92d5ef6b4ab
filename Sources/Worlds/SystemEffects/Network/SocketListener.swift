// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// A listening TCP port or local socket.
final class SocketListener: Listener {
    let endpoint: Endpoint
    private let socket: Socket
    private let disk: ThreadPool

    /// How long to wait before trying again when the system has no descriptor or memory to give.
    private static let exhaustedWaitMilliseconds: UInt64 = 100

    init(_ socket: Socket, endpoint: Endpoint, disk: ThreadPool) {
        self.socket = socket
        self.endpoint = endpoint
        self.disk = disk
    }

    deinit { socket.close() }

    func accept() async throws(NetworkFailure) -> any ByteStream {
        while true {
            if Task.isCancelled { throw .cancelled }
            do {
                if let stream = try await acceptOne() { return stream }
            } catch .system(let number, _) where Self.isPassing(number) {
                continue
            } catch .system(let number, _) where Self.isExhaustion(number) {
                // The connection stays in the kernel's queue meanwhile (EFFECTS-7).
                await SystemTime(loop: socket.loop).sleep(
                    milliseconds: Self.exhaustedWaitMilliseconds)
            }
        }
    }

    func close() {
        if endpoint.isLocal { unlink(endpoint.host) }
        socket.close()
    }

    private func acceptOne() async throws(NetworkFailure) -> (any ByteStream)? {
        var address = SocketAddress()
        let accepted = try await socket.perform(.reading) { listener in
            Int(address.fill { atoll_accept(listener, $0, $1) })
        }
        guard let accepted else { return nil }
        let descriptor = Int32(accepted)
        SystemNetwork.sendWithoutDelay(descriptor)
        return SocketStream(
            try Socket(descriptor, loop: socket.loop), remote: address.endpoint, disk: disk)
    }

    /// The connection was gone before it was accepted, or the network hiccupped: `accept(2)` says
    /// to treat these like a wait.
    private static func isPassing(_ number: Int32) -> Bool {
        [
            ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, ENONET, EPERM,
        ].contains(number)
    }

    private static func isExhaustion(_ number: Int32) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC].contains(number)
    }
}
