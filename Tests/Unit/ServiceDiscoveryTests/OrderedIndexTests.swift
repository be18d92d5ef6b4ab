// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ServiceDiscovery

@Suite("Ordered index")
struct OrderedIndexTests {
    @Test("it holds what a sorted set holds, whatever comes in whichever order")
    func model() {
        for seed in 0..<20 as Range<UInt64> {
            var numbers = SeededNumbers(seed)
            var index = OrderedIndex<Int>()
            var model: Set<Int> = []
            for _ in 0..<600 {
                let value = Int.random(in: 0..<200, using: &numbers)
                if Bool.random(using: &numbers) {
                    #expect(index.insert(value) == model.insert(value).inserted)
                } else {
                    #expect(index.remove(value) == (model.remove(value) != nil))
                }
            }
            var walked: [Int] = []
            index.walk { element in
                walked.append(element)
                return true
            }
            #expect(walked == model.sorted())
            #expect(index.count == model.count)
            #expect(index.first == model.min())
            let bound = Int.random(in: 0..<200, using: &numbers)
            #expect(index.first(from: bound) == model.filter { $0 >= bound }.min())
            var above: [Int] = []
            index.walk(from: bound) { element in
                above.append(element)
                return above.count < 5
            }
            #expect(above == Array(model.filter { $0 >= bound }.sorted().prefix(5)))
        }
    }

    @Test("a place is found in 1.44 log2 n steps, also when keys come in order")
    func depth() {
        var index = OrderedIndex<Int>()
        for value in 0..<65_536 { index.insert(value) }
        for bound in [0, 1, 32_767, 65_535] {
            let steps = index.walk(from: bound) { _ in false }
            #expect(steps <= 25)
        }
        for value in 0..<65_000 { index.remove(value) }
        #expect(index.walk(from: 65_500) { _ in false } <= 16)
        #expect(index.count == 536)
    }
}
