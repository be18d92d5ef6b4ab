// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Nodes whose validators change (NODE-24, NODE-25)")
struct EpochNodeTests {
    @Test("a network crosses ten epochs with a changing set, and every node has one history")
    func tenEpochs() throws {
        let network = try EpochNetwork(
            seed: 1,
            stakes: [
                [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [0, 1, 1, 1, 1, 0], [0, 3, 2, 2, 2, 0],
                [1, 1, 0, 0, 1, 1], [1, 1, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0],
                [1, 1, 1, 1, 0, 0],
            ])
        for index in 0..<6 { network.start(index) }
        try network.run(Array(0..<6), to: 10)
        let headers = try network.history(of: Array(0..<6))
        #expect(Set(headers.map(\.epoch.value)).isSuperset(of: 0..<10))
        for (header, next) in zip(headers, headers.dropFirst()) {
            #expect(next.parent == header.hash)
            #expect(EpochNetwork.lengths.mayCarry(next.stateHeight, after: header.stateHeight))
            let isLast = EpochNetwork.lengths.isAtEnd(header)
            #expect(next.epoch == (isLast ? header.epoch.advanced(by: 1) : header.epoch))
        }
        #expect(network.failures == [])
    }

    @Test("who proposes is of the epoch's set, and a follower that joins proposes too")
    func joins() throws {
        let network = try EpochNetwork(seed: 2, stakes: [[1, 1, 1, 1, 0], [0, 1, 1, 1, 1]])
        for index in 0..<5 { network.start(index) }
        try network.run(Array(0..<5), to: 3)
        let headers = try network.history(of: Array(0..<5))
        let (left, joined) = (network.keys[0].publicKey, network.keys[4].publicKey)
        #expect(!headers.contains { $0.epoch.value > 0 && $0.proposer == left })
        #expect(headers.contains { $0.proposer == joined })
        #expect(try network.ask(4) { $0.isValidator })
        #expect(try !network.ask(0) { $0.isValidator })
    }

    @Test("restarts in the middle of epochs and around boundaries", arguments: 0..<2)
    func restarts(seed: UInt64) throws {
        let network = try EpochNetwork(
            seed: 10 + seed, stakes: [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 1, 1, 1, 1]])
        for index in 0..<5 { network.start(index) }
        var numbers = SeededNumbers(seed)
        for _ in 0..<12 {
            network.world.run(forMilliseconds: UInt64(100 + numbers.below(1_500)))
            let index = numbers.below(5)
            guard network.nodes[index] != nil else { continue }
            network.crash(index)
            network.world.run(forMilliseconds: UInt64(numbers.below(800)))
            network.restart(index)
        }
        // All at once, wherever they stand.
        for index in 0..<5 { network.crash(index) }
        for index in 0..<5 { network.restart(index) }
        network.world.run(forMilliseconds: 3_000)
        let epoch =
            try (0..<5).map { index in
                try network.ask(index) { $0.machine.configuration.epoch.value }
            }.max() ?? 0
        try network.run(Array(0..<5), to: epoch + 2)
        try network.history(of: Array(0..<5))
        #expect(network.failures == [])
    }

    @Test("a late joiner catches up over boundaries and keeps every handover")
    func late() throws {
        let network = try EpochNetwork(seed: 3, stakes: [[1, 1, 1, 1, 0], [0, 1, 1, 1, 1]])
        for index in 0..<4 { network.start(index) }
        // Four of five hold three quarters of the stake of every epoch.
        try network.run([0, 1, 2, 3], to: 5)
        network.start(4)
        try network.run([4], to: 6)
        let records = try network.ask(4) { node in await node.handovers(from: Epoch(0), count: 3) }
        #expect(records.map(\.header.epoch.value) == [0, 1, 2])
        for record in records {
            try record.proof.verify(
                root: record.header.stateRoot, key: NextValidators.fullKey, value: record.value)
        }
        try network.history(of: Array(0..<5))
    }

    @Test("a validator changes its key without leaving its place")
    func rotation() throws {
        let spare = try Senders.key(77)
        let network = try EpochNetwork(
            seed: 4, stakes: [[1, 1, 1, 1], [1, 1, 1, 0, 1]], spareKeys: [spare])
        network.nextKeys[3] = spare
        for index in 0..<4 { network.start(index) }
        // All four are needed now and then: one is down for a while in the new epoch.
        try network.run(Array(0..<4), to: 2)
        network.crash(0)
        let before = try network.ask(1) { $0.ledger.height }
        network.world.run(forMilliseconds: 20_000)
        #expect(try network.ask(1) { $0.ledger.height } > before.advanced(by: 4))
        network.restart(0)
        network.crash(3)
        network.restart(3)
        let epoch = try network.ask(1) { $0.machine.configuration.epoch.value }
        try network.run(Array(0..<4), to: epoch + 1)
        let headers = try network.history(of: Array(0..<4))
        #expect(headers.contains { $0.proposer == spare.publicKey })
        #expect(network.failures == [])
    }

    @Test("a lost log of epochs is built anew from the blocks")
    func lostBook() throws {
        let network = try EpochNetwork(seed: 5, stakes: [[1, 1, 1, 1], [1, 2, 1, 1]])
        for index in 0..<4 { network.start(index) }
        try network.run(Array(0..<4), to: 3)
        network.crash(2)
        try network.lose("data/epochs", of: 2)
        network.world.run(forMilliseconds: 2_000)
        try network.run([2], to: 4)
        let records = try network.ask(2) { node in await node.handovers(from: Epoch(0), count: 3) }
        #expect(records.count == 3)
        #expect(network.failures == [])
    }
}

@Suite("Evidence of an epoch that is over (NODE-21)")
struct LateEvidenceTests {
    @Test("it is held against the validator of that place in its own epoch's set")
    func attribution() throws {
        let network = try EpochNetwork(seed: 6, stakes: [[1, 1, 1, 1, 0], [0, 1, 1, 1, 1]])
        for index in 0..<5 { network.start(index) }
        try network.run(Array(0..<5), to: 2)
        let chain = network.genesis.chain
        for (epoch, members) in [Epoch(0): 0...3, Epoch(1): 1...4] {
            let known = try network.ask(1) { node in
                (try? await node.book.schedule(in: epoch))?.validators.validators ?? []
            }
            let place = try #require(known.indices.last)
            let offender = known[place].key
            #expect(members.map { network.keys[$0].publicKey }.contains(offender))
            let key = try #require(network.keys.first { $0.publicKey == offender })
            let evidence = EquivocationEvidence.votes(
                Vote(.skip(Slot(3)), by: key, validator: UInt16(place), chain: chain, epoch: epoch),
                Vote(
                    .final(Slot(3), .zero), by: key, validator: UInt16(place), chain: chain,
                    epoch: epoch))
            let offences = try network.ask(1) { node in
                await node.keep(evidence)
                return node.offenceBook.all
            }
            #expect(offences.contains { $0.publicKey == offender && $0.votes == 1 })
        }
        // Nobody knows who sat in an epoch that has not begun.
        let before = try network.ask(1) { $0.offenceBook.all }
        let strange = EquivocationEvidence.votes(
            Vote(
                .skip(Slot(3)), by: network.keys[0], validator: 0, chain: chain,
                epoch: Epoch(1_000)),
            Vote(
                .final(Slot(3), .zero), by: network.keys[0], validator: 0, chain: chain,
                epoch: Epoch(1_000)))
        let after = try network.ask(1) { node in
            await node.keep(strange)
            return node.offenceBook.all
        }
        #expect(after == before)
    }
}
