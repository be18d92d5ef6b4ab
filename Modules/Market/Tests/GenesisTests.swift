// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Market
import Testing
import Vocabulary

@Suite("The market's part of a genesis file")
struct GenesisTests {
    @Test("what is not named keeps its default, what is named is taken")
    func figures() throws {
        #expect(try MarketParameters(genesis: [:]) == .standard)
        let treasury = MarketWorld.account(named: "treasury")
        let parameters = try MarketParameters(genesis: [
            "fuelMax": 5, "graceMilliseconds": 0, "timeoutSlashPartsPerMillion": 1_000_000,
            "extraExecutionReward": "0.5", "treasury": .string("\(treasury)"),
        ])
        #expect(parameters.fuelMax == Fuel(5) && parameters.graceMilliseconds == 0)
        #expect(parameters.timeoutSlashPartsPerMillion == 1_000_000)
        #expect(parameters.extraExecutionReward == Amount(Amount.unitsPerWhole / 2))
        #expect(parameters.treasury == treasury)
        #expect(parameters.revealMilliseconds == MarketParameters.standard.revealMilliseconds)
    }

    @Test("the chain keeps the figures it began with")
    func kept() throws {
        let world = try MarketWorld(genesis: ["bidsMax": 3, "executionsMax": 7])
        #expect(world.queries.parameters.bidsMax == 3)
        #expect(world.queries.parameters.executionsMax == 7)
    }

    @Test(
        "a figure out of range, of another kind or unknown is refused with its place",
        arguments: [
            ("fuelMax", 0), ("fuelMax", "5"), ("memoryBytesMax", 4_294_967_296), ("bidsMax", 49),
            ("bidsMax", 4_294_967_297), ("executionsMax", 4), ("executionsMax", 10),
            ("lieSlashPartsPerMillion", 1_000_001), ("graceMilliseconds", -1),
            ("executionPriceMin", 1), ("executionPriceMin", "x"), ("treasury", "00"),
            ("revealMilliseconds", 0), ("duePerBlockMax", 0), ("price", 1),
        ] as [(String, JSON)])
    func refused(name: String, value: JSON) {
        let failure = #expect(throws: GenesisFailure.self) {
            try MarketParameters(genesis: .object([JSON.Member(name, value)]))
        }
        #expect(failure?.pointer == "/modules/market/\(name)")
    }

    @Test("a part that is no object is refused")
    func noObject() {
        #expect(throws: GenesisFailure.self) { try MarketParameters(genesis: []) }
    }
}
