// SPDX-License-Identifier: Apache-2.0
import Effects

/// One page of an LMDB file as bytes, read without trusting any of them.
///
/// The layout is that of LMDB 0.9 on little-endian machines of 64 bits: a header of 16 bytes (page
/// number 8, pad 2, flags 2, lower 2, upper 2; for an overflow page its number of pages 4), then
/// offsets of nodes, then the nodes. A node: 2 + 2 bytes of size, 2 of flags, 2 of key size, key,
/// data; in a branch the first six bytes are the number of the page below.
struct LightningPage {
    static let headerBytes = 16
    static let nodeBytes = 8

    enum Kind: UInt16 {
        case branch = 1
        case leaf = 2
        case overflow = 4
        case meta = 8
    }

    /// A key and what lies under it.
    struct Node {
        let key: ArraySlice<UInt8>
        /// The page below, for a branch; the first page of a large value, for a leaf.
        let page: UInt64?
        /// The size of the value, for a leaf.
        let size: Int
        /// The value, when it lies in the leaf.
        let value: ArraySlice<UInt8>
    }

    let bytes: [UInt8]

    var number: UInt64 { Self.number(bytes[0..<8]) }
    /// The page's kind; nothing for a kind that is not written here.
    var kind: Kind? { Kind(rawValue: UInt16(Self.number(bytes[10..<12]))) }
    /// How many pages an overflow run has.
    var runPages: UInt64 { Self.number(bytes[12..<16]) }

    private var lower: Int { Int(Self.number(bytes[12..<14])) }
    private var upper: Int { Int(Self.number(bytes[14..<16])) }

    /// How many nodes it has, or nothing when the header contradicts itself.
    var nodeCount: Int? {
        let isInOrder = Self.headerBytes <= lower && lower <= upper && upper <= bytes.count
        return isInOrder && lower.isMultiple(of: 2) ? (lower - Self.headerBytes) / 2 : nil
    }

    /// A node, or nothing when it does not lie within the page.
    func node(_ index: Int, of kind: Kind) -> Node? {
        let place = Self.headerBytes + 2 * index
        let start = Int(Self.number(bytes[place..<place + 2]))
        guard start >= upper, start + Self.nodeBytes <= bytes.count else { return nil }
        let keySize = Int(Self.number(bytes[start + 6..<start + 8]))
        let keyStart = start + Self.nodeBytes
        guard keyStart + keySize <= bytes.count else { return nil }
        let key = bytes[keyStart..<keyStart + keySize]
        guard kind == .leaf else {
            return Node(
                key: key, page: Self.number(bytes[start..<start + 6]), size: 0, value: [])
        }
        let size = Int(Self.number(bytes[start..<start + 4]))
        let data = keyStart + keySize
        switch Self.number(bytes[start + 4..<start + 6]) {
        case 0:
            guard data + size <= bytes.count else { return nil }
            return Node(key: key, page: nil, size: size, value: bytes[data..<data + size])
        case 1:
            guard data + 8 <= bytes.count else { return nil }
            return Node(
                key: key, page: Self.number(bytes[data..<data + 8]), size: size, value: [])
        default:
            // Nested databases and repeated keys are never written here.
            return nil
        }
    }

    /// Little-endian bytes as a number.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The page that says where a commit's trees are.
struct LightningMeta {
    /// One tree of the file.
    struct Tree {
        let depth: Int
        let branches: UInt64
        let leaves: UInt64
        let overflows: UInt64
        let entries: UInt64
        /// The root's page; nothing when the tree is empty.
        let root: UInt64?
    }

    let pageBytes: Int
    let free: Tree
    let main: Tree
    let lastPage: UInt64
    let transaction: UInt64

    private static let magic: UInt64 = 0xBEEF_C0DE
    private static let version: UInt64 = 1
    /// The bytes of header and record together.
    static let bytesCount = 152

    /// Reads the beginning of a meta page; nothing when it is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.bytesCount, LightningPage(bytes: bytes).kind == .meta,
            LightningPage.number(bytes[16..<20]) == Self.magic,
            LightningPage.number(bytes[20..<24]) == Self.version
        else { return nil }
        pageBytes = Int(LightningPage.number(bytes[40..<44]))
        free = Self.tree(bytes[40..<88])
        main = Self.tree(bytes[88..<136])
        lastPage = LightningPage.number(bytes[136..<144])
        transaction = LightningPage.number(bytes[144..<152])
    }

    private static func tree(_ bytes: ArraySlice<UInt8>) -> Tree {
        let start = bytes.startIndex
        func long(_ place: Int) -> UInt64 {
            LightningPage.number(bytes[start + place..<start + place + 8])
        }
        return Tree(
            depth: Int(LightningPage.number(bytes[start + 6..<start + 8])), branches: long(8),
            leaves: long(16), overflows: long(24), entries: long(32),
            root: long(40) == .max ? nil : long(40))
    }
}
