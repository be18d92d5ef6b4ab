// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    @Suite("How far containers are apart from the machine (ENGINE-15)")
    struct IsolationTests {
        @Test("devices, limits, settings, groups and sizes are what was asked for")
        func parts() throws {
            let engine = try TestEngine.shared()
            let host = #"""
                , "Devices": [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/mine",
                               "CgroupPermissions": "r"}],
                "DeviceCgroupRules": ["c 1:* rwm"],
                "Ulimits": [{"Name": "nofile", "Soft": 77, "Hard": 99}],
                "Sysctls": {"kernel.shm_rmid_forced": "1"}, "GroupAdd": ["1234"],
                "ShmSize": 1048576, "OomScoreAdj": 500
                """#
            let said = try engine.runs(
                "stat -c %F:%t:%T /dev/mine; ulimit -n; ulimit -Hn; "
                    + "cat /proc/sys/kernel/shm_rmid_forced /proc/self/oom_score_adj; id; "
                    + "df -k /dev/shm | tr -s ' ' | grep -c ' 1024 '", host)
            #expect(
                said == "character special file:1:3\n77\n99\n1\n500\n"
                    + "uid=0(root) gid=0 groups=1234\n1\n")
        }

        @Test("namespaces of the machine and of other containers are used where that is asked for")
        func namespaces() throws {
            let engine = try TestEngine.shared()
            let look = "for n in pid ipc uts cgroup; do readlink /proc/self/ns/$n; done"
            func own(_ kind: String) throws -> String {
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(kind)")
            }
            let apart = try engine.runs(look).split(separator: "\n").map(String.init)
            let machines = try ["pid", "ipc", "uts", "cgroup"].map(own)
            #expect(apart.count == 4 && zip(apart, machines).allSatisfy { $0 != $1 })
            let shared = #", "PidMode": "host", "IpcMode": "host", "CgroupnsMode": "host""#
            let most = try engine.runs(look, shared + #", "UTSMode": "host""#)
            #expect(most.split(separator: "\n").map(String.init) == machines)
            try engine.create("first", "sleep 55")
            #expect(try engine.status("POST", "/containers/first/start") == "204")
            let seen = try engine.runs(
                "cat /proc/1/cmdline | tr '\\\\0' ' '", #", "PidMode": "container:first""#)
            #expect(seen == "sh -c sleep 55 " || seen == "sleep 55 ", "\(seen)")
        }

        @Test("a first process passes signals on and takes note of orphans (RUNTIME-25)")
        func initial() throws {
            let engine = try TestEngine.shared()
            try engine.create(
                "one",
                "trap 'echo heard; exit 6' TERM; (sleep 0.2 &); while true; do sleep 0.1; done",
                #", "Init": true"#)
            #expect(try engine.status("POST", "/containers/one/start") == "204")
            let table = try engine.answer("GET", "/containers/one/top")
            #expect(table.contains("/sbin/docker-init init -- sh -c"))
            usleep(400_000)
            #expect(!(try engine.answer("GET", "/containers/one/top").contains("[sleep]")))
            #expect(try engine.status("POST", "/containers/one/stop?t=5") == "204")
            #expect(try engine.plain("one") == "heard\n")
            #expect(try engine.answer("GET", "/containers/one/json").contains("\"ExitCode\":6"))
        }

        @Test("privileged containers have all rights, others none of them; the rest is refused")
        func privileged() throws {
            let engine = try TestEngine.shared()
            let look =
                "grep -E 'CapEff|Seccomp:' /proc/self/status | tr -s '\\\\t\\\\n' '  '; "
                + "mkdir /m; mount -t tmpfs x /m && echo mounted; "
                + "echo 1 >/sys/fs/cgroup/x 2>/dev/null; ls /dev/kmsg"
            let few = try engine.runs(look)
            #expect(few.contains("CapEff: 00000000a80425fb Seccomp: 2"), "\(few)")
            #expect(!few.contains("mounted"))
            let all = try engine.runs(look, #", "Privileged": true"#)
            #expect(all.contains("Seccomp: 0") && all.contains("mounted\n/dev/kmsg"), "\(all)")
            let open = try engine.runs(look, #", "SecurityOpt": ["seccomp=unconfined"]"#)
            #expect(open.contains("Seccomp: 0") && !open.contains("mounted"))
            let more = try engine.runs(look, #", "CapAdd": ["ALL"], "CapDrop": ["net_raw"]"#)
            #expect(!more.contains("a80425fb"))
            func refusal(_ host: String) throws -> String {
                try engine.answer(
                    "POST", "/containers/create",
                    body: #"{"Image": "shell", "Cmd": ["a"], "HostConfig": "#
                        + #"{"NetworkMode": "none", \#(host)}}"#)
            }
            #expect(try refusal(#""IpcMode": "container:x""#).contains("ipc mode 'container:x'"))
            #expect(try refusal(#""UsernsMode": "private""#).contains("user namespace mode"))
            #expect(try refusal(#""Runtime": "runc""#).contains("runtime 'runc'"))
            #expect(try refusal(#""SecurityOpt": ["apparmor=x"]"#).contains("apparmor=x"))
            #expect(try refusal(#""DeviceCgroupRules": ["d 1:1 x"]"#).contains("invalid device"))
            #expect(
                try refusal(#""Ulimits": [{"Name": "nofile", "Soft": 9, "Hard": 1}]"#)
                    .contains("ulimit 'nofile'"))
            #expect(
                try refusal(#""DeviceRequests": [{"Count": -1}]"#).contains("DeviceRequests"))
            try engine.create("absent", "true", #", "Devices": [{"PathOnHost": "/dev/absent"}]"#)
            #expect(
                try engine.answer("POST", "/containers/absent/start").contains("not a device"))
        }
    }
}
