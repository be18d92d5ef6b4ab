// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import Testing

@testable import atoll_fuzz

/// A target that does not come back ends the whole run: that is its failure.
@Suite("Fuzz targets")
struct SeedTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Seeds")
    static let targetNames: [String] = FuzzTarget.all.map(\.name)

    private func files(of name: String) throws -> [URL] {
        let folder = Self.folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
    }

    @Test(
        "every target survives its samples and all that ever stopped it",
        arguments: SeedTests.targetNames)
    func regressions(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        for sample in target.samples() { target.take(sample) }
        target.take([])
        for file in try files(of: name) { target.take([UInt8](try Data(contentsOf: file))) }
    }

    @Test(
        "every target survives a hundred mutations of its samples", arguments: SeedTests.targetNames
    )
    func mutations(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let samples = target.samples()
        var mutator = Mutator(seed: 7)
        VerdictMemory.$current.withValue(VerdictMemory()) {
            for _ in 0..<100 { target.take(mutator.mutate(samples, bytesMax: 4_096)) }
        }
    }

    @Test("seeds belong to targets that there are, and names are used once")
    func folders() throws {
        #expect(Set(Self.targetNames).count == Self.targetNames.count)
        #expect(Self.targetNames.count >= 16)
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { !$0.hasPrefix(".") && $0 != "README.md" }
        #expect(folders.filter { !Self.targetNames.contains($0) } == [])
    }

    @Test("samples are accepted, so that mutations begin where decoders go on")
    func samples() throws {
        for name in FuzzTarget.all.map(\.name) {
            #expect(try #require(FuzzTarget.named(name)).samples().isEmpty == false)
        }
        var one = Mutator(seed: 1)
        var same = Mutator(seed: 1)
        let inputs: [[UInt8]] = [[1, 2, 3], [4, 5]]
        for _ in 0..<50 {
            #expect(one.mutate(inputs, bytesMax: 8) == same.mutate(inputs, bytesMax: 8))
        }
    }
}
