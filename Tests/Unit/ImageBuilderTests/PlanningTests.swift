// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText
import Testing

@testable import ImageBuilder

@Suite("Plans and states (BUILDER-6)")
struct PlanningTests {
    private func plan(
        _ text: String, _ request: BuildRequest = BuildRequest()
    ) throws -> (Dockerfile, BuildPlan) {
        let file = try Dockerfile(Array(text.utf8))
        return (file, try BuildPlan(file, request))
    }

    /// The state after all of the last stage, and the work it asked for.
    private func finish(
        _ text: String, _ request: BuildRequest = BuildRequest()
    ) throws -> (state: StageState, works: [FileWork]) {
        let (file, plan) = try plan(text, request)
        let step = try #require(plan.steps.last)
        var state = StageState(
            ImageConfiguration(), [], plan, step, request, escape: file.escape)
        var works: [FileWork] = []
        for instruction in step.stage.instructions {
            if let work = try state.apply(instruction) { works.append(work) }
        }
        return (state, works)
    }

    @Test("only the stages that the wanted one stands on are built")
    func stages() throws {
        let text = """
            FROM one AS a
            FROM two AS b
            FROM a AS c
            COPY --from=0 /x /y
            FROM c
            COPY --from=other/image:1 /x /y
            """
        #expect(try plan(text).1.steps.map(\.number) == [0, 2, 3])
        #expect(try plan(text).1.steps.map(\.base) == [.image("one"), .stage(0), .stage(2)])
        var request = BuildRequest()
        request.target = "B"
        #expect(try plan(text, request).1.steps.map(\.number) == [1])
        request.target = "2"
        #expect(try plan(text, request).1.steps.map(\.number) == [0, 2])
        for target in ["none", "7", "-1"] {
            request.target = target
            #expect(throws: BuildFailure.self) { try plan(text, request) }
        }
        #expect(throws: BuildFailure.self) { try plan("FROM a\nCOPY --from=0 /x /y") }
        #expect(throws: BuildFailure.self) {
            try plan("FROM a AS x\nCOPY --from=later /x /y\nFROM b AS later\nFROM x")
        }
    }

    @Test("arguments before FROM choose images, and are declared again to be seen after it")
    func arguments() throws {
        let text = "ARG tag=1\nFROM image:$tag\nENV seen=$tag\nARG tag\nENV now=$tag"
        let (_, first) = try plan(text)
        #expect(first.steps[0].base == .image("image:1"))
        var request = BuildRequest()
        request.arguments = ["tag": "2"]
        #expect(try plan(text, request).1.steps[0].base == .image("image:2"))
        let state = try finish(text, request).state
        #expect(state.environment == [StageState.usualPath, "seen=", "now=2"])
        #expect(try finish("FROM a\nARG x=1\nENV x=2\nENV y=$x").state.environment.last == "y=2")
        #expect(
            try finish("FROM a\nARG TARGETARCH\nENV y=$TARGETARCH").state.environment.last
                == "y=\(Platform.current.architecture)")
        #expect(throws: BuildFailure.self) { try plan("FROM $nothing") }
    }

    @Test("settings come to what Docker makes of them")
    func settings() throws {
        let (state, works) = try finish(
            """
            FROM a
            ENV a=1 b=$a
            ENV b=$a c="x y"
            WORKDIR /one
            WORKDIR two/../$b
            USER u:g
            EXPOSE 80 53/udp 8000-8002
            VOLUME /d ["/not"]
            VOLUME ["/e f"]
            LABEL x=1 x=2 "y z"='$a'
            CMD run it
            ENTRYPOINT ["e"]
            STOPSIGNAL SIGUSR1
            HEALTHCHECK --retries=2 CMD check it
            SHELL ["/sh"]
            CMD other
            """)
        #expect(state.environment == [StageState.usualPath, "a=1", "b=1", "c=x y"])
        #expect(works == [.folder("/one"), .folder("/one/1")])
        #expect(state.configuration["User"]?.text == "u:g")
        #expect(
            state.configuration["ExposedPorts"]?.members?.map(\.name) == [
                "80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp",
            ])
        #expect(
            state.configuration["Volumes"]?.members?.map(\.name) == ["/d", "[/not]", "/e f"])
        #expect(state.configuration["Labels"] == ["x": "2", "y z": "$a"])
        #expect(state.configuration["Entrypoint"] == ["e"])
        #expect(state.configuration["Cmd"] == ["/sh", "other"])
        #expect(state.configuration["StopSignal"]?.text == "SIGUSR1")
        #expect(
            state.configuration["Healthcheck"]
                == ["Test": ["CMD-SHELL", "check it"], "Retries": 2])
    }

    @Test("an entry point takes an inherited command away, and not the stage's own")
    func entryPoints() throws {
        var inherited = ImageConfiguration()
        inherited["Cmd"] = ["old"]
        let (file, plan) = try plan("FROM a\nENTRYPOINT [\"e\"]")
        var state = StageState(
            inherited, [], plan, plan.steps[0], BuildRequest(), escape: file.escape)
        _ = try state.apply(file.stages[0].instructions[0])
        #expect(state.configuration["Cmd"] == nil)
        #expect(
            try finish("FROM a\nCMD x\nENTRYPOINT [\"e\"]").state.configuration["Cmd"]
                == ["/bin/sh", "-c", "x"])
    }

    @Test("RUN and COPY come out expanded; commands keep their own variables")
    func works() throws {
        var request = BuildRequest()
        request.arguments = ["v": "9", "http_proxy": "p"]
        let works = try finish(
            "FROM a\nARG v\nARG w\nENV d=/data\nWORKDIR /w\nRUN echo $v\n"
                + "COPY --chown=$v --chmod=0640 a b*.txt $d/\nADD x.tar .", request
        ).works
        #expect(
            works.dropFirst() == [
                .run(
                    RunWork(
                        arguments: ["/bin/sh", "-c", "echo $v"],
                        variables: ["http_proxy=p", "v=9"], network: .none)),
                .copy(
                    CopyWork(
                        unpacks: false, sources: ["a", "b*.txt"], target: "/data/", from: nil,
                        owner: "9", mode: 0o640)),
                .copy(
                    CopyWork(
                        unpacks: true, sources: ["x.tar"], target: "/w/", from: nil, owner: nil,
                        mode: nil)),
            ])
    }

    @Test(
        "settings that mean nothing are refused with their line",
        arguments: [
            "EXPOSE 0", "EXPOSE 70000", "EXPOSE 9-1", "EXPOSE x", "EXPOSE 1/icmp", "EXPOSE 1-2-3",
            "COPY --chmod=9 a b", "COPY a b c", "COPY \"\" b", "RUN [\"\"]", "ENV \"\"=1",
            "RUN --network=host x", "ENV a=${b:?needed}", "VOLUME \"\"",
        ])
    func refusals(text: String) {
        let failure = #expect(throws: BuildFailure.self) { try finish("FROM a\n\n\(text)") }
        #expect(failure?.line == 3)
    }

    @Test("keys differ whenever results may, and not otherwise (BUILDER-7)")
    func keys() throws {
        func key(_ text: String, _ files: [String] = [], _ time: Int64? = nil) throws
            -> ContentDigest
        {
            let (state, works) = try finish(text)
            return StepKey(state: state.name, work: try #require(works.last), timestamp: time)
                .digest(files: files)
        }
        let base = try key("FROM a\nRUN x")
        #expect(try key("FROM a\n# note\nrun x") == base)
        #expect(try key("FROM a\nARG unused=1\nRUN x") != base, "a command sees its arguments")
        let others = try [
            key("FROM a\nRUN y"), key("FROM a\nENV a=1\nRUN x"), key("FROM a\nRUN [\"x\"]"),
            key("FROM a\nRUN x", ["f"]), key("FROM a\nRUN x", [], 0), key("FROM a\nUSER u\nRUN x"),
        ]
        #expect(Set(others + [base]).count == others.count + 1)
        // A label put on after it changes nothing before it.
        let (state, _) = try finish("FROM a")
        #expect(try finish("FROM a").state.name == state.name)
    }

    @Test("changes to an image's settings are instructions that touch no file")
    func changes() throws {
        let changed = try ImageChanges.apply(
            ["CMD [\"x\"]", "ENV a=b", "WORKDIR /w"], to: ImageConfiguration())
        #expect(changed["Cmd"] == ["x"] && changed["WorkingDir"]?.text == "/w")
        for change in ["RUN x", "COPY a b", "FROM y", "nonsense"] {
            #expect(throws: BuildFailure.self) {
                try ImageChanges.apply([change], to: ImageConfiguration())
            }
        }
    }
}
