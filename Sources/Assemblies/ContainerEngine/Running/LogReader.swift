// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// Reads what a container said from its log, a line of JSON each (ENGINE-13).
struct LogReader: Sendable {
    /// What a client wants of it.
    struct Wish: Sendable {
        var output = false
        var errors = false
        var times = false
        /// The last so many lines; nil for all.
        var tail: Int?
        /// Nanoseconds since 1970 of the first and the last line; nil for no end.
        var since: UInt64?
        var until: UInt64?
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
        let files = LogFiles(effects: effects, path: path)
        var open = try await files.all()
        do {
            try await send(files, &open, to: writer, isAlive)
        } catch {
            for file in open { await file.reader.close() }
            throw error
        }
        for file in open { await file.reader.close() }
    }

    private func send(
        _ files: LogFiles, _ open: inout [LogFiles.File], to writer: HTTPBodyWriter,
        _ isAlive: @Sendable () async -> Bool
    ) async throws {
        var position: UInt64 = 0
        if let tail = wish.tail {
            let (index, start) = try await LogFiles.tail(tail, of: open)
            for file in open.prefix(index) { await file.reader.close() }
            open.removeFirst(min(index, open.count))
            position = start
        }
        var rest: [UInt8] = []
        while true {
            let mayGrow = await isAlive()
            if let file = open.first {
                let next = try await sendNext(file.reader, &position, &rest, to: writer)
                if next.isLast { return }
                if next.bytes > 0 { continue }
                // What a file ends with is whole: the next one begins with a line of its own.
                if open.count > 1 {
                    await open.removeFirst().reader.close()
                    (position, rest) = (0, [])
                    continue
                }
                let (renewed, isGone) = try await files.renewed(file)
                open = renewed
                await file.reader.close()
                if isGone { (position, rest) = (0, []) }
                // It may have grown, before it was set aside too.
                let length = await open.first?.reader.count ?? 0
                if open.count > 1 || position < length { continue }
            } else {
                open = try await files.all()
                if !open.isEmpty { continue }
            }
            guard mayGrow, !isPast(effects.time.wallClock().value * 1_000_000) else { return }
            await effects.time.sleep(milliseconds: Self.pauseMilliseconds)
        }
    }

    private func isPast(_ nanoseconds: UInt64) -> Bool {
        wish.until.map { nanoseconds > $0 } ?? false
    }

    /// Sends the lines of the next piece of a file.
    ///
    /// - Returns: How many bytes there were, and whether the last line that is wanted went by.
    private func sendNext(
        _ file: any FileReader, _ position: inout UInt64, _ rest: inout [UInt8],
        to writer: HTTPBodyWriter
    ) async throws -> (bytes: Int, isLast: Bool) {
        let bytes = try await file.read(at: position, count: Self.pieceBytesMax)
        position += UInt64(bytes.count)
        rest += bytes
        var output: [UInt8] = []
        var isLast = false
        for line in takeLines(&rest) {
            guard let entry = LogLine(line) else { continue }
            if let since = wish.since, entry.moment < since { continue }
            if isPast(entry.moment) {
                isLast = true
                break
            }
            output += framed(entry)
        }
        if !output.isEmpty { try await writer.write(output) }
        return (bytes.count, isLast)
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

    private func framed(_ line: LogLine) -> [UInt8] {
        guard line.isError ? wish.errors : wish.output else { return [] }
        let bytes = Array((wish.times ? "\(line.time) " : "").utf8) + Array(line.text.utf8)
        return isRaw ? bytes : Self.frame(bytes, stream: line.isError ? 2 : 1)
    }

    /// Eight bytes that say the stream and the length, then the bytes.
    static func frame(_ bytes: [UInt8], stream: UInt8) -> [UInt8] {
        let count = UInt32(bytes.count)
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        return [stream, 0, 0, 0] + length + bytes
    }
}

/// A line of a container's log.
private struct LogLine {
    let text: String
    let time: String
    let isError: Bool

    /// Nil for what is none.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let json = try? JSON(parsing: String(decoding: bytes, as: UTF8.self)),
            let text = json["log"]?.text, let time = json["time"]?.text
        else { return nil }
        self.text = text
        self.time = time
        isError = json["stream"]?.text == "stderr"
    }

    var moment: UInt64 { LogTime.nanoseconds(time) ?? 0 }
}
