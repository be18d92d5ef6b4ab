// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import ContainerRuntime

@Suite("Configuration of a container")
struct ConfigurationTests {
    static let sample = SpecVerb.specification(isRootless: false)

    private func refusal(_ change: (inout JSON) -> Void) -> String {
        var json = Self.sample
        change(&json)
        do {
            _ = try RuntimeConfiguration(bytes: json.bytes)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test("what spec writes is accepted, and says what it means")
    func sample() throws {
        let configuration = try RuntimeConfiguration(bytes: Self.sample.bytes)
        #expect(configuration.rootPath == "rootfs")
        #expect(configuration.isRootReadOnly)
        #expect(configuration.process?.arguments == ["sh"])
        #expect(configuration.process?.capabilities?.bounding == 1 << 5 | 1 << 10 | 1 << 29)
        #expect(configuration.linux.namespaces.count == 6)
        #expect(configuration.linux.makes(.process))
        #expect(configuration.mounts.map(\.destination).first == "/proc")
        let rootless = SpecVerb.specification(isRootless: true)
        #expect(try RuntimeConfiguration(bytes: rootless.bytes).linux.makes(.user))
    }

    struct Case: Sendable {
        let path: String
        let value: JSON
        let refusal: String
    }

    static let cases: [Case] = [
        Case(path: "ociVersion", value: "2.0.0", refusal: "ociVersion: \"2.0.0\" is not a version"),
        Case(path: "ociVersion", value: .null, refusal: "ociVersion: is missing"),
        Case(path: "root", value: .null, refusal: "root: is missing"),
        Case(path: "root.path", value: "", refusal: "root.path: is empty"),
        Case(path: "root.readonly", value: 1, refusal: "root.readonly: is neither true nor false"),
        Case(path: "process.args", value: [], refusal: "process: args names no program"),
        Case(path: "process.cwd", value: "tmp", refusal: "process.cwd: \"tmp\" does not begin"),
        Case(path: "process.user.uid", value: -1, refusal: "process.user.uid: is not a whole"),
        Case(
            path: "process.env", value: ["A=b", "B=\u{0}"],
            refusal: "process.env[1]: holds a zero byte"),
        Case(
            path: "process.capabilities.bounding", value: ["CAP_FLY"],
            refusal: "process.capabilities.bounding[0]: \"CAP_FLY\" is unknown"),
        Case(
            path: "process.rlimits", value: [["type": "RLIMIT_CPU", "soft": 2, "hard": 1]],
            refusal: "process.rlimits[0]: soft is above hard"),
        Case(
            path: "process.apparmorProfile", value: "mine",
            refusal: "process.apparmorProfile: this runtime sets no AppArmor profiles"),
        Case(
            path: "linux.namespaces", value: [["type": "pid"]],
            refusal: "hostname: needs a uts namespace"),
        Case(
            path: "linux.namespaces", value: [["type": "uts"]],
            refusal: "linux.namespaces: a mount namespace is needed"),
        Case(
            path: "linux.namespaces", value: [["type": "mount"], ["type": "mount"]],
            refusal: "linux.namespaces[1].type: \"mount\" is given twice"),
        Case(
            path: "linux.uidMappings", value: [["containerID": 0, "hostID": 0, "size": 1]],
            refusal: "linux.uidMappings: needs a user namespace"),
        Case(
            path: "linux.sysctl", value: ["kernel.panic": "1"],
            refusal: "linux.sysctl: \"kernel.panic\" is not a setting of the container's own"),
        Case(
            path: "linux.sysctl", value: ["net/../../x": "1"],
            refusal: "linux.sysctl: \"net/../../x\" is no name"),
        Case(path: "linux.intelRdt", value: [:], refusal: "linux.intelRdt: is not supported"),
        Case(path: "vm", value: [:], refusal: "vm: is for another kind of machine"),
        Case(
            path: "linux.rootfsPropagation", value: "sideways",
            refusal: "linux.rootfsPropagation: \"sideways\" is no propagation"),
        Case(
            path: "mounts", value: [["destination": "/"]],
            refusal: "mounts[0].destination: the root itself"),
        Case(
            path: "mounts", value: [["destination": "/a", "type": "bind"]],
            refusal: "mounts[0]: a bind mount needs a source"),
        Case(
            path: "mounts",
            value: [["destination": "/a", "source": "/b", "options": ["bind", "size=1"]]],
            refusal: "mounts[0]: a bind mount has no option \"size=1\""),
        Case(
            path: "linux.seccomp", value: ["defaultAction": "SCMP_ACT_SING"],
            refusal: "linux.seccomp.defaultAction: \"SCMP_ACT_SING\" is no action"),
        Case(
            path: "linux.resources", value: ["unified": ["cgroup.kill": "1"]],
            refusal: "linux.resources.unified: \"cgroup.kill\" is no file of a controller"),
        Case(
            path: "hooks", value: ["poststop": [["path": "rm"]]],
            refusal: "hooks.poststop[0].path: \"rm\" does not begin with /"),
    ]

    @Test("what is wrong is refused by the field's name (RUNTIME-4)", arguments: cases)
    func refusals(one: Case) {
        let text = refusal { $0.set(one.path, one.value) }
        #expect(text.hasPrefix(one.refusal), "\(text)")
    }

    @Test("null counts as absent")
    func nulls() throws {
        var json = Self.sample
        for path in ["hooks", "annotations", "linux.sysctl", "linux.resources.memory"] {
            json.setNull(path)
        }
        let configuration = try RuntimeConfiguration(bytes: json.bytes)
        #expect(configuration.linux.resources.memory.limit == nil)
    }

    @Test("options of mounts are attributes, propagation, or the file system's own")
    func options() {
        var options = MountOptions()
        for word in ["rbind", "ro", "nosuid", "rslave", "rnoexec", "noatime", "size=5m", "mode=1"] {
            options.take(word)
        }
        #expect(options.isBind && options.isRecursive)
        #expect(
            options.set
                == MountAttribute.readOnly | MountAttribute.noSetUserID
                | MountAttribute.noAccessTime)
        #expect(options.setBelow == MountAttribute.noExecution)
        #expect(options.propagation == Propagation.follower)
        #expect(options.isPropagationRecursive)
        #expect(options.data == ["size=5m", "mode=1"])
        options.take("rw")
        #expect(options.set & MountAttribute.readOnly == 0)
        #expect(options.clear & MountAttribute.readOnly != 0)
    }

    @Test("a configuration survives any bytes: it is refused, or it is one (RUNTIME-5)")
    func mutations() {
        let bytes = Self.sample.bytes
        var state: UInt64 = 0x9E37_79B9
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for _ in 0..<2000 {
            var copy = bytes
            for _ in 0...next(3) {
                switch next(3) {
                case 0: copy[next(copy.count)] = UInt8(next(256))
                case 1: copy.remove(at: next(copy.count))
                default: copy.insert(copy[next(copy.count)], at: next(copy.count))
                }
            }
            if (try? RuntimeConfiguration(bytes: copy)) == nil { refused += 1 }
        }
        #expect(refused > 100)
    }
}

extension JSON {
    /// Sets a member of nested objects by its path of names; null takes it away.
    mutating func set(_ path: String, _ value: JSON) {
        change(path, value == .null ? nil : value)
    }

    /// Sets a member to null.
    mutating func setNull(_ path: String) { change(path, .null) }

    private mutating func change(_ path: String, _ value: JSON?) {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        var members = self.members ?? []
        let index = members.firstIndex { $0.name == parts[0] }
        var inner = value
        if parts.count == 2 {
            var nested = index.map { members[$0].value } ?? .object([])
            nested.change(parts[1], value)
            inner = nested
        }
        if let index { members.remove(at: index) }
        if let inner { members.append(JSON.Member(parts[0], inner)) }
        self = .object(members)
    }
}
