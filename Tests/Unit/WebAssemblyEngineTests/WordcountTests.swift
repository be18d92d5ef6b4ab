// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("the word count example")
struct WordcountTests {
    private func run(_ request: RunRequest) throws -> RunReport {
        try sharedRunner.get().run(request)
    }

    @Test("it counts what it reads and names the most frequent words")
    func counting() throws {
        let text = "The cat, the DOG -- and the caf\u{e9}.\nA dog!\n"
        let report = try run(Examples.counting(text))
        #expect(report.outcome == .exited(0))
        #expect(
            report.text == """
                         2 lines
                        10 words
                        42 bytes
                         6 different words
                most frequent:
                         3 the
                         2 dog
                         1 a
                         1 and
                         1 caf\u{e9}
                         1 cat

                """)
    }

    @Test("it reads the files it is told, and says which are missing")
    func files() throws {
        let input = try InputDirectory([
            InputFile(path: "one.txt", bytes: Array("alpha beta\n".utf8)),
            InputFile(
                path: "deep/two.txt", content: .fetched(size: 12) { Array("beta  gamma\n".utf8) }),
        ])
        let names = ["wordcount", "one.txt", "/input/deep/two.txt", "three.txt", "../one.txt"]
        let report = try run(Examples.counting("not read", arguments: names, input: input))
        #expect(report.outcome == .exited(1))
        #expect(report.text.hasPrefix("         2 lines\n         4 words\n        23 bytes\n"))
        #expect(
            String(decoding: report.standardError, as: UTF8.self)
                == "wordcount: no such file: three.txt\nwordcount: no such file: ../one.txt\n")
    }

    @Test("an input that cannot be fetched is the machine's failure, not a result")
    func missingInput() throws {
        for bytes in [nil, [UInt8](repeating: 0, count: 3)] {
            let input = try InputDirectory([
                InputFile(path: "a", content: .fetched(size: 4) { bytes })
            ])
            let report = try run(Examples.counting("", arguments: ["w", "a"], input: input))
            #expect(report.outcome.code == 0x0a00)
            #expect(report.fuelUsed == Fuel(0))
        }
    }

    @Test("a long text with many different words is counted right")
    func manyWords() throws {
        var text = ""
        for number in 0..<3_000 { text += "word\(number) common\n" }
        let report = try run(Examples.counting(text))
        #expect(report.outcome == .exited(0))
        #expect(report.text.contains("      6000 words\n"))
        #expect(report.text.contains("      3001 different words\n"))
        #expect(report.text.contains("most frequent:\n      3000 common\n         1 word0\n"))
    }

    @Test("equal requests give equal reports, on one thread and on two at once")
    func determinism() async throws {
        let request = Examples.counting(String(repeating: "to be or not to be\n", count: 200))
        let expected = try run(request)
        #expect(expected.outcome == .exited(0))
        let others = try await withThrowingTaskGroup(of: RunReport.self) { group in
            for _ in 0..<2 {
                group.addTask { () throws in
                    let runner = try WebAssemblyRunner()
                    return runner.run(request)
                }
                group.addTask { try sharedRunner.get().run(request) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for report in others { #expect(report == expected) }
    }

    @Test("the same sources give the same bytes in another folder")
    func reproducible() throws {
        try #require(!Examples.wordcount.isEmpty)
        let folder = "/tmp/atoll-example-\(getpid())"
        defer { _ = Examples.shell("rm -rf \(folder)") }
        let copied = """
            mkdir -p \(folder)/examples/wordcount && cd '\(Examples.root)' \
            && cp -r scripts \(folder)/ \
            && cp -r examples/Runtime \(folder)/examples/ \
            && cp examples/wordcount/*.swift \(folder)/examples/wordcount/
            """
        #expect(Examples.shell(copied))
        #expect(Examples.shell("\(folder)/scripts/build-example wordcount"))
        let again = Examples.read("\(folder)/examples/wordcount/wordcount.wasm")
        #expect(again == Examples.wordcount)
        #expect(!Examples.shell("\(folder)/scripts/build-example nothing"))
    }

    @Test("three hundred damaged copies end in a typed outcome within their limits")
    func mutations() throws {
        let original = Examples.wordcount
        try #require(!original.isEmpty)
        var numbers = SeededNumbers(seed: 2_026)
        var kinds = Set<UInt16>()
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let place = Int.random(in: 8..<bytes.count, using: &numbers)
                bytes[place] = UInt8.random(in: 0...255, using: &numbers)
            }
            if Int.random(in: 0..<10, using: &numbers) == 0 {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers))
            }
            var request = Examples.counting("one two three two\n")
            request.module = bytes
            request.limits.fuelMax = Fuel(20_000_000)
            request.limits.wallMilliseconds = 5_000
            let report = try run(request)
            kinds.insert(report.outcome.code)
            #expect(report.outcome.isDeterministic, "\(report.outcome)")
            #expect(report.fuelUsed <= request.limits.fuelMax)
            #expect(report.standardOutput.count <= Int(request.limits.outputBytesMax))
        }
        #expect(kinds.count > 3)
    }
}
