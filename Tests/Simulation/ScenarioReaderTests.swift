// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import atoll_simulate

@Suite("Scenario files")
struct ScenarioReaderTests {
    private func read(_ text: String) throws -> Scenario {
        try ScenarioReader.read(Array(text.utf8))
    }

    @Test("every word means what it says")
    func meaning() throws {
        let scenario = try read(
            """
            # a comment
            validators 4   # and another
            observers 1
            twin validator-4
            villain validator-3 double-voter
            villain observer-1 flooder
            region east validator-1 validator-2
            links 0.5ms jitter 200us
            links between east observer-1 40ms
            load 5 a second from 1s to 2.5s
            flood 9 a second from 0s to 3s
            silent from 1s to 2s
            at 1s..2s partition east | validator-3 observer-1
            at 2s cut east -> validators
            at 2s crash-loop 3 every 100ms all
            at 2s loss 10 validator-3
            at 3s skew -1.5s validator-3
            run 3s
            settle 7s
            """)
        #expect(scenario.nodes.suffix(2) == ["validator-4", "observer-1"])
        #expect(scenario.twins == ["validator-4"])
        #expect(
            scenario.villains == ["validator-3": .doubleVoter, "observer-1": .flooder])
        #expect(scenario.regions.map(\.nodes) == [["validator-1", "validator-2"]])
        #expect(scenario.links.map(\.latencyMicroseconds) == [500, 40_000])
        #expect(scenario.links.map(\.jitterMicroseconds) == [200, 0])
        #expect(scenario.links.map(\.one) == [[], ["validator-1", "validator-2"]])
        #expect(scenario.payments == [Scenario.Load(perSecond: 5, during: 1_000..<2_500)])
        #expect(scenario.floods == [Scenario.Load(perSecond: 9, during: 0..<3_000)])
        #expect(scenario.silences == [1_000..<2_000])
        #expect(scenario.duration == 3_000 && scenario.settle == 7_000)
        let east = ["validator-1", "validator-2"]
        #expect(
            scenario.timeline.map(\.action) == [
                .partition([east, ["validator-3", "observer-1"]]),
                .cut(from: east, to: Array(scenario.nodes.prefix(4))),
                .crashLoop(times: 3, every: 100, scenario.nodes),
                .loss(perMillion: 10, ["validator-3"]),
                .skew(milliseconds: -1_500, ["validator-3"]),
            ])
        #expect(scenario.timeline.map(\.time.lowerBound) == [1_000, 2_000, 2_000, 2_000, 3_000])
        #expect(scenario.timeline.map(\.line) == [13, 14, 15, 16, 17])
    }

    static let faults: [(String, Int)] = [
        ("", 0), ("validators 4", 0), ("validators 0\nrun 1s", 1), ("validators 101\nrun 1s", 1),
        ("validators 4\nvalidators 4\nrun 1s", 2), ("validators 4 4\nrun 1s", 1),
        ("validators 4\nsing\nrun 1s", 2), ("validators 4\nrun 1", 2),
        ("validators 4\nrun 1.25s", 2), ("validators 4\nrun 3601s", 2),
        ("validators 4\nrun 1s\nat 2s heal", 3), ("validators 4\nrun 9s\nat 3s..2s heal", 3),
        ("validators 4\nrun 1s\nat 1s crash", 3),
        ("validators 4\nrun 1s\nat 1s crash validator-5", 3),
        ("validators 4\nrun 1s\nat 1s partition validator-1 |", 3),
        ("validators 4\nrun 1s\nat 1s cut validator-1 validator-2", 3),
        ("validators 4\nrun 1s\nat 1s sleep", 3), ("validators 4\nrun 1s\ntwin observer-1", 3),
        ("validators 4\nrun 1s\nregion all validator-1", 3),
        ("validators 4\nrun 1s\nload 1 a second from 0s to 2s", 0),
        ("validators 4\nrun 1s\nload 1 a minute from 0s to 1s", 3),
        ("validators 4\nrun 1s\n\u{e9}", 3),
        ("validators 4\nvillain validator-1 rude\nrun 1s", 2),
        ("validators 4\nvillain validator-5 flooder\nrun 1s", 2),
        ("validators 4\nobservers 1\nvillain observer-1 double-voter\nrun 1s", 3),
        ("validators 4\ncheckpoints every 1 blocks\nrun 1s", 2),
        ("validators 4\ncheckpoints each 8 blocks\nrun 1s", 2),
        ("validators 4\nepochs of 0 checkpoints\nrun 1s", 2),
        ("validators 4\nrun 1s\nat 1s join 901 validator-1", 3),
        ("validators 4\nrun 1s\nat 1s leave", 3),
        ("validators 4\nrun 1s\nload 1 a second from 0s to 1s thrice", 3),
        ("validators 4\nvillain validator-1 flooder\ntwin validator-1\nrun 1s", 3),
        ("validators 4\nvillain validator-1 flooder\nvillain validator-1 lying-root\nrun 1s", 3),
        ("validators 4\nrun 1s\nat 1s flip-bit validator-1", 3),
        ("validators 4\nexpect\nrun 1s", 2), ("validators 4\nexpect rain\nrun 1s", 2),
        ("validators 4\nexpect closed-lane\nexpect closed-lane\nrun 1s", 3),
    ]

    @Test("a scenario told in words is read as the same again", arguments: ScenarioTests.names)
    func words(name: String) throws {
        let scenario = try ScenarioFile.read(ScenarioTests.path(name))
        let text = ScenarioText.text(scenario)
        let again = try read(text)
        #expect(ScenarioText.text(again) == text)
        #expect(again.timeline.map(\.action) == scenario.timeline.map(\.action))
        #expect(again.timeline.map(\.time) == scenario.timeline.map(\.time))
        #expect(again.villains == scenario.villains && again.twins == scenario.twins)
        #expect(again.payments == scenario.payments && again.floods == scenario.floods)
        #expect(again.checkpointBlocks == scenario.checkpointBlocks)
        #expect(again.epochCheckpoints == scenario.epochCheckpoints)
        #expect(again.pace == scenario.pace)
        #expect(again.expectations == scenario.expectations)
        #expect(again.duration == scenario.duration && again.settle == scenario.settle)
    }

    @Test("what cannot be meant is a fault of its line", arguments: faults)
    func refuses(text: String, line: Int) throws {
        let fault = #expect(throws: ScenarioFault.self) { try read(text) }
        #expect(fault?.line == line, "\(String(describing: fault))")
    }

    @Test("whatever is changed in a scenario, it is read or refused with a line it has")
    func fuzz() throws {
        var numbers = SeededDice(state: 11)
        let texts = try ScenarioTests.names.map {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: ScenarioTests.path($0))))
        }
        var accepted = 0
        let rounds = 2_000
        for _ in 0..<rounds {
            var bytes = texts[numbers.below(texts.count)]
            for _ in 0...numbers.below(3) { mutate(&bytes, &numbers, texts) }
            do throws(ScenarioFault) {
                let scenario = try ScenarioReader.read(bytes)
                accepted += 1
                #expect((1...100).contains(scenario.validators))
                #expect(scenario.timeline.allSatisfy { $0.time.upperBound <= scenario.duration })
            } catch {
                let lines = bytes.count { $0 == 10 } + 1
                #expect((0...lines).contains(error.line))
            }
        }
        #expect(accepted > 0 && accepted < rounds, "both happen")
    }

    @Test("a file too long to be meant is refused")
    func length() {
        let bytes = [UInt8](repeating: 10, count: ScenarioReader.bytesMax + 1)
        #expect(throws: ScenarioFault.self) { try ScenarioReader.read(bytes) }
    }

    private func mutate(_ bytes: inout [UInt8], _ numbers: inout SeededDice, _ all: [[UInt8]]) {
        guard !bytes.isEmpty else { return }
        let place = numbers.below(bytes.count)
        switch numbers.below(5) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.below(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(32 + numbers.below(95)), at: place)
        case 3: bytes.removeSubrange(place..<min(place + numbers.below(20), bytes.count))
        default:
            let other = all[numbers.below(all.count)]
            let from = numbers.below(other.count)
            bytes.insert(
                contentsOf: other[from..<min(from + numbers.below(40), other.count)], at: place)
        }
    }

    @Test("the command line takes what its usage says and nothing else")
    func arguments() throws {
        let words = ["--jobs", "2", "--shrink", "0", "--brief"]
        let read = try Arguments(["a", "--seeds", "3", "--from", "9", "b", "--digest"] + words)
        #expect(read.jobs == 2 && read.shrinkSeconds == 0 && read.isBrief)
        #expect(read.files == ["a", "b"])
        #expect(read.seeds == 3 && read.from == 9 && read.showsDigest)
        for words in [
            [], ["--seeds", "3"], ["a", "--seeds"], ["a", "--seeds", "0"], ["a", "--x"],
            ["a", "--jobs", "0"], ["a", "--jobs", "1025"], ["a", "--shrink", "-1"],
        ] {
            #expect(throws: Arguments.Fault.self) { try Arguments(words) }
        }
        let most = "\(UInt64.max)"
        #expect(throws: Arguments.Fault.self) { try Arguments(["a", "--from", most]) }
    }
}

/// Numbers from a seed: a xorshift of Marsaglia.
private struct SeededDice {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(bound, 1)))
    }
}
