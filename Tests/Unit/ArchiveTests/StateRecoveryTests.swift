// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A state that cannot be used is built anew from the block log (RECOVERY-3 to RECOVERY-6)")
struct StateRecoveryTests {
    private static let count = 150

    /// A folder with a chain and the state at its end.
    private static func settled(_ effects: Effects) async throws -> LoneNode {
        var press = try ChainPress()
        try press.press(count)
        try await press.write(to: "data/blocks", effects)
        let node = try LoneNode(press, effects)
        try await node.expectWhole(height: UInt64(count), root: press.root)
        _ = node.lines()
        return node
    }

    /// Runs a node again after a change of its folder, and expects it whole with the old state
    /// aside.
    private static func expectRebuilt(
        because word: String, _ change: @escaping @Sendable (Effects, LoneNode) async throws -> Void
    ) async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await settled(effects)
            try await change(effects, node)
            try await node.expectWhole(height: UInt64(count), root: node.press.root)
            let lines = node.lines()
            let line = lines.first { $0.hasPrefix("the state cannot be used (") }
            #expect(line?.contains(word) == true, "\(lines)")
            #expect(line?.hasSuffix("the old one is kept as data/state.aside-1") == true)
            #expect(try await effects.disk.list("data").contains("state.aside-1"))
            try await node.expectWhole(height: UInt64(count), root: node.press.root)
            #expect(!node.lines().contains { $0.contains("cannot be used") })
        }
    }

    @Test("a state that is missing is built without a word about damage")
    func missing() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.settled(effects)
            try await effects.disk.move("data/state", to: "elsewhere")
            try await node.expectWhole(height: UInt64(Self.count), root: node.press.root)
            #expect(node.lines().contains("replaying blocks 1 to 150"))
        }
    }

    @Test(
        "a state cut off at any length is moved aside and built anew",
        arguments: [1, 4_096, 5_000, 9_000, 30_000])
    func cutOff(count: Int) async throws {
        try await Self.expectRebuilt(because: "data/state") { effects, _ in
            try await effects.change("data/state/data") { $0 = Array($0.prefix(count)) }
        }
    }

    @Test("a state whose first page is noise is moved aside")
    func noise() async throws {
        try await Self.expectRebuilt(because: "page 0") { effects, _ in
            try await effects.change("data/state/data") { bytes in
                for place in 0..<512 { bytes[place] = UInt8(truncatingIfNeeded: place * 7) }
            }
        }
    }

    @Test("a value changed in a page that is otherwise sound does not give its root (STATE-11)")
    func changedValue() async throws {
        try await Self.expectRebuilt(because: "gives root") { effects, node in
            let store = try await effects.disk.openStore("data/state", bytesMax: 1 << 26)
            let pair = try store.scan(prefix: [1, 1, 2], after: nil, limit: 1)[0]
            try await store.commit([(pair.key, pair.value.map { $0 ^ 1 })])
            await store.close()
        }
    }

    @Test("a state of another chain is moved aside when the blocks are of this one")
    func otherChain() async throws {
        try await Self.expectRebuilt(because: "of chain") { effects, _ in
            var other = try ChainPress(name: "other")
            try other.press(4)
            try await other.write(to: "other/blocks", effects)
            try await effects.disk.move("data", to: "mine")
            try await effects.disk.move("other", to: "data")
            let stranger = try LoneNode(other, effects)
            try await stranger.expectWhole(height: 4, root: other.root)
            try await effects.disk.move("data/state", to: "strange-state")
            try await effects.disk.move("data", to: "other")
            try await effects.disk.move("mine", to: "data")
            try await effects.disk.move("data/state", to: "my-state")
            try await effects.disk.move("strange-state", to: "data/state")
        }
    }

    @Test("a state ahead of the block log is built anew at the log's end (RECOVERY-4)")
    func ahead() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.settled(effects)
            try await effects.disk.move("data/blocks", to: "whole")
            var shorter = try ChainPress()
            try shorter.press(90)
            try await shorter.write(to: "data/blocks", effects)
            try await node.expectWhole(height: 90, root: shorter.root)
            let lines = node.lines()
            #expect(
                lines.contains {
                    $0.contains("it stands at height 150, the block log ends at 90")
                }, "\(lines)")
        }
    }

    @Test("a state with a root of its own making is found by what a header certifies (RECOVERY-5)")
    func wrongRoot() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            // The same genesis and one other transfer more: a sound state, and not this chain's.
            var longer = try ChainPress()
            try longer.press(40)
            try longer.press(transfers: 3)
            try await longer.write(to: "data/blocks", effects)
            let liar = try LoneNode(longer, effects)
            try await liar.expectWhole(height: 41, root: longer.root)
            try await effects.disk.move("data/blocks", to: "aside")
            var press = try ChainPress()
            try press.press(60)
            try await press.write(to: "data/blocks", effects)
            let node = try LoneNode(press, effects)
            try await node.expectWhole(height: 60, root: press.root)
            let lines = node.lines()
            #expect(lines.contains { $0.contains("while block 42 certifies") }, "\(lines)")
        }
    }

    @Test("a root that differs even from the genesis on is refused, not built again for ever")
    func diverged() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(10)
            try press.press(transfers: 0, forging: .wrongRoot)
            try press.press(3)
            try await press.write(to: "data/blocks", effects)
            let node = try LoneNode(press, effects)
            guard case .damaged(let reason) = await node.refusal() else {
                Issue.record("it started")
                return
            }
            #expect(reason.contains("executing block 10 gives the state root"))
            #expect(try await effects.disk.list("data").filter { $0.contains("aside") }.count <= 1)
        }
    }

    @Test("a second damaged state does not push out the first that was kept")
    func twice() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.settled(effects)
            for number in 1...3 {
                try await effects.change("data/state/data") { $0 = Array($0.prefix(5_000)) }
                try await node.expectWhole(height: UInt64(Self.count), root: node.press.root)
                #expect(try await effects.disk.list("data").contains("state.aside-\(number)"))
            }
        }
    }

    @Test("a state that another process holds is not touched: busy")
    func busy() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.settled(effects)
            let held = try await effects.disk.openStore("data/state", bytesMax: 1 << 26)
            guard case .disk(.busy) = await node.refusal() else {
                Issue.record("it started")
                return
            }
            await held.close()
            try await node.expectWhole(height: UInt64(Self.count), root: node.press.root)
            #expect(try await effects.disk.list("data").filter { $0.contains("aside") } == [])
        }
    }
}
