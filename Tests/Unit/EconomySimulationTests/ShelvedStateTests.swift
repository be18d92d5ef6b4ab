// SPDX-License-Identifier: Apache-2.0
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import atoll_simulate

@Suite("State on shelves")
struct ShelvedStateTests {
    @Test("it reads as a sorted list does, whatever comes and goes")
    func order() {
        var random = SeededGenerator(seed: 3)
        let state = ShelvedState()
        var plain: [[UInt8]: [UInt8]] = [:]
        for height in 0..<40 {
            let context = ExecutionContext(
                block: BlockContext(
                    chain: LawTown.chain, height: BlockHeight(UInt64(height)),
                    time: Timestamp(0), proposer: AccountID(.zero)), base: state)
            for _ in 0..<200 {
                let number = random.below(3_000)
                let key = [UInt8(number % 3), UInt8(number / 256), UInt8(number % 256)]
                let value: [UInt8]? = random.below(3) == 0 ? nil : [UInt8(random.below(256))]
                context.set(.market, key, value)
                plain[key] = value
            }
            state.apply(context)
        }
        #expect(state.count == plain.count && plain.count > 2 * ShelvedState.shelfMax)
        let sorted = plain.keys.sorted { $0.lexicographicallyPrecedes($1) }
        for prefix: [UInt8] in [[], [0], [1], [2], [9]] {
            var read: [[UInt8]] = []
            while true {
                let page = state.scan(.market, prefix: prefix, after: read.last, limit: 7)
                guard !page.isEmpty else { break }
                for pair in page { #expect(pair.value == plain[pair.key]) }
                read += page.map(\.key)
            }
            #expect(read == sorted.filter { $0.starts(with: prefix) })
        }
        #expect(state.scan(.accounts, prefix: [], after: nil, limit: 9).isEmpty)
    }
}
