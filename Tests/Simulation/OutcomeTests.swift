// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Market
import SimulatedEffects
import Testing
import Vocabulary
import WebAssemblyEngine

/// Programs that end in their own ways, each with its outcome and its bill (MARKET-9).
@Suite("Outcomes of jobs")
struct OutcomeTests {
    /// Runs one job and returns its receipt, settled and paid by its bill.
    private func settle(_ program: Program, seed: UInt64 = 1) throws -> Receipt {
        let cloud = try SimulatedCloud(seed: seed, providers: 2)
        try cloud.startAll()
        try cloud.waitForProviders()
        let receipt = try #require(try cloud.finish([try cloud.open(program)]).first)
        #expect(receipt.ending == .settled)
        let fuel = try #require(receipt.result).fuelUsed
        for execution in receipt.executions {
            #expect(execution.finding == .agreed)
            #expect(execution.paid == execution.price.bill(for: fuel))
        }
        #expect(try cloud.spent() == receipt.cost)
        try cloud.expectConservation()
        return receipt
    }

    /// What checking and compiling a module costs in fuel.
    private func admission(_ program: Program) -> UInt64 {
        UInt64(program.module.count) * WebAssemblyRunner.fuelPerModuleByte
    }

    @Test("a program that ends itself is paid for with its exit code")
    func exit() throws {
        let receipt = try settle(try Program("(call $exit (i32.const 3))"))
        #expect(receipt.result?.outcome == .exited(code: 3))
    }

    @Test("a trap is billed for the fuel used until then")
    func trap() throws {
        let program = try Program("(unreachable)")
        let result = try #require(try settle(program).result)
        #expect(result.outcome == .trapped(.unreachable))
        #expect(result.fuelUsed.value >= admission(program))
        #expect(result.fuelUsed.value < admission(program) + 1_000)
    }

    @Test("an endless loop uses all its fuel and is billed for it")
    func endless() throws {
        let program = try Program("(loop $l (br $l))")
        let result = try #require(try settle(program).result)
        #expect(result.outcome == .fuelExhausted)
        #expect(result.fuelUsed == program.limits.fuelMax)
    }

    @Test("a memory bomb ends at its limit")
    func bomb() throws {
        let program = try Program(
            "(loop $l (br_if $l (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))"
                + " (unreachable)"
        )
        #expect(try settle(program).result?.outcome == .memoryExceeded)
    }

    @Test("output beyond the limit ends the program")
    func output() throws {
        let program = try Program(
            """
            (i32.store (i32.const 4) (i32.const 32768))
            (loop $l (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
              (br $l))
            """)
        #expect(try settle(program).result?.outcome == .outputExceeded)
    }

    @Test("a module that wants more than WASI offers is refused for its admission")
    func unsupported() throws {
        let program = try Program("(nop)", imports: "(import \"env\" \"dial\" (func))")
        let result = try #require(try settle(program).result)
        #expect(result.outcome == .unsupportedImport)
        #expect(result.fuelUsed.value == admission(program))
    }

    @Test("what is no module costs the base price")
    func invalid() throws {
        let result = try #require(
            try settle(Program(module: Array("no module at all".utf8))).result)
        #expect(result.outcome == .invalidModule)
        #expect(result.fuelUsed == Fuel(0))
    }

    @Test(
        "an input digest that leads to no manifest is the client's fault and costs the base price")
    func unreadableInput() throws {
        var program = try Program.echo()
        program.inputBytes = Array("not a manifest".utf8)
        let result = try #require(try settle(program).result)
        #expect(result.outcome == .invalidInput)
        #expect(result.fuelUsed == Fuel(0))
    }

    @Test(
        "input that nobody has is not run: providers hand the lease back, the client pays nothing")
    func missingInput() throws {
        let cloud = try SimulatedCloud(seed: 1, providers: 2)
        try cloud.startAll()
        try cloud.waitForProviders()
        var program = try Program.echo()
        program.isInputKept = false
        let job = try cloud.open(program, lifeMilliseconds: 40_000)
        let receipt = try #require(try cloud.finish([job]).first)
        #expect(receipt.ending == .expired)
        #expect(try cloud.spent() == .zero)
        for provider in cloud.providers {
            #expect(try cloud.standing(provider.account).count(of: .abandoned) == 1)
            #expect(try cloud.provider(provider.account)?.slashed == .zero)
        }
        try cloud.expectConservation()
    }
}
