// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import NodeInterface
import Testing
import Vocabulary

@testable import atoll_simulate

/// What a checker never says in a sound network, it says of a broken one.
@Suite("The judge of simulated networks")
struct JudgeTests {
    /// A network that has run for a while, and the blocks its first validator executed.
    private func network() throws -> (fleet: Fleet, blocks: [AppliedBlock]) {
        let scenario = try ScenarioReader.read(Array("validators 4\nrun 5s".utf8))
        let fleet = try Fleet(scenario, seed: 3)
        fleet.startAll {}
        fleet.world.run(forMilliseconds: 5_000)
        let (name, node, effects) = try #require(fleet.running.first)
        let page = fleet.world.run(on: name, effects) { _ in
            await node.blocks(after: BlockHeight(0), waiting: 1)
        }
        guard case .blocks(let blocks)? = page else { return (fleet, []) }
        try #require(blocks.count >= 2)
        #expect(fleet.judge.failure == nil)
        return (fleet, blocks)
    }

    private func forged(_ block: AppliedBlock, height: BlockHeight) throws -> AppliedBlock {
        let honest = block.finalized.block
        let header = BlockHeader(
            chain: honest.header.chain, epoch: Epoch(0), slot: honest.header.slot, height: height,
            parentSlot: honest.header.parentSlot, parent: honest.header.parent,
            timestamp: honest.header.timestamp.advanced(by: 1),
            payloadDigest: honest.header.payloadDigest, stateHeight: honest.header.stateHeight,
            stateRoot: honest.header.stateRoot, proposer: honest.header.proposer)
        let other = try #require(Block(header: header, payload: honest.payload))
        return AppliedBlock(
            finalized: FinalizedBlock(block: other, proof: block.finalized.proof),
            outcomes: [], events: [], stateRoot: block.stateRoot)
    }

    @Test("another block at a known height is a second history")
    func history() throws {
        let (fleet, blocks) = try network()
        fleet.judge.executed(try forged(blocks[0], height: blocks[0].height), by: "validator-2")
        #expect(fleet.judge.failure?.checker == .oneHistory)
    }

    @Test("a block whose certificate is another's has none")
    func certificate() throws {
        let (fleet, blocks) = try network()
        let block = try forged(blocks[0], height: BlockHeight(fleet.judge.height + 1))
        fleet.judge.executed(block, by: "validator-2")
        #expect(fleet.judge.failure?.checker == .certificates)
    }

    @Test("another state after the same block is told apart")
    func stateRoot() throws {
        let (fleet, blocks) = try network()
        let other = AppliedBlock(
            finalized: blocks[0].finalized, outcomes: [], events: [], stateRoot: .zero)
        fleet.judge.executed(other, by: "validator-2")
        #expect(fleet.judge.failure?.checker == .stateRoots)
    }

    @Test("a log with a block in another's place, and evidence against the honest, are failures")
    func logAndEvidence() throws {
        let (one, blocks) = try network()
        one.judge.reread([blocks[1].finalized], from: 1, of: "validator-2")
        #expect(one.judge.failure?.checker == .oneHistory)

        let (fleet, _) = try network()
        let (name, node, effects) = try #require(fleet.running.first)
        var status = try #require(fleet.world.run(on: name, effects) { _ in await node.status() })
        fleet.judge.saw(status, of: name)
        #expect(fleet.judge.failure == nil && fleet.judge.complaints.isEmpty)
        var troubled = status
        troubled.troubles = ["no quorum"]
        fleet.judge.saw(troubled, of: name)
        #expect(fleet.judge.complaints == [name: "no quorum"])
        let honest = try #require(fleet.members.last).key.publicKey
        status.offences = [NodeStatus.Offence(publicKey: honest)]
        fleet.judge.saw(status, of: name)
        #expect(
            fleet.judge.failure?.checker == .evidence, "\(String(describing: fleet.judge.failure))")
    }

    @Test("money that is not where it was paid is missed")
    func money() throws {
        let (fleet, _) = try network()
        Audit(fleet: fleet, paid: 0, isFair: true).run()
        #expect(fleet.judge.failure == nil)
        Audit(fleet: fleet, paid: 1, isFair: true).run()
        #expect(fleet.judge.failure?.checker == .payments)
    }

    @Test("a node whose counters are missing, or beyond what it may use, is said to use too much")
    func appetite() throws {
        let (fleet, _) = try network()
        let (name, node, effects) = try #require(fleet.running.first)
        var status = try #require(fleet.world.run(on: name, effects) { _ in await node.status() })
        let appetite = Appetite(peers: 3, milliseconds: 5_000)
        #expect(appetite.excess(of: status) == nil)
        let sent = try #require(
            status.counters.firstIndex { $0.name == "transport_bytes_out_total" })
        status.counters[sent].value = 1 << 40
        #expect(appetite.excess(of: status)?.contains("transport_bytes_out_total") == true)
        status.counters.remove(at: sent)
        #expect(appetite.excess(of: status)?.contains("does not count") == true)
        status.pendingTransactions = 1 << 20
        fleet.judge.saw(status, of: name)
        #expect(fleet.judge.failure?.checker == .appetite)
    }

    @Test("certificates that cannot both hold are found, whoever holds them")
    func contradictions() {
        let (slot, one) = (Slot(7), Digest.zero)
        let rival = Statement.notar(slot, SHA256.hash([1]))
        var book = CertificateBook()
        #expect(book.add(.notar(slot, one), in: Epoch(0)) == nil)
        #expect(book.add(.notar(slot, one), in: Epoch(0)) == nil)
        #expect(book.add(.skip(slot), in: Epoch(0)) == nil, "a notarized block may be passed over")
        #expect(book.add(rival, in: Epoch(0)) == .notar(slot, one))
        #expect(book.add(.final(slot, one), in: Epoch(0)) != nil, "a skipped slot is never final")
        #expect(book.add(rival, in: Epoch(1)) == nil, "another epoch, another slot")
        #expect(book.add(.final(Slot(8), one), in: Epoch(0)) == nil)
        #expect(book.add(.notar(Slot(8), SHA256.hash([1])), in: Epoch(0)) == .final(Slot(8), one))
    }

    @Test("the history, executed once more, leads to the root everybody has and to no other")
    func oracle() throws {
        let (fleet, _) = try network()
        let judge = fleet.judge
        let root = try #require(judge.stateRoot)
        let oracle = Oracle(genesis: fleet.genesis, history: judge.history)
        let effects = fleet.world.makeNode("oracle")
        let held = fleet.world.run(on: "oracle", effects) { await oracle.examine($0, root: root) }
        #expect(held == .some(nil))
        let other = fleet.world.makeNode("other oracle")
        let fault = fleet.world.run(on: "other oracle", other) {
            await oracle.examine($0, root: .zero)
        }
        #expect(fault??.contains("leads to") == true)
    }
}
