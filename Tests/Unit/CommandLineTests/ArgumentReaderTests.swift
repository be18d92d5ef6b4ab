// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import atoll

@Suite("Words become an invocation, or a precise complaint")
struct ArgumentReaderTests {
    private let reader = ArgumentReader(commands: CommandTable.commands, environment: ["A": "b"])

    private func invocation(_ words: String...) throws -> Invocation {
        guard case .run(let invocation) = try reader.read(words) else {
            throw CommandFailure(status: .misused, what: "no invocation")
        }
        return invocation
    }

    private func complaint(_ words: String...) -> CommandFailure? {
        do {
            _ = try reader.read(words)
            return nil
        } catch {
            return error as? CommandFailure
        }
    }

    @Test("the longest path of words names the command")
    func longestPath() throws {
        #expect(try invocation("receipt", "verify", "f").command.path == ["receipt", "verify"])
        #expect(try invocation("describe", "job", "ab12").arguments == ["ab12"])
        #expect(try invocation("keys", "new").arguments.isEmpty)
    }

    @Test("options stand anywhere before --, with = or a space, and may repeat")
    func options() throws {
        let run = try invocation(
            "run", "--input", "a", "p.wasm", "x", "--input=b", "-o", "json", "--", "-n", "--")
        #expect(run.values("input") == ["a", "b"])
        #expect(run.arguments == ["p.wasm", "x", "-n", "--"])
        #expect(run.format == .json)
        #expect(run.environment == ["A": "b"])
    }

    @Test("a lone - is an argument, and an option's value may begin with -")
    func dashes() throws {
        #expect(try invocation("run", "p", "--stdin", "-").value("stdin") == "-")
        #expect(try invocation("keys", "import", "a", "-").arguments == ["a", "-"])
    }

    @Test("an empty value is a value, and = inside a value belongs to it")
    func oddValues() throws {
        #expect(try invocation("jobs", "--key=").value("key") == "")
        #expect(try invocation("jobs", "--key=a=b").value("key") == "a=b")
    }

    @Test("help is found before, after and in the middle")
    func help() throws {
        for words in [["run", "--help"], ["run", "p", "-h"], ["run", "-h", "--nonsense"]] {
            guard case .help(let command) = try reader.read(words) else {
                Issue.record("\(words)")
                continue
            }
            #expect(command.path == ["run"])
        }
        guard case .overview(let prefix) = try reader.read(["keys"]) else {
            Issue.record("a group lists its commands")
            return
        }
        #expect(prefix == ["keys"])
        guard case .overview(prefix: []) = try reader.read([]) else {
            Issue.record("no words list everything")
            return
        }
    }

    @Test("a mistyped command or option is answered with the nearest")
    func nearest() {
        #expect(complaint("blance")?.next == "atoll balance")
        #expect(complaint("run", "p", "--timout", "3")?.next?.contains("--timeout") == true)
        #expect(complaint("xyzzyxyzzy")?.next == "atoll --help")
    }

    @Test(
        "every complaint is wrong usage and says what is wrong",
        arguments: [
            (["send", "5"], "needs ACCOUNT"), (["balance", "a", "b"], "does not take 'b'"),
            (["jobs", "--limit"], "needs a value"), (["run", "p", "-d=1"], "takes no value"),
            (["jobs", "-o", "xml"], "takes one of table, json, yaml"),
            (["run", "p", "-x"], "come after --"),
        ])
    func complaints(_ words: [String], _ said: String) throws {
        do {
            _ = try reader.read(words)
            Issue.record("\(words) was understood")
        } catch let failure as CommandFailure {
            #expect(failure.status == .misused)
            #expect(failure.what.contains(said), "\(failure.what)")
        }
    }

    @Test("a number is held to its range, and the complaint names both")
    func numbers() throws {
        let jobs = try invocation("jobs", "--limit", "7")
        #expect(try jobs.number("limit", default: 20, in: 1...100) == 7)
        #expect(try jobs.number("other", default: 20, in: 1...100) == 20)
        #expect(throws: CommandFailure.self) { try jobs.number("limit", default: 1, in: 8...9) }
    }

    @Test("random words are understood or refused, never worse")
    func anyWords() {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let known = [
            "run", "keys", "new", "receipt", "verify", "--", "-", "--input", "--input=", "-o",
            "json", "=", "--=", "-h", "", "--timeout", "5", "\u{0}", "é", "describe", "job",
        ]
        var refused = 0
        for _ in 0..<5_000 {
            let words = (0..<next(6)).map { _ in known[next(known.count)] }
            do {
                _ = try reader.read(words)
            } catch {
                #expect(error is CommandFailure)
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}
