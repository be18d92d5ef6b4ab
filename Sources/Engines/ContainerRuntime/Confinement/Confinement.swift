// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Takes from the calling process what the program it is about to run may not have: the last thing
/// before execve(2), and never taken back (RUNTIME-15).
struct Confinement {
    let process: ProcessConfiguration
    let seccomp: SeccompProgram?
    let keptFiles: UInt32
    /// Whether more groups may be set: not where the machine denies it to a user namespace.
    var mayHaveGroups = true

    /// - Returns: Where calls are reported, for a profile with rules for a listener.
    func apply() throws(RuntimeFailure) -> OpenFile? {
        try setLimits()
        if let mask = process.creationMask { umask(mode_t(mask)) }
        let sets = clamped(process.capabilities ?? CapabilitySets())
        dropBounding(sets.bounding)
        try asking("close files") { atoll_close_on_exec_from(3 + keptFiles) }
        var listener: OpenFile?
        // Without the promise of no new privileges only a privileged process may load a program,
        // so it has to let the calls through that follow.
        if let seccomp, !process.noNewPrivileges { listener = try seccomp.load() }
        try becomeUser()
        try enterFolder()
        try setCapabilities(sets)
        if process.noNewPrivileges {
            try asking("promise no new privileges") {
                atoll_prctl(ProcessOption.noNewPrivileges, 1, 0, 0)
            }
            if let seccomp { listener = try seccomp.load() }
        }
        return listener
    }

    /// What is asked for and this process has not got cannot be given; the specification lets it
    /// be left out.
    private func clamped(_ sets: CapabilitySets) -> CapabilitySets {
        let own = Capabilities.permitted
        var clamped = sets
        clamped.permitted &= own
        clamped.effective &= own
        clamped.inheritable &= own
        clamped.ambient &= clamped.permitted & clamped.inheritable
        return clamped
    }

    private func dropBounding(_ kept: UInt64) {
        // The kernel refuses the first number it does not know.
        for number in UInt(0)..<64 where kept >> UInt64(number) & 1 == 0 {
            if atoll_prctl(ProcessOption.dropBounding, number, 0, 0) != 0, errno == EINVAL {
                return
            }
        }
    }

    private func setCapabilities(_ sets: CapabilitySets) throws(RuntimeFailure) {
        try asking("set capabilities") {
            atoll_capset(sets.effective, sets.permitted, sets.inheritable)
        }
        _ = atoll_prctl(ProcessOption.ambient, ProcessOption.ambientClear, 0, 0)
        for number in UInt(0)..<64 where sets.ambient >> UInt64(number) & 1 == 1 {
            try asking("raise an ambient capability") {
                atoll_prctl(ProcessOption.ambient, ProcessOption.ambientRaise, number, 0)
            }
        }
    }

    private func becomeUser() throws(RuntimeFailure) {
        try asking("keep capabilities") { atoll_prctl(ProcessOption.keepCapabilities, 1, 0, 0) }
        if mayHaveGroups {
            let groups = process.moreGroups
            try asking("set groups") { atoll_set_groups(groups, groups.count) }
        } else if !process.moreGroups.isEmpty {
            throw .field("process.user.additionalGids", "are denied to this user namespace")
        }
        try asking("become group \(process.group)") { atoll_set_group(process.group) }
        try asking("become user \(process.user)") { atoll_set_user(process.user) }
        try asking("keep capabilities") { atoll_prctl(ProcessOption.keepCapabilities, 0, 0, 0) }
    }

    /// Enters the working folder, and makes sure that it lies in the container: a folder left open
    /// by whoever started this could lead out of it.
    private func enterFolder() throws(RuntimeFailure) {
        let folder = process.folder
        try asking("enter the working folder \(folder)") { chdir(folder) }
        var room = [CChar](repeating: 0, count: RuntimeLimits.pathBytesMax + 1)
        guard getcwd(&room, room.count) != nil, room[0] == CChar(UInt8(ascii: "/")) else {
            throw .field("process.cwd", "\"\(folder)\" is not inside of the container")
        }
    }

    /// A limit above what this process may have becomes the highest that it may.
    private func setLimits() throws(RuntimeFailure) {
        for limit in process.limits {
            if atoll_set_limit(limit.resource, limit.soft, limit.hard) == 0 { continue }
            let name = ResourceLimit.names[Int(limit.resource)]
            guard errno == EPERM else { throw .kernel("set \(name)", errno) }
            let hard = min(limit.hard, atoll_hard_limit(limit.resource))
            try asking("set \(name)") {
                atoll_set_limit(limit.resource, min(limit.soft, hard), hard)
            }
        }
    }
}
