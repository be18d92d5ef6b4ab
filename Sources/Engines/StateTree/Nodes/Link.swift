// SPDX-License-Identifier: Apache-2.0

/// What lies below a slot: nothing, a twig or a page. Four bytes.
struct Link: Equatable {
    private static let pageBit: UInt32 = 1 << 31
    private static let countShift: UInt32 = 26
    private static let indexMask: UInt32 = 1 << 26 - 1

    // 0 is nothing. A page: the top bit, then its index in 31 bits. A twig: one less than its count
    // in 5 bits, one more than the index of its first leaf in 26.
    private let code: UInt32

    /// The most leaves a subtree has room for: 2^26 - 1, 4 GiB of them.
    static let leavesMax = Int(indexMask)

    static let empty = Link(code: 0)

    private init(code: UInt32) { self.code = code }

    init(page index: Int) { code = Self.pageBit | UInt32(index) }

    init(twig index: Int, count: Int) {
        precondition(index < Self.leavesMax, "a subtree has at most 2^26 - 1 leaves")
        code = UInt32(count - 1) << Self.countShift | UInt32(index + 1)
    }

    var isEmpty: Bool { code == 0 }
    var isPage: Bool { code & Self.pageBit != 0 }
    var page: Int { Int(code & ~Self.pageBit) }
    var twig: Int { Int(code & Self.indexMask) - 1 }

    /// How many leaves the twig has; 0 for nothing. Means nothing for a page.
    var twigCount: Int { isEmpty ? 0 : Int(code >> Self.countShift) + 1 }

    /// Whether there is more than one leaf below.
    var isPlural: Bool { isPage || twigCount > 1 }
}
