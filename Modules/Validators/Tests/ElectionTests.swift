// SPDX-License-Identifier: Apache-2.0
import Consensus
import Testing
import Validators
import Vocabulary

@Suite("The set of the next epoch")
struct ElectionTests {
    @Test("epoch 0 is the genesis's, in its order and with its weights (VALIDATORS-2)")
    func genesis() throws {
        let council = try Council([7, 1, 3])
        let next = try #require(council.queries.nextSet)
        let expected = try ValidatorSet(
            [7, 1, 3].enumerated().map {
                Validator(key: Council.key($0.offset).publicKey, stake: $0.element)
            })
        #expect(next.epoch == Epoch(0) && next.validators == expected)
        council.expectSound()
    }

    @Test("a block between cuts changes no set, and each cut names the next epoch")
    func epochs() throws {
        let council = try Council()
        council.module.endBlock(in: council.context)
        #expect(council.queries.nextSet?.epoch == Epoch(0))
        for epoch in 1...5 {
            council.cut()
            #expect(council.queries.nextSet?.epoch == Epoch(UInt64(epoch)))
        }
    }

    @Test("the largest stakes get the seats, of equal ones the smaller accounts (VALIDATORS-7)")
    func ranking() throws {
        let council = try Council([100, 100], figures: ["seatsMax": 4])
        for (place, stake) in [(5, 300), (4, 300), (6, 300), (7, 200)] as [(Int, UInt64)] {
            try council.join(place, stake: stake)
        }
        // Two seats are free at first, and one founder may go at each cut.
        council.cut()
        #expect(council.seated == [1, 4, 5, 6])
        council.cut()
        #expect(council.seated == [4, 5, 6, 7])
        let seats = try #require(council.queries.seats(of: Epoch(2)))
        #expect(seats.seats.map(\.account) == [4, 5, 6, 7].map(Council.account))
        #expect(council.member(0)?.status == .active)
    }

    @Test("the state's set and the seats are the same set, under one fixed key (VALIDATORS-8)")
    func forms() throws {
        let council = try Council()
        try council.join(4)
        council.cut()
        let bytes = try #require(council.context.value(.validators, ValidatorsKeys.nextSet))
        let next = try NextSet(canonicalBytes: bytes)
        let seats = try #require(council.queries.seats(of: next.epoch))
        #expect(ValidatorsKeys.nextSet == [1])
        #expect(try seats.validators == next.validators)
    }

    @Test("no more than a third of the old weight loses its seat at one cut (VALIDATORS-10)")
    func third() throws {
        let council = try Council(
            [10, 10, 10, 10, 10, 10], figures: ["capPartsPerMillion": 300_000])
        for place in 0..<6 { try council.send(.leave, from: place) }
        for place in 6..<12 { try council.join(place, stake: 100) }
        council.cut()
        #expect(council.choice?.released == 2 && council.choice?.waiting == 4)
        #expect(council.seated == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        // The newcomers' weight is in the old set now, so a third of it is more than all who wait.
        council.cut()
        #expect(council.seated == [6, 7, 8, 9, 10, 11])
    }

    @Test("who asked first leaves first, and who waits keeps its seat and its weight")
    func queue() throws {
        let council = try Council([10, 10, 10])
        try council.send(.leave, from: 2)
        council.end()
        try council.send(.leave, from: 1)
        council.cut()
        #expect(council.seated == [0, 1])
        council.cut()
        #expect(council.seated == [0])
    }

    @Test("one may always leave, however much it weighs")
    func heavy() throws {
        let council = try Council([90, 5, 5])
        try council.send(.leave, from: 0)
        council.cut()
        #expect(council.seated == [1, 2])
    }

    @Test("too few make no new set: the old members stay, with their new keys (VALIDATORS-10)")
    func kept() throws {
        let council = try Council([10, 10, 10], figures: ["seatsMin": 3])
        try council.send(.leave, from: 0)
        try council.send(.rotateKey(council.claim(1, key: Council.key(9))), from: 1)
        council.cut()
        #expect(council.seated == [0, 1, 2])
        #expect(council.choice?.isKept == true)
        let next = try #require(council.queries.nextSet)
        #expect(next.validators.index(of: Council.key(9).publicKey) != nil)
        try council.join(3)
        council.cut()
        #expect(council.seated == [1, 2, 3])
        #expect(council.choice?.isKept == false)
    }

    @Test("a whole set is replaced within a few epochs, and never empty between")
    func replaced() throws {
        let council = try Council([10, 10, 10, 10])
        for place in 0..<4 { try council.send(.leave, from: place) }
        for place in 4..<8 { try council.join(place) }
        for _ in 0..<4 {
            council.cut()
            #expect(!council.seated.isEmpty)
        }
        #expect(council.seated == [4, 5, 6, 7])
    }

    @Test("sets older than offences can be punished for are dropped (VALIDATORS-11)")
    func history() throws {
        let council = try Council()
        for _ in 0..<5 { council.cut() }
        let known = (0...6).filter { council.queries.seats(of: Epoch(UInt64($0))) != nil }
        #expect(known == [3, 4, 5])
    }
}
