// SPDX-License-Identifier: Apache-2.0

/// The content of frames with their stream and length before them, as programs without a terminal
/// are heard.
struct StreamFrames {
    /// The most bytes that are kept; the rest is let go.
    private let bytesMax: Int
    private var rest: [UInt8] = []
    private var left = 0
    private var kept: [UInt8] = []

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var text: String { String(decoding: kept, as: UTF8.self) }

    /// Takes what was read.
    mutating func take(_ bytes: [UInt8]) {
        rest += bytes
        var place = 0
        while place < rest.count {
            if left == 0 {
                guard rest.count - place >= 8 else { break }
                left = rest[place + 4..<place + 8].reduce(0) { $0 << 8 | Int($1) }
                place += 8
                continue
            }
            let count = min(left, rest.count - place)
            kept += rest[place..<place + min(count, bytesMax - kept.count)]
            (place, left) = (place + count, left - count)
        }
        rest.removeFirst(place)
    }
}
