// SPDX-License-Identifier: Apache-2.0
import Ledger
import StateTree
import Testing
import Vocabulary

@Suite("Proving values")
struct ProvingTests {
    let town: Town
    let machine: LedgerMachine
    let key = NotebookModule.noteKey(1)

    init() throws {
        town = try Town()
        machine = try town.open()
    }

    @Test("a value, and the absence of one, is proven under the executed root")
    func now() throws {
        _ = try machine.execute(town.block(1), [town.note(0)])
        let present = try machine.prove(NotebookModule.number, key)
        #expect(present.value == [7] && present.height == BlockHeight(1))
        try present.verify(root: machine.stateRoot)
        let absent = try machine.prove(NotebookModule.number, NotebookModule.noteKey(2))
        #expect(absent.value == nil)
        try absent.verify(root: machine.stateRoot)
        #expect(try ProvenValue(canonicalBytes: present.canonicalBytes) == present)
        #expect(try ProvenValue(canonicalBytes: absent.canonicalBytes) == absent)
    }

    @Test("a value is proven at each of the newest sixteen heights, under that height's root")
    func past() throws {
        var roots = [machine.stateRoot]
        for height in UInt64(1)...20 {
            // Every third block removes the note, which the tree must undo too.
            let value = height % 3 == 0 ? 0 : UInt8(height)
            let result = try machine.execute(
                town.block(height), [town.note(height - 1, value: value)])
            roots.append(result.stateRoot)
        }
        #expect(machine.oldestProvable == BlockHeight(4))
        for height in UInt64(4)...20 {
            let proven = try machine.prove(NotebookModule.number, key, at: BlockHeight(height))
            #expect(proven.value == (height % 3 == 0 ? nil : [UInt8(height)]))
            #expect(proven.root == roots[Int(height)])
            try proven.verify(root: roots[Int(height)])
        }
        #expect(machine.stateRoot == roots[20])
        #expect(
            throws: LedgerFailure.heightForgotten(BlockHeight(3), oldest: BlockHeight(4))
        ) { try machine.prove(NotebookModule.number, key, at: BlockHeight(3)) }
        #expect(
            throws: LedgerFailure.heightForgotten(BlockHeight(21), oldest: BlockHeight(4))
        ) { try machine.prove(NotebookModule.number, key, at: BlockHeight(21)) }
    }

    @Test("every flipped bit of a proven value makes it fail or not read")
    func mutation() throws {
        _ = try machine.execute(town.block(1), [town.note(0), town.note(1, key: 2)])
        let root = machine.stateRoot
        let bytes = try machine.prove(NotebookModule.number, key).canonicalBytes
        // Height and root are hints for finding the header: 40 bytes that prove nothing.
        for bit in 40 * 8..<bytes.count * 8 {
            var mutated = bytes
            mutated[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let proven = try? ProvenValue(canonicalBytes: mutated) else { continue }
            #expect(throws: ProofFailure.self, "bit \(bit)") { try proven.verify(root: root) }
        }
    }
}
