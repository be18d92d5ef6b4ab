// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Where an event stands in the chain: its block and its place among the block's events.
///
/// Written `height.index`, it is the id of a server-sent event (GATEWAY-8).
struct EventPlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    let height: UInt64
    let index: UInt32

    /// After every event of a block.
    static func end(of height: BlockHeight) -> EventPlace {
        EventPlace(height: height.value, index: .max)
    }

    init(height: UInt64, index: UInt32) {
        self.height = height
        self.index = index
    }

    /// Reads `height.index`.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }),
            let height = UInt64(parts[0]), let index = UInt32(parts[1])
        else { return nil }
        self.init(height: height, index: index)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The height after which the feed of blocks holds what follows this place.
    var feedHeight: BlockHeight {
        BlockHeight(index == .max || height == 0 ? height : height - 1)
    }

    static func < (left: EventPlace, right: EventPlace) -> Bool {
        (left.height, left.index) < (right.height, right.index)
    }

    var description: String { "\(height).\(index)" }
}
