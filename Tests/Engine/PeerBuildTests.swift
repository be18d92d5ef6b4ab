// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    /// The same Dockerfile, built here and by dockerd (scripts/setup-container-peers).
    @Suite(
        "Builds beside dockerd's",
        .enabled(
            if: EngineMachine.docker != nil && BuildPeer.isThere,
            "needs the command docker and what scripts/setup-container-peers installs"))
    struct PeerBuildTests {
        /// What a person sees of an image's settings.
        private static let settings = [
            "Env", "Cmd", "Entrypoint", "WorkingDir", "User", "Labels", "ExposedPorts", "Volumes",
            "Healthcheck", "StopSignal",
        ]

        private static let dockerfile = """
            ARG tag=latest
            FROM shell:$tag AS first
            ARG word=one
            ENV A=1 B="two words" C=$word
            WORKDIR /deep/er
            RUN echo "$A $B $word" >made; ln -s made link; mkdir empty; chmod 711 empty
            COPY --chown=1000:1001 dir /copied/
            COPY a*.txt ./

            FROM shell
            COPY --from=first /deep /deep
            COPY --from=first --chown=guest:1001 /copied/in /owned
            ADD packed.tar.gz /unpacked
            ENV PATH=/x:$PATH D=${NOTHING:-fallback}
            RUN rm /etc/passwd; echo x >/etc/new
            WORKDIR relative
            WORKDIR ../other
            LABEL one=1 two="2 3"
            EXPOSE 80 53/udp
            VOLUME ["/data"]
            USER guest:1001
            HEALTHCHECK --interval=5s --retries=2 CMD true
            STOPSIGNAL SIGUSR1
            CMD inherited
            ENTRYPOINT ["/bin/echo", "hi"]
            CMD ["a", "$b"]
            """

        @Test("settings and files are those that dockerd makes (BUILDER-1, BUILDER-2, BUILDER-6)")
        func same() throws {
            let engine = try TestEngine()
            let script = """
                set -e; cd '\(engine.folder)'; mkdir -p context/dir/sub p/q; cd context
                cat >Dockerfile <<'END'
                \(Self.dockerfile)
                END
                echo A >a1.txt; echo B >a2.txt; echo I >dir/in; echo S >dir/sub/s
                chmod 600 dir/sub/s
                ln -s in dir/l; echo no >dir/no.log; printf '*.log\\n**/*.log\\n' >.dockerignore
                chmod 755 . dir dir/sub; chmod 644 *.txt dir/in
                cd ..; echo P >p/q/r; chown -R 7:8 p; tar -czf context/packed.tar.gz p
                """
            #expect(try engine.run("/bin/bash", ["-c", script]).code == 0)
            let peer = try BuildPeer.build(engine)
            let built = try engine.docker(
                ["build", "-t", "built", engine.folder + "/context"],
                environment: ["DOCKER_BUILDKIT": "0"])
            #expect(built.code == 0, "\(built)")
            let shown = try engine.docker(["inspect", "--format", "{{json .Config}}", "built"])
            #expect(try Self.picked(shown.text) == Self.picked(peer.settings))
            #expect(
                try engine.docker(["create", "--name", "files", "--network", "none", "built"]).code
                    == 0)
            #expect(
                try engine.docker(["export", "-o", engine.folder + "/own.tar", "files"]).code == 0)
            let own = try engine.run(
                "/bin/tar", ["--numeric-owner", "-tvf", engine.folder + "/own.tar"])
            let (mine, theirs) = (Self.lines(own.output), Self.lines(peer.files))
            #expect(mine.subtracting(theirs).sorted() == [])
            #expect(theirs.subtracting(mine).sorted() == [])
            #expect(mine.count > 20)
        }

        private static func picked(_ text: String) throws -> NSDictionary {
            let whole = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return (whole ?? [:]).filter { settings.contains($0.key) } as NSDictionary
        }

        /// Entries without their times, and without what a machine puts into a container.
        private static func lines(_ listing: String) -> Set<String> {
            let given = ["dev/", "proc/", "sys/", ".dockerenv", "etc/hosts", "etc/hostname"]
            return Set(
                listing.split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ", omittingEmptySubsequences: true)
                    guard words.count > 5 else { return nil }
                    let path = words[5].hasPrefix("./") ? words[5].dropFirst(2) : words[5]
                    guard !path.isEmpty, !given.contains(where: { path.hasPrefix($0) }),
                        !["etc/resolv.conf", "etc/mtab", "etc/", "data/"].contains(path)
                    else { return nil }
                    return
                        (words[0...2] + [path] + words[6...]).joined(separator: " ")
                })
        }
    }
}

/// dockerd in a Debian of its own.
enum BuildPeer {
    private static let checkout =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    private static let root: String = {
        let named = ProcessInfo.processInfo.environment["ATOLL_CONTAINER_PEERS"]
        return URL(fileURLWithPath: named ?? "\(checkout)/.deps/peers/containers")
            .resolvingSymlinksInPath().path
    }()
    static let isThere = FileManager.default.fileExists(atPath: "\(root)/stamp")

    private static let script = """
        cd "$1"; printf '{}' >/tmp/daemon.json
        dockerd -H unix:///run/d.sock --data-root /tmp/dd --exec-root /run/dx -p /run/d.pid \
            --storage-driver vfs --iptables=false --ip6tables=false --bridge=none \
            --config-file /tmp/daemon.json >/tmp/dd.log 2>&1 &
        D="docker -H unix:///run/d.sock"
        for _ in $(seq 150); do $D version >/dev/null 2>&1 && break; sleep 0.2; done
        $D import image.tar shell >&2
        DOCKER_BUILDKIT=0 $D build --network none -t built context >&2
        $D inspect --format '{{json .Config}}' built
        $D create --name files --network none built >&2
        $D export files | tar --numeric-owner -tv
        kill "$(cat /run/d.pid)"; sleep 1
        """

    /// Builds what lies in an engine's folder.
    static func build(_ engine: TestEngine) throws -> (settings: String, files: String) {
        let name = "atoll/build-\(UUID().uuidString)"
        let folder = "\(root)/\(name)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for part in ["image.tar", "context"] {
            try FileManager.default.copyItem(
                atPath: "\(engine.folder)/\(part)", toPath: "\(folder)/\(part)")
        }
        try script.write(toFile: "\(folder)/run.sh", atomically: true, encoding: .utf8)
        let said = try engine.run(
            "/bin/sh",
            [
                "\(checkout)/Tests/Containers/Peers/enter.sh", root, "/bin/sh", "/\(name)/run.sh",
                "/\(name)",
            ], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        let lines = said.output.split(separator: "\n", maxSplits: 1).map(String.init)
        try #require(lines.count == 2, "\(said)")
        return (lines[0], lines[1])
    }
}
