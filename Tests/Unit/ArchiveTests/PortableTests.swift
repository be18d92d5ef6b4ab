// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A chain travels as one file (ARCHIVE-5 to ARCHIVE-7)")
struct PortableTests {
    private static func export(
        _ press: ChainPress, _ effects: Effects
    ) async throws -> ArchiveReport {
        let log = try await effects.disk.inspectLog("data/blocks")
        do {
            let report = try await LedgerExport(genesis: press.genesis, effects: effects)
                .write(log, to: "chain.archive")
            await log.close()
            return report
        } catch {
            await log.close()
            throw error
        }
    }

    /// A failed import, and how many blocks it left; or how many it took.
    private static func take(
        _ genesis: Genesis, _ effects: Effects, into path: String = "other/blocks"
    ) async throws -> (failure: ArchiveFailure?, blocks: UInt64) {
        let log = try await effects.disk.openLog(path)
        do throws(ArchiveFailure) {
            let report = try await LedgerImport(genesis: genesis, effects: effects)
                .read("chain.archive", into: log)
            let end = await log.end
            #expect(report.height.value == end)
            await log.close()
            return (nil, end)
        } catch {
            let end = await log.end
            await log.close()
            return (error, end)
        }
    }

    private static func written(_ count: Int, _ effects: Effects) async throws -> ChainPress {
        var press = try ChainPress()
        try press.press(count)
        try await press.write(to: "data/blocks", effects)
        _ = try await export(press, effects)
        return press
    }

    @Test("what is exported is imported again, block for block")
    func roundTrip() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try await Self.written(530, effects)
            #expect(
                try await LedgerImport.genesis(of: "chain.archive", effects: effects)
                    == press.genesis)
            let taken = try await Self.take(press.genesis, effects)
            #expect(taken.failure == nil)
            let log = try await effects.disk.openLog("other/blocks")
            let records = try await log.read(from: 0, count: .max, bytesMax: .max)
            #expect(records == press.blocks.map(\.canonicalBytes))
            await log.close()
        }
    }

    @Test("the report names height, hash and the file's size")
    func report() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(7)
            try await press.write(to: "data/blocks", effects)
            let report = try await Self.export(press, effects)
            #expect(report.height == BlockHeight(7))
            #expect(report.hash == press.blocks[6].block.hash)
            let bytes = try await effects.disk.read("chain.archive", limit: 1 << 24)
            #expect(report.bytes == UInt64(bytes.count))
            #expect(bytes.starts(with: Array("ATOLLAR1".utf8) + [1]))
        }
    }

    @Test("a damaged log or a forged block leaves no archive")
    func refused() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(5)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try await press.write(to: "data/blocks", effects)
            await #expect(
                throws: ArchiveFailure.fault(
                    .notFinal(BlockHeight(6), .certificate(.tooLittleStake)))
            ) { try await Self.export(press, effects) }
            #expect(try await effects.disk.list("") == ["data"])
        }
    }

    @Test("a log that holds blocks takes no import")
    func notEmpty() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try await Self.written(3, effects)
            let taken = try await Self.take(press.genesis, effects, into: "data/blocks")
            #expect(taken.failure == .notEmpty(blocks: 3))
        }
    }

    @Test("an archive of another chain is refused before any block")
    func otherChain() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try await Self.written(3, effects)
            let other = try ChainPress(name: "other")
            let taken = try await Self.take(other.genesis, effects)
            #expect(taken.failure == .otherGenesis(press.genesis.chain))
            #expect(taken.blocks == 0)
        }
    }

    @Test("an archive changed or cut anywhere is refused; what is kept is the chain's beginning")
    func damage() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try await Self.written(12, effects)
            let whole = try await effects.disk.read("chain.archive", limit: 1 << 24)
            var places = Array(stride(from: 0, to: whole.count, by: 211))
            places += [8, 9, whole.count - 1, whole.count - 30]
            for (number, place) in places.enumerated() {
                let isCut = number.isMultiple(of: 3)
                var copy = whole
                if isCut { copy = Array(copy.prefix(place)) } else { copy[place] ^= 0x40 }
                try await effects.disk.replace("chain.archive", with: copy)
                let path = "copy-\(number)/blocks"
                let taken = try await Self.take(press.genesis, effects, into: path)
                #expect(taken.failure != nil, "byte \(place)")
                let log = try await effects.disk.openLog(path)
                let records = try await log.read(from: 0, count: .max, bytesMax: .max)
                #expect(records == press.blocks.prefix(records.count).map(\.canonicalBytes))
                await log.close()
            }
        }
    }

    @Test("bytes behind the end are no archive's")
    func trailing() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let press = try await Self.written(2, effects)
            try await effects.change("chain.archive") { $0.append(0) }
            let taken = try await Self.take(press.genesis, effects)
            guard case .damaged = taken.failure else {
                Issue.record("\(String(describing: taken.failure))")
                return
            }
        }
    }

    @Test("a forged block in a well sealed archive is named, and none after it is kept")
    func forged() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(5)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try press.press(2)
            var writer = ArchiveWriter(try await effects.disk.create("chain.archive"))
            try await writer.write(.genesis, press.genesis.json.bytes)
            for block in press.blocks { try await writer.write(.block, block.canonicalBytes) }
            let last = press.blocks[7].block.hash
            try await writer.finish(ArchiveFrame.End(blocks: 8, last: last))
            let taken = try await Self.take(press.genesis, effects)
            #expect(
                taken.failure
                    == .fault(.notFinal(BlockHeight(6), .certificate(.tooLittleStake))))
            #expect(taken.blocks == 5)
        }
    }

    @Test("an archive that leaves out its last blocks but says so in its end is refused")
    func shortened() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(4)
            var writer = ArchiveWriter(try await effects.disk.create("chain.archive"))
            try await writer.write(.genesis, press.genesis.json.bytes)
            for block in press.blocks.prefix(3) {
                try await writer.write(.block, block.canonicalBytes)
            }
            let last = press.blocks[3].block.hash
            try await writer.finish(ArchiveFrame.End(blocks: 4, last: last))
            let taken = try await Self.take(press.genesis, effects)
            guard case .damaged = taken.failure else {
                Issue.record("\(String(describing: taken.failure))")
                return
            }
        }
    }
}
