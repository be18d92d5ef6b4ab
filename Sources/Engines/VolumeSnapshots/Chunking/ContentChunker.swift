// SPDX-License-Identifier: Apache-2.0

/// Finds where content is cut, by the content alone: a byte that changes moves few cuts
/// (SNAPSHOT-3).
///
/// FastCDC with normalised chunking: a cut is harder to meet before the wanted length and easier
/// behind it, so that lengths stay near it (FastCDC §3.4).
struct ContentChunker: Sendable {
    /// The fewest bytes of a chunk that is not the last: 64 KiB.
    static let chunkBytesMin = 64 << 10
    /// The wanted length: 256 KiB. A terabyte has four million chunks, whose names are 128 MiB.
    static let chunkBytesWanted = 256 << 10
    /// The most bytes of a chunk: 1 MiB.
    static let chunkBytesMax = 1 << 20

    // Wanted are 2^18 bytes: two bits more before them, two fewer behind (normalisation level 2).
    // The bits lie high, where each is made of the last 44 bytes and more.
    private static let hardMask: UInt64 = ((1 << 20) - 1) << 44
    private static let easyMask: UInt64 = ((1 << 16) - 1) << 44

    private let gear: GearTable

    init(_ gear: GearTable) { self.gear = gear }

    /// The length of the first chunk of some content.
    ///
    /// - Parameter bytes: The content from here on: ``chunkBytesMax`` bytes of it, or all that is
    ///   left.
    func firstLength(of bytes: UnsafeRawBufferPointer) -> Int {
        let end = min(bytes.count, Self.chunkBytesMax)
        guard end > Self.chunkBytesMin else { return end }
        let middle = min(end, Self.chunkBytesWanted)
        return gear.words.withUnsafeBufferPointer { words in
            var hash: UInt64 = 0
            var index = Self.chunkBytesMin
            while index < middle {
                hash = (hash &<< 1) &+ words[Int(bytes[index])]
                index += 1
                if hash & Self.hardMask == 0 { return index }
            }
            while index < end {
                hash = (hash &<< 1) &+ words[Int(bytes[index])]
                index += 1
                if hash & Self.easyMask == 0 { return index }
            }
            return end
        }
    }
}
