// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects
import Testing

@Suite("record log", .timeLimit(.minutes(1)))
struct LogTests {
    let world: TestWorld

    init() throws { world = try TestWorld() }

    @Test("what was appended is read again, and again after reopening")
    func reopen() async throws {
        let records = (0..<100).map { pattern($0 * 7, seed: UInt64($0)) }
        try await world.run { effects in
            let log = try await effects.disk.openLog("chain/log")
            try await log.append(Array(records[..<60]))
            try await log.append(Array(records[60...]))
            #expect(try await log.read(from: 0, count: 1000, bytesMax: .max) == records)
            await log.close()
            let again = try await effects.disk.openLog("chain/log")
            #expect(await again.end == 100)
            #expect(
                try await again.read(from: 41, count: 3, bytesMax: .max) == Array(records[41..<44]))
        }
    }
}
