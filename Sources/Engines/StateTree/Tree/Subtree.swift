// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// One of the 64 parts of the tree, with memory of its own: what lies below one slot of the top.
///
/// Parts share nothing, so that several workers can change several parts at once. Whoever changes a
/// part is its only owner, and only one worker does: the tree copies a part that it shares.
final class Subtree: @unchecked Sendable {
    private(set) var nodes: SubtreeNodes
    private let rootHash: UnsafeMutablePointer<RawDigest>

    init() {
        nodes = SubtreeNodes()
        rootHash = .allocate(capacity: 1)
        rootHash.initialize(to: .zero)
    }

    /// A copy that shares nothing with the original.
    init(copying other: Subtree) {
        nodes = SubtreeNodes(copying: other.nodes)
        rootHash = .allocate(capacity: 1)
        rootHash.initialize(to: other.root)
    }

    deinit { rootHash.deallocate() }

    /// The hash of this part's contents, once what was planned is carried out.
    var root: RawDigest { rootHash.pointee }

    /// Applies the scratch's changes and plans the hashes they ask for.
    func update(with scratch: inout UpdateScratch) {
        nodes.update(with: &scratch, root: rootHash)
    }
}
