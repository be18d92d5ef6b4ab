// SPDX-License-Identifier: Apache-2.0
import JSONText
import Market
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("How programs end")
    struct ProgramEndTests {
        /// A program and what `atoll run` must make of it.
        struct Case: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let module: @Sendable () throws -> [UInt8]
            let exitCode: Int32
            let outcome: String
            let words: String?
            var options: [String] = []
            /// What must have been billed.
            var fuel = Bill.used
        }

        /// How much fuel a run is billed (EXECUTION-WASM-7).
        enum Bill: Sendable {
            /// More than its admission and less than its limit.
            case used
            /// The whole limit.
            case limit(UInt64)
            /// 500 for each byte of the module: it was looked at and never started.
            case admission
            /// Nothing: it could not even be read.
            case nothing
        }

        static let cases = [
            Case(
                testDescription: "a program's own code is passed on",
                module: { try Programs.exit(7) }, exitCode: 7, outcome: "exited", words: nil),
            Case(
                testDescription: "an endless loop uses up its fuel and pays for all of it",
                module: Programs.endless, exitCode: 152, outcome: "fuelExhausted",
                words: "used all its fuel; allow more with --fuel-max",
                options: ["--fuel-max", "50M"], fuel: .limit(50_000_000)),
            Case(
                testDescription: "a memory bomb meets its limit",
                module: Programs.memoryBomb, exitCode: 137, outcome: "memoryExceeded",
                words: "allow more with --memory-max", options: ["--memory-max", "16MiB"]),
            Case(
                testDescription: "a failed check is a trap",
                module: Programs.trap, exitCode: 134, outcome: "trapped",
                words: "it reached `unreachable`"),
            Case(
                testDescription: "a module that needs more than WASI is not run",
                module: Programs.foreignImport, exitCode: 126, outcome: "unsupportedImport",
                words: "needs what jobs do not offer", fuel: .admission),
            Case(
                testDescription: "a module without _start is no program",
                module: Programs.withoutStart, exitCode: 126, outcome: "missingStart",
                words: "has no _start", fuel: .admission),
            Case(
                testDescription: "a module cut off is invalid",
                module: { Array(try Programs.trap().dropLast(3)) }, exitCode: 126,
                outcome: "invalidModule", words: "no valid WebAssembly module", fuel: .nothing),
        ]

        @Test("each end has its code, its words, its bill and a sound receipt", arguments: cases)
        func ends(one: Case) async throws {
            let cloud = try await SharedCloud.get()
            let module = try one.module()
            let program = try Scratch.file("program", module)
            let words = ["run", program, "--quiet", "-o", "json"] + one.options
            let run = try await cloud.starting(words).ended()
            #expect(run.code == one.exitCode, "\(run.errors)")
            if let words = one.words { #expect(run.errors.contains(words)) }
            if one.words == nil { #expect(run.errors == "") }
            let report = try JSON(parsing: run.output)
            #expect(report["state"]?.text == "settled")
            #expect(report["outcome"]?.text == one.outcome)
            #expect(report["receipt"]?["isProven"]?.flag == true)
            let fuel = try #require(report["fuelUsed"]?.unsigned)
            expect(fuel, one.fuel, admission: 500 * UInt64(module.count))

            let executions = try #require(report["executions"]?.elements)
            #expect(executions.count == 2)
            var cost = Amount.zero
            for execution in executions {
                let price = Price(
                    base: try amount(execution["basePrice"]),
                    perMillionFuel: try amount(execution["pricePerMillionFuel"]))
                let paid = try amount(execution["paid"])
                #expect(paid == price.bill(for: Fuel(fuel)))
                cost = try #require(cost.adding(paid))
            }
            #expect(try amount(report["cost"]) == cost)
            let held = try amount(report["maxCost"])
            #expect(try amount(report["refund"]).adding(cost) == held)
            let spent = try #require(cost.adding(try amount(report["fee"])))
            #expect(
                try amount(report["balanceAfter"]).adding(spent)
                    == amount(report["balanceBefore"]))
        }

        private func expect(_ fuel: UInt64, _ bill: Bill, admission: UInt64) {
            switch bill {
            case .used: #expect(fuel > admission && fuel < 1_000_000_000)
            case .limit(let limit): #expect(fuel == limit)
            case .admission: #expect(fuel == admission)
            case .nothing: #expect(fuel == 0)
            }
        }

        private func amount(_ json: JSON?) throws -> Amount {
            Amount(try #require(json?.text.flatMap { UInt128($0) }))
        }

        @Test("what is no module or is not there is refused before anything is sent")
        func noProgram() async throws {
            let cloud = try await SharedCloud.get()
            let before = try await cloud.client.account(cloud.account)
            let script = try Scratch.file("script", Programs.notAModule)
            let run = try await cloud.atoll("run", script)
            #expect(run.code == 126)
            #expect(run.errors.contains("is no WebAssembly module"))
            let missing = try await cloud.atoll("run", "/nowhere/program.wasm")
            #expect(missing.code == 127)
            #expect(missing.errors.contains("there is no program '/nowhere/program.wasm'"))
            #expect(try await cloud.client.account(cloud.account).nonce == before.nonce)
            #expect(run.output == [] && missing.output == [])
        }
    }
}
