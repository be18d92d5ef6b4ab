// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import atoll_simulate

@Suite("Scenarios")
struct ScenarioTests {
    /// One scenario from one seed.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let seed: UInt64
        var testDescription: String { "\(name) seed \(seed)" }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Scenarios").path
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".scenario") }.map(ScenarioFile.name(of:)).sorted()
    /// A seed of each, but for those of a whole minute; `SEEDS` asks for more of all.
    private static let long = ["loss-at-one-of-twenty", "wan-5-regions-21"]
    static let cases = names.flatMap { name in
        let isAsked = ProcessInfo.processInfo.environment["SEEDS"] != nil
        let seeds = isAsked ? Seeds.all : long.contains(name) ? [] : Seeds.one
        return seeds.map { Case(name: name, seed: $0) }
    }

    static func path(_ name: String) -> String { "\(folder)/\(name).scenario" }

    private func report(_ text: String, seed: UInt64 = 1) throws -> ScenarioRun.Report {
        try ScenarioRun.run(try ScenarioReader.read(Array(text.utf8)), seed: seed)
    }

    @Test("every promise is kept in every scenario", arguments: cases)
    func keepsPromises(of run: Case) throws {
        let scenario = try ScenarioFile.read(Self.path(run.name))
        let report = try ScenarioRun.run(scenario, seed: run.seed)
        let text = ReportText.text(report, of: run.name, showsDigest: true)
        #expect(report.failure == nil, "\(text)")
        #expect(report.payments > 0)
        #expect(report.latencies.count <= report.payments)
    }

    @Test("all scenarios are found")
    func found() { #expect(Self.names.count >= 37, "\(Self.names)") }

    @Test("a network that never gets its quorum back is said not to make progress")
    func standstill() throws {
        let report = try report(
            """
            validators 4
            load 5 a second from 0s to 2s
            at 1s crash validator-1 validator-2
            run 2s
            settle 3s
            """)
        let failure = try #require(report.failure)
        #expect(failure.checker == .progress)
        #expect(failure.text.contains("validator-2 down at"))
        #expect(report.events.contains { $0.hasSuffix("fate: crash validator-1 validator-2") })
        #expect(report.events.count <= Chronicle.eventsMax)
        let text = ReportText.text(report, of: "stuck", showsDigest: false)
        #expect(text.hasPrefix("FAILED stuck seed 1: "))
        #expect(text.contains("checker progress at 5.000 s: 3000 ms after the timeline"))
    }

    @Test("a block in a silence is a failure")
    func noise() throws {
        let report = try report(
            "validators 4\nload 5 a second from 1s to 2s\nsilent from 1s to 2s\nrun 2s")
        #expect(report.failure?.checker == .silence)
    }

    @Test("two processes give one history from one seed, and another from another")
    func processes() throws {
        let first = try digest("partition-in-halves", seed: 7)
        #expect(first.hasPrefix("ok "))
        #expect(try digest("partition-in-halves", seed: 7) == first)
        let line = { (text: String) in text.split(separator: " ").suffix(4) }
        #expect(line(try digest("partition-in-halves", seed: 8)) != line(first))
    }

    @Test("a broken promise ends the program with 1, a file it cannot read with 2")
    func exitCodes() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("scenarios-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let broken = folder.appendingPathComponent("broken.scenario").path
        try "validators 1\nsilent from 0s to 2s\nload 5 a second from 0s to 1s\nrun 2s\n"
            .write(toFile: broken, atomically: true, encoding: .utf8)
        #expect(try simulate([broken, "--shrink", "0"]).code == 1)
        let crew = try simulate([
            broken, Self.path("calm"), "--seeds", "2", "--jobs", "2", "--shrink", "0", "--brief",
        ])
        #expect(crew.code == 1)
        #expect(crew.output.contains("broken: 0 seeds hold, FAILED seeds 1 2\n"))
        #expect(crew.output.contains("calm: 2 seeds hold\n"))
        #expect(!crew.output.contains("ok "))
        let unread = folder.appendingPathComponent("unread.scenario").path
        try "validators 1\nsing\n".write(toFile: unread, atomically: true, encoding: .utf8)
        #expect(try simulate([unread]).code == 2)
        #expect(try simulate([]).code == 2)
    }

    private func digest(_ name: String, seed: UInt64) throws -> String {
        try simulate([Self.path(name), "--from", "\(seed)", "--digest"]).output
    }

    /// Runs the program that was built beside the tests.
    private func simulate(_ words: [String]) throws -> (output: String, code: Int32) {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let own = URL(fileURLWithPath: CommandLine.arguments[0])
        let places = [own, tests].map {
            $0.deletingLastPathComponent().appendingPathComponent("atoll-simulate")
        }
        let process = Process()
        let found = places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        let program: URL = try #require(found)
        process.executableURL = program
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }
}
