// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText
import Testing

@testable import ImageBuilder

/// The instructions of the one stage of a Dockerfile.
func kinds(_ text: String) throws -> [Instruction.Kind] {
    try Dockerfile(Array("FROM scratch\n\(text)".utf8)).stages[0].instructions.map(\.kind)
}

@Suite("Dockerfiles")
struct DockerfileTests {
    @Test("lines go on, comments between them are left out, and numbers stay (BUILDER-1)")
    func lines() throws {
        let file = try Dockerfile(
            Array(
                """
                # a comment
                FROM scratch

                RUN one \\
                  # within
                    two \\

                    three
                  cmd ["a"]\r
                """.utf8))
        #expect(file.stages[0].instructions.map(\.line) == [4, 9])
        #expect(
            file.stages[0].instructions.map(\.kind) == [
                .run(.shell("one     two     three"), network: nil), .command(.exec(["a"])),
            ])
    }

    @Test("directives stand at the beginning, each once, and set what escapes")
    func directives() throws {
        let file = try Dockerfile(
            Array("# syntax=docker/dockerfile:1\n# escape=`\nFROM scratch\nRUN a `\n b\\\n".utf8))
        #expect(file.escape == UInt8(ascii: "`"))
        #expect(
            file.stages[0].instructions[0].kind == .run(.shell("a  b\\"), network: nil))
        for text in [
            "# escape=x\n", "# escape=`\n# escape=`\n", "# syntax=example.com/other\n",
        ] {
            #expect(throws: BuildFailure.self) {
                try Dockerfile(Array("\(text)FROM scratch\n".utf8))
            }
        }
        // Behind a comment it is a comment.
        #expect(
            try Dockerfile(Array("# note\n# escape=x\nFROM scratch".utf8)).escape
                == UInt8(ascii: "\\"))
    }

    @Test("commands are lists or lines; what only begins like a list is a line")
    func commands() throws {
        #expect(
            try kinds("RUN [ -f x ] && y\nCMD [\"a\", \"b c\"]\nENTRYPOINT a b\nCMD") == [
                .run(.shell("[ -f x ] && y"), network: nil), .command(.exec(["a", "b c"])),
                .entrypoint(.shell("a b")), .command(.shell("")),
            ])
        #expect(try kinds("RUN --network=none x") == [.run(.shell("x"), network: "none")])
        #expect(
            try kinds("SHELL [\"/bin/bash\", \"-c\"]") == [.shell(["/bin/bash", "-c"])])
    }

    @Test("a text after << is read by the shell, up to its name (BUILDER-3)")
    func hereDocuments() throws {
        let found = try kinds("RUN <<EOF\nset -e\necho a\nEOF\nRUN cat <<-'X' >f\n\tb\n\tX\nUSER u")
        #expect(
            found == [
                .run(.shell("set -e\necho a\n"), network: nil),
                .run(.shell("cat <<-'X' >f\nb\nX"), network: nil), .user("u"),
            ])
        #expect(throws: BuildFailure.self) { try kinds("RUN <<EOF\nno end") }
        #expect(throws: BuildFailure.self) { try kinds("COPY <<EOF /x\nEOF") }
        #expect(throws: BuildFailure.self) { try kinds("RUN <<EOF\n#!/bin/python\nEOF") }
        // Neither in quotes nor as a number's shift nor a here-string.
        #expect(
            try kinds("RUN echo '<<EOF' $((1 << 2)) <<< x") == [
                .run(.shell("echo '<<EOF' $((1 << 2)) <<< x"), network: nil)
            ])
    }

    @Test("ENV, LABEL and ARG take pairs, and ENV its old form")
    func pairs() throws {
        #expect(
            try kinds("ENV a=1 b=\"2 3\" c=4\\ 5\nENV old all of it\nLABEL \"x y\"=z") == [
                .environment([
                    .init(name: "a", value: "1"), .init(name: "b", value: "\"2 3\""),
                    .init(name: "c", value: "4\\ 5"),
                ]), .environment([.init(name: "old", value: "all of it")]),
                .label([.init(name: "\"x y\"", value: "z")]),
            ])
        #expect(
            try kinds("ARG one two=2") == [
                .argument([.init(name: "one", value: nil), .init(name: "two", value: "2")])
            ])
    }

    @Test("health checks have times, and may be switched off")
    func healthChecks() throws {
        #expect(
            try kinds("HEALTHCHECK --interval=1m30s --timeout=1.5s --retries=3 CMD [\"x\"]") == [
                .healthCheck(
                    .init(
                        command: .exec(["x"]),
                        times: [
                            .init(name: "Interval", value: "90000000000"),
                            .init(name: "Timeout", value: "1500000000"),
                        ], retries: 3))
            ])
        #expect(
            try kinds("HEALTHCHECK NONE")
                == [.healthCheck(.init(command: nil, times: [], retries: nil))])
        #expect(WrittenTime.nanoseconds("1h2ms3us4ns") == 3_600_002_003_004)
        for text in ["", "1", "s", "1x", "-1s", "99999999999h", "1e9s"] {
            #expect(WrittenTime.nanoseconds(text) == nil, "\(text)")
        }
    }

    @Test(
        "what is wrong or not done is refused with its line",
        arguments: [
            ("FOO bar", "unknown instruction: FOO"), ("ONBUILD RUN x", "ONBUILD"),
            ("COPY a", "needs what is copied"), ("COPY --link a b", "--link"),
            ("RUN --mount=type=cache,target=/x y", "--mount"), ("ENV", "needs something"),
            ("ENV a=1 b", "is not name=value"), ("ADD https://example.com/x /", "fetch"),
            ("ADD --checksum=sha256:0 x /", "--checksum"), ("SHELL /bin/sh", "takes a list"),
            ("HEALTHCHECK curl x", "HEALTHCHECK CMD"), ("HEALTHCHECK --interval=1 CMD x", "time"),
            ("ARG 1x", "is not name"), ("RUN --network=bridge x", "--network=bridge"),
            ("FROM a b", "write FROM"), ("FROM a AS 1b", "no stage's name"),
        ])
    func refusals(text: String, reason: String) throws {
        let failure = #expect(throws: BuildFailure.self) {
            try Dockerfile(Array("FROM scratch\n# second\n\(text)\n".utf8))
        }
        #expect(failure?.line == 3)
        #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }

    @Test("a Dockerfile begins with FROM, has one, and is a text within its limits")
    func whole() throws {
        for text in ["", "# nothing\n", "RUN x\nFROM y", "FROM a AS b\nFROM c AS B", "\u{0}"] {
            #expect(throws: BuildFailure.self) { try Dockerfile(Array(text.utf8)) }
        }
        #expect(throws: BuildFailure.self) { try Dockerfile([0xFF, 0xFE]) }
        #expect(throws: BuildFailure.self) {
            try Dockerfile([UInt8](repeating: 0x0A, count: Dockerfile.bytesMax + 1))
        }
        #expect(throws: BuildFailure.self) {
            try Dockerfile(
                Array(
                    ("FROM x\n" + String(repeating: "USER a\n", count: 5_000)).utf8))
        }
        #expect(try Dockerfile(Array("\u{FEFF}ARG v=1\nFROM x:$v".utf8)).arguments.count == 1)
    }

    @Test("mutations of a Dockerfile give a value or a failure, never more")
    func mutations() throws {
        let sample = Array(
            """
            # escape=`
            ARG v=${x:-1}
            FROM --platform=$TARGETPLATFORM a:$v AS one
            ENV a="$b" c='d' e=${f:+g}
            RUN <<EOF
            x
            EOF
            COPY --from=one --chown=1:2 ["a b", "/c/"]
            EXPOSE 1-3/udp
            HEALTHCHECK --interval=1s CMD x
            """.utf8)
        var dice: UInt64 = 5
        func roll() -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(dice >> 33)
        }
        for _ in 0..<3_000 {
            var bytes = sample
            for _ in 0...(roll() % 5) {
                switch roll() % 3 {
                case 0: bytes[roll() % bytes.count] = UInt8(roll() & 0x7F)
                case 1: bytes.remove(at: roll() % bytes.count)
                default: bytes.insert(contentsOf: bytes[(roll() % bytes.count)...].prefix(9), at: 0)
                }
            }
            guard let file = try? Dockerfile(bytes) else { continue }
            guard let plan = try? BuildPlan(file, BuildRequest()) else { continue }
            for step in plan.steps {
                var state = StageState(
                    ImageConfiguration(), [], plan, step, BuildRequest(), escape: file.escape)
                for instruction in step.stage.instructions { _ = try? state.apply(instruction) }
            }
        }
    }
}
