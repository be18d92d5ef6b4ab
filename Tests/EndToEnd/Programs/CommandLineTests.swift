// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("The command line")
    struct CommandLineTests {
        @Test("misuse ends with 2, says what is wrong and what was probably meant")
        func misuse() async throws {
            let home = ["ATOLL_HOME": try Scratch.folder("home")]
            let cases: [(words: [String], says: [String])] = [
                (["statsu"], ["there is no command 'statsu'", "next: atoll status"]),
                (["receipt", "verfy", "x"], ["there is no command 'receipt verfy"]),
                (
                    ["up", "--validatrs", "4"],
                    ["no option --validatrs", "did you mean --validators"]
                ),
                (["up", "--validators", "0"], ["--validators is '0'", "from 1 to 16"]),
                (["up", "--validators"], ["--validators needs a value"]),
                (["run"], ["'run' needs PROGRAM"]),
                (["version", "extra"], ["'version' does not take 'extra'"]),
                (["status", "-o", "xml"], ["'xml'", "table, json, yaml"]),
                (["status"], ["no gateway is named and there is no local cloud", "atoll up"]),
                (["status", "--gateway", "ftp://x"], ["is no address of a gateway"]),
                (["keys", "export", "nobody"], ["nobody"]),
            ]
            for (words, says) in cases {
                let ending = try await Program.run(Checkout.binary, words, environment: home)
                let line = words.joined(separator: " ")
                #expect(ending.code == 2, "\(line): \(ending.errors)")
                #expect(ending.output == [], "\(line)")
                for text in says { #expect(ending.errors.contains(text), "\(line)") }
            }
        }

        @Test("every command has help that exits 0, and completion knows every command")
        func help() async throws {
            let overview = try await Program.run(Checkout.binary, ["--help"])
            #expect(overview.code == 0)
            let names = overview.text.split(separator: "\n").filter { $0.hasPrefix("  ") }
                .compactMap { $0.dropFirst(2).split(separator: "  ").first.map(String.init) }
            #expect(names.count >= 19)
            let completion = try await Program.run(Checkout.binary, ["completion", "bash"])
            #expect(completion.code == 0)
            for name in names {
                let words = name.split(separator: " ").map(String.init)
                let help = try await Program.run(Checkout.binary, words + ["--help"])
                #expect(help.code == 0)
                #expect(help.text.contains("atoll \(name)"))
                #expect(help.errors == "")
                #expect(words.allSatisfy { completion.text.contains($0) }, "\(name)")
            }
        }

        @Test("a gateway that nobody runs is exit 3, and 125 for run")
        func unreachable() async throws {
            let cloud = try await SharedCloud.get()
            let away = "http://127.0.0.1:\(try FreePort.find())"
            for words in [["status"], ["jobs"], ["balance"], ["send", "1", "\(cloud.account)"]] {
                let ending = try await cloud.starting(words + ["--gateway", away]).ended()
                #expect(ending.code == 3, "\(words): \(ending.errors)")
                #expect(ending.errors.contains("\(away) cannot be reached"))
                #expect(ending.errors.contains("atoll up"))
            }
            let program = try Scratch.file("program", try Programs.exit(0))
            let run = try await cloud.atoll("run", program, "--gateway", away)
            #expect(run.code == 125)
            #expect(run.errors.contains("nothing was ordered"))
        }

        @Test(
            "a job that takes longer than its --timeout ends with 124 and costs nothing but the fee"
        )
        func timeout() async throws {
            let cloud = try await SharedCloud.get()
            let program = try Scratch.file("program", try Programs.counting(to: 20_000_000_000))
            let before = try await cloud.client.account(cloud.account).balance()
            let run = try await cloud.atoll(
                "run", program, "--timeout", "5s", "--fuel-max", "1T", "-o", "json")
            #expect(run.code == 124, "\(run.errors)")
            #expect(run.errors.contains("was not settled before its deadline"))
            let report = try JSON(parsing: run.output)
            #expect(report["state"]?.text == "expired")
            #expect(report["cost"]?.text == "0")
            let fee = try #require(report["fee"]?.text.flatMap { UInt128($0) })
            let after = try await cloud.client.account(cloud.account).balance()
            #expect(after.adding(Amount(fee)) == before)
        }

        @Test("a --max-cost that nobody works for is refused before anything is sent or paid")
        func maxCost() async throws {
            let cloud = try await SharedCloud.get()
            let program = try Scratch.file("program", try Programs.exit(0) + [0, 2, 1, 0x78])
            let before = try await cloud.client.account(cloud.account)
            let held = try await cloud.client.status().json["blobBytes"]?.unsigned
            let run = try await cloud.atoll("run", program, "--max-cost", "0.0001")
            #expect(run.code == 2)
            #expect(run.errors.contains("no provider would bid"))
            #expect(run.errors.contains("kept: nothing was"))
            #expect(try await cloud.client.status().json["blobBytes"]?.unsigned == held)
            let after = try await cloud.client.account(cloud.account)
            #expect(after.nonce == before.nonce)
            #expect(after.balance() == before.balance())
        }

        @Test("ten runs at once with one key all settle")
        func tenAtOnce() async throws {
            let cloud = try await SharedCloud.get()
            let program = try Scratch.file("program", try Programs.exit(5))
            let runs = try (0..<10).map { _ in try cloud.starting(["run", program, "-q"]) }
            for run in runs {
                let ending = await run.ended()
                #expect(ending.code == 5, "\(ending.errors)")
            }
        }
    }
}
