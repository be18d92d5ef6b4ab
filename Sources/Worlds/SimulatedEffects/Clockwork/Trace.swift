// SPDX-License-Identifier: Apache-2.0

/// Everything that happened, as one running hash: equal traces mean equal histories.
struct Trace {
    /// What can happen. The numbers enter the hash.
    enum Event: UInt64 {
        case nodeMade = 1
        case nodeCrashed, nodeRestarted, taskSpawned, timerFired, chanceTaken
        case dialled, dialFailed, accepted, sent, arrived, streamEnded, streamReset, linkChanged
        case fileReplaced, fileRemoved, fileMoved, folderMade, logAppended, logPruned,
            storeCommitted
        case writeRefused, writeLost
        case datagramSent, datagramLost, datagramArrived
    }

    /// The hash so far.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    /// How many events it holds.
    private(set) var count: UInt64 = 0

    /// Adds an event with its numbers.
    mutating func add(_ event: Event, at now: UInt64, _ numbers: [UInt64]) {
        count += 1
        mix(event.rawValue)
        mix(now)
        for number in numbers { mix(number) }
    }

    private mutating func mix(_ word: UInt64) {
        digest = SeededGenerator.mixed(digest ^ word) &+ 0x9E37_79B9_7F4A_7C15
    }

    /// A hash of bytes: FNV-1a over words of eight bytes, then over the rest.
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        bytes.withUnsafeBytes { bytes in
            var place = 0
            while place + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                hash = (hash ^ UInt64(littleEndian: word)) &* 0x100_0000_01B3
                hash ^= hash >> 29
                place += 8
            }
            while place < bytes.count {
                hash = (hash ^ UInt64(bytes[place])) &* 0x100_0000_01B3
                place += 1
            }
        }
        return SeededGenerator.mixed(hash ^ UInt64(bytes.count))
    }

    /// A hash of a name or path.
    static func hash(_ text: String) -> UInt64 { hash(Array(text.utf8)) }
}
