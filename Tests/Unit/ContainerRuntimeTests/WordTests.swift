// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import ContainerRuntime

@Suite("Words of the runtime")
struct WordTests {
    @Test("options come with values, with =, by one letter, and end where the rest begins")
    func arguments() throws {
        let options: [RuntimeArguments.Option] = [
            .value("bundle", "b"), .flag("force", "f"), .value("env", "e"),
        ]
        let arguments = try RuntimeArguments(
            ["--bundle=x", "-b", "y", "-f", "--env", "A=1", "-e=B=2", "name", "--force", "z"],
            options)
        #expect(arguments["bundle"] == "y")
        #expect(arguments.has("force"))
        #expect(arguments.all("env") == ["A=1", "B=2"])
        #expect(arguments.rest == ["name", "--force", "z"])
        #expect(try RuntimeArguments(["--", "-x"], options).rest == ["-x"])
        #expect(try !RuntimeArguments(["--force=false"], options).has("force"))
        #expect(throws: RuntimeFailure.usage("unknown option --what")) {
            try RuntimeArguments(["--what"], options)
        }
        #expect(throws: RuntimeFailure.usage("option --env needs a value")) {
            try RuntimeArguments(["--env"], options)
        }
    }

    @Test(
        "signals have numbers and names",
        arguments: [
            ("9", 9), ("KILL", 9), ("sigkill", 9), ("SIGTERM", 15), ("HUP", 1), ("SIGSYS", 31),
            ("RTMIN", 34), ("SIGRTMIN+1", 35), ("RTMAX-1", 63), ("0", 0),
        ])
    func signals(text: String, number: Int32) {
        #expect(Signals.number(text) == number)
    }

    @Test("what is no signal has no number", arguments: ["", "NINE", "65", "-1", "RTMIN+31"])
    func noSignals(text: String) { #expect(Signals.number(text) == nil) }

    @Test(
        "names of containers are plain", arguments: ["a", "A-1_b.c+d", "0123"])
    func names(name: String) throws {
        #expect(try ContainerFolder(root: "/r", name: name).path == "/r/\(name)")
    }

    @Test(
        "other names are refused",
        arguments: [
            "", ".", "..", ".hidden", "a/b", "a b", "é", String(repeating: "a", count: 256),
        ])
    func badNames(name: String) {
        #expect(throws: RuntimeFailure.self) { try ContainerFolder(root: "/r", name: name) }
    }

    @Test(
        "days have dates",
        arguments: [
            (0, 1970, 1, 1), (59, 1970, 3, 1), (11_016, 2000, 2, 29), (20_777, 2026, 11, 20),
            (47_540, 2100, 2, 28), (47_541, 2100, 3, 1),
        ])
    func dates(days: Int, year: Int, month: Int, day: Int) {
        let date = CivilDate(daysSince1970: days)
        #expect((date.year, date.month, date.day) == (year, month, day))
    }

    @Test("a path's dots lead nowhere but back")
    func paths() {
        #expect(RootFolder.parts(of: "/a/./b//c/../d") == ["a", "b", "d"])
        #expect(RootFolder.parts(of: "/../../x") == ["x"])
    }

    @Test("profiles that differ have programs of their own, equal ones share one")
    func profiles() throws {
        func profile(_ json: JSON) throws -> SeccompConfiguration {
            try SeccompConfiguration(ConfigurationField(json))
        }
        let one: JSON = [
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [["names": ["read", "write"], "action": "SCMP_ACT_ALLOW"]],
        ]
        let other: JSON = [
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [
                ["names": ["read"], "action": "SCMP_ACT_ALLOW"],
                ["names": ["write"], "action": "SCMP_ACT_ALLOW"],
            ],
        ]
        #expect(
            try SeccompProgram.identity(of: profile(one))
                == SeccompProgram.identity(of: profile(one)))
        #expect(
            try SeccompProgram.identity(of: profile(one))
                != SeccompProgram.identity(of: profile(other)))
        let program = try SeccompCompiler.compile(profile(one))
        #expect(program.count % 8 == 0 && program.count > 40)
    }

    @Test("features names the newest version and every namespace")
    func features() {
        let features = FeaturesVerb.features
        #expect(features["ociVersionMax"]?.text == "1.2.0")
        #expect(features["linux"]?["namespaces"]?.elements?.count == 8)
    }
}
