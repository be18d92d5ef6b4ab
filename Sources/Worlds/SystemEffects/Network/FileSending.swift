// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

extension SocketStream {
    /// The most bytes one turn of a disk thread sends: 1 MiB.
    private static let turnBytesMax = 1_048_576

    /// Sends a file range from the page cache to the socket without copying it through this
    /// process, on a disk thread because the file may have to be read first.
    ///
    /// - Throws: ``NetworkFailure/system(errno:message:)`` when the file cannot be read or ends
    ///   before the range does.
    func write(
        file: any FileReader, from offset: UInt64, count: UInt64
    ) async throws(NetworkFailure) {
        guard let reader = file as? SystemFileReader else {
            return try await writeInPieces(file: file, from: offset, count: count)
        }
        let source: OpenFile
        do throws(DiskFailure) {
            source = try reader.opened()
        } catch {
            throw .system(errno: EBADF, message: "\(error)")
        }
        // The copy keeps its number even when the stream is closed meanwhile.
        let copy = try socket.duplicate()
        defer { Glibc.close(copy) }
        var position = offset
        let end = offset + count
        while position < end {
            let turn = try await sendTurn(source, to: copy, from: position, until: end)
            position += UInt64(turn.sent)
            if turn.isBlocked { try await waitUntilWritable() }
        }
    }

    private func waitUntilWritable() async throws(NetworkFailure) {
        await socket.waitUntilReady(.writing)
        if Task.isCancelled { throw .cancelled }
    }

    /// Sends until the socket takes no more or the turn is over.
    private func sendTurn(
        _ source: OpenFile, to copy: Int32, from position: UInt64, until end: UInt64
    ) async throws(NetworkFailure) -> (sent: Int, isBlocked: Bool) {
        // Cleared before the calls: an edge that comes after them is then kept.
        try socket.forgetEdge(.writing)
        return try await disk.run { () throws(NetworkFailure) in
            let wanted = Int(min(UInt64(Self.turnBytesMax), end - position))
            var place = off_t(position)
            var sent = 0
            while sent < wanted {
                let count = atoll_sendfile(copy, source.descriptor, &place, wanted - sent)
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN { return (sent, true) }
                guard count >= 0 else { throw .fromSystem() }
                guard count > 0 else {
                    throw .system(errno: EINVAL, message: "the file ends before the range does")
                }
                sent += count
            }
            return (sent, false)
        }
    }
}
