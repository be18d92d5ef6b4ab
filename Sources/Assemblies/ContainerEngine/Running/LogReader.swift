// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// Reads what a container said from its log, a line of JSON each.
struct LogReader: Sendable {
    /// What a client wants of it.
    struct Wish: Sendable {
        var output = false
        var errors = false
        var times = false
        /// The last so many lines; nil for all.
        var tail: Int?
    }

    private static let pieceBytesMax = 65_536
    private static let pauseMilliseconds: UInt64 = 50
    /// The longest line that is read: one of the log has 16 KiB, six times that in JSON.
    private static let lineBytesMax = 131_072

    let effects: Effects
    let path: String
    let wish: Wish
    /// Whether lines go out as they are, or in frames with their stream.
    let isRaw: Bool

    /// Sends the log.
    ///
    /// - Parameter isAlive: Whether more may come; it is waited for then.
    func send(
        to writer: HTTPBodyWriter, following isAlive: @Sendable () async -> Bool
    ) async throws {
        guard let file = try? await effects.disk.open(path) else { return }
        do {
            try await send(file, to: writer, isAlive)
        } catch {
            await file.close()
            throw error
        }
        await file.close()
    }

    private func send(
        _ file: any FileReader, to writer: HTTPBodyWriter, _ isAlive: @Sendable () async -> Bool
    ) async throws {
        var position: UInt64 = 0
        var rest: [UInt8] = []
        var lines: [[UInt8]] = []
        var isTailed = wish.tail == nil
        while true {
            let wasAlive = await isAlive()
            let bytes = try await file.read(at: position, count: Self.pieceBytesMax)
            position += UInt64(bytes.count)
            rest += bytes
            for line in takeLines(&rest) {
                guard let framed = framed(line) else { continue }
                if isTailed { try await writer.write(framed) } else { lines.append(framed) }
                if let tail = wish.tail, lines.count > tail { lines.removeFirst() }
            }
            guard bytes.isEmpty else { continue }
            if !isTailed {
                for line in lines { try await writer.write(line) }
                (lines, isTailed) = ([], true)
            }
            guard wasAlive else { return }
            await effects.time.sleep(milliseconds: Self.pauseMilliseconds)
        }
    }

    private func takeLines(_ rest: inout [UInt8]) -> [ArraySlice<UInt8>] {
        let all = rest
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(all[start..<end])
            start = end + 1
        }
        rest = all.count - start > Self.lineBytesMax ? [] : Array(all[start...])
        return lines
    }

    private func framed(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        guard let json = try? JSON(parsing: String(decoding: line, as: UTF8.self)),
            let text = json["log"]?.text
        else { return nil }
        let isError = json["stream"]?.text == "stderr"
        guard isError ? wish.errors : wish.output else { return nil }
        var bytes = Array(text.utf8)
        if wish.times, let time = json["time"]?.text { bytes = Array("\(time) ".utf8) + bytes }
        return isRaw ? bytes : Self.frame(bytes, stream: isError ? 2 : 1)
    }

    /// Eight bytes that say the stream and the length, then the bytes.
    static func frame(_ bytes: [UInt8], stream: UInt8) -> [UInt8] {
        let count = UInt32(bytes.count)
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        return [stream, 0, 0, 0] + length + bytes
    }
}
