// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@Suite("Execution context")
struct ExecutionContextTests {
    private static let module = ModuleID(7)

    private static func context(over base: any StateReader) -> ExecutionContext {
        ExecutionContext(
            block: BlockContext(
                chain: ChainID(.zero), height: BlockHeight(1), time: Timestamp(1),
                proposer: AccountID(.zero)),
            base: base)
    }

    /// The plain meaning of a state: a dictionary, sorted when it is scanned.
    private struct Model: StateReader {
        var values: [[UInt8]: [UInt8]] = [:]

        func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? { values[key] }

        func scan(
            _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
        ) -> [(key: [UInt8], value: [UInt8])] {
            let found = values.filter { pair in
                pair.key.starts(with: prefix)
                    && (after.map { $0.lexicographicallyPrecedes(pair.key) } ?? true)
            }
            return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
                .map { ($0.key, $0.value) }
        }
    }

    /// A short key after a head.
    private static func key(
        after head: [UInt8], using random: inout SeededGenerator
    ) -> [UInt8] {
        head
            + (0..<Int.random(in: 0...3, using: &random)).map { _ in
                UInt8.random(in: 0...3, using: &random)
            }
    }

    @Test(
        "reads and scans are those of a plain dictionary", arguments: [UInt64](1...8),
        [[], [1, 2, 3, 4, 5, 6, 7, 8]] as [[UInt8]])
    func model(seed: UInt64, head: [UInt8]) {
        var random = SeededGenerator(seed: seed)
        var base = Model()
        for _ in 0..<40 { base.values[Self.key(after: head, using: &random)] = [1] }
        let context = Self.context(over: base)
        var model = base
        for step in 0..<200 {
            let key = Self.key(after: head, using: &random)
            let value: [UInt8]? = Bool.random(using: &random) ? [UInt8(step)] : nil
            context.set(Self.module, key, value)
            model.values[key] = value
            let prefix = Self.key(after: head, using: &random)
            let after = Bool.random(using: &random) ? Self.key(after: head, using: &random) : nil
            let limit = Int.random(in: 1...20, using: &random)
            let found = context.scan(Self.module, prefix: prefix, after: after, limit: limit)
            let expected = model.scan(Self.module, prefix: prefix, after: after, limit: limit)
            #expect(found.map(\.key) == expected.map(\.key))
            #expect(found.map(\.value) == expected.map(\.value))
            #expect(context.value(Self.module, key) == value)
        }
    }

    @Test("a refusal undoes changes and events since its start, and nothing before")
    func undo() {
        let context = Self.context(over: EmptyState())
        let event = Event(module: Self.module, kind: 1, subject: .zero, payload: [])
        context.set(Self.module, [1], [1])
        context.emit(event)
        let refusal = Refusal(module: nil, code: 1, name: "no", detail: "")
        #expect(throws: refusal) {
            try context.atomically { () throws(Refusal) in
                context.set(Self.module, [1], [2])
                context.set(Self.module, [2], [2])
                context.emit(event)
                throw refusal
            }
        }
        #expect(context.value(Self.module, [1]) == [1])
        #expect(context.value(Self.module, [2]) == nil)
        #expect(context.events.count == 1)
        #expect(
            context.scan(Self.module, prefix: [], after: nil, limit: 10).map(\.key) == [[1]])
    }

    @Test("the changes of a block name what differs, in key order")
    func changes() {
        var base = Model()
        base.values = [[1]: [1], [2]: [2], [3]: [3]]
        let context = Self.context(over: base)
        context.set(Self.module, [3], nil)
        context.set(Self.module, [1], [9])
        context.set(Self.module, [2], [2])
        context.set(Self.module, [4], [4])
        context.set(Self.module, [4], nil)
        let changes = context.changes(of: Self.module)
        #expect(changes.map(\.key) == [[1], [3]])
        #expect(changes.map(\.before) == [[1], [3]])
        #expect(changes.map(\.after) == [[9], nil])
    }

    @Test("families of many keys, and many such families, are scanned in order")
    func crowdedFamilies() {
        let context = Self.context(over: EmptyState())
        var random = SeededGenerator(seed: 8)
        var model = Model()
        for step in 0..<4_000 {
            let family = UInt8(step / 100)
            let head = [1, 2, 3, 4, 5, 6, family] as [UInt8]
            let key = head + [UInt8.random(in: 0...255, using: &random)]
            context.set(Self.module, key, [UInt8(step & 255)])
            model.values[key] = [UInt8(step & 255)]
            guard step % 37 == 0 else { continue }
            let found = context.scan(Self.module, prefix: head, after: nil, limit: 300)
            let expected = model.scan(Self.module, prefix: head, after: nil, limit: 300)
            #expect(found.map(\.key) == expected.map(\.key))
            #expect(found.map(\.value) == expected.map(\.value))
        }
    }

    @Test("a long run of keys keeps its order through many chunks")
    func manyKeys() {
        let context = Self.context(over: EmptyState())
        var random = SeededGenerator(seed: 5)
        let numbers = (0..<UInt16(3_000)).shuffled(using: &random)
        for number in numbers {
            context.set(Self.module, [UInt8(number >> 8), UInt8(number & 255)], [1])
        }
        var seen = 0
        var after: [UInt8]?
        while true {
            let page = context.scan(Self.module, prefix: [], after: after, limit: 700)
            for pair in page {
                #expect(Int(pair.key[0]) << 8 | Int(pair.key[1]) == seen)
                seen += 1
            }
            guard let last = page.last else { break }
            after = last.key
        }
        #expect(seen == 3_000)
    }
}
