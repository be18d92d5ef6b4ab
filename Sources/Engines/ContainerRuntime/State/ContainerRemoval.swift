// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Removes all that is left of a container, also of one whose making was broken off (RUNTIME-20).
struct ContainerRemoval {
    let folder: ContainerFolder
    /// Whether processes that still run are ended.
    let isForced: Bool

    /// How long processes may take to die of SIGKILL: one that writes to a slow disk cannot be
    /// interrupted.
    private static let dyingMillisecondsMax: Int32 = 10_000

    init(root: String, name: String, isForced: Bool) throws(RuntimeFailure) {
        folder = try ContainerFolder(root: root, name: name)
        self.isForced = isForced
    }

    func run() throws(RuntimeFailure) {
        // A maker at work is waited for when the container goes in any case.
        let lock: OpenFile
        do {
            lock = try folder.lock(waits: isForced)
        } catch {
            if case .kernel(_, EAGAIN) = error {
                throw .status(folder.name, is: .creating, asked: "delete")
            }
            throw error
        }
        defer { withExtendedLifetime(lock) {} }
        let record: ContainerRecord
        do {
            record = try folder.record()
        } catch {
            // Nothing was done yet that was not written down.
            folder.remove()
            return
        }
        try remove(record)
    }

    private func remove(_ record: ContainerRecord) throws(RuntimeFailure) {
        let status = record.process == 0 ? .stopped : folder.status(of: record)
        let cgroups = ContainerCgroups(
            folders: record.cgroupFolders, layout: try CgroupLayout.detect())
        switch status {
        case .running, .paused:
            guard isForced else { throw .status(folder.name, is: status, asked: "delete") }
            try end(record, cgroups)
        case .created, .creating: try end(record, cgroups)
        case .stopped: break
        }
        if record.process == 0 || !record.namespaces.contains("pid") { cgroups.killAll() }
        do {
            try cgroups.removeEmpty()
        } catch {
            cgroups.killAll()
            try cgroups.remove()
        }
        let hooks = try Afterwards.hooks(record)
        defer { folder.remove() }
        try hooks.run(.poststop, record, .stopped)
    }

    private func end(
        _ record: ContainerRecord, _ cgroups: ContainerCgroups
    ) throws(RuntimeFailure) {
        let number = atoll_pidfd_open(record.process)
        guard number >= 0, record.isAlive else { return }
        let handle = OpenFile(number)
        cgroups.killAll()
        _ = atoll_pidfd_signal(handle.number, SIGKILL)
        if cgroups.isFrozen() { try cgroups.freeze(false) }
        var waiting = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        let ended = try asking("wait for the container's end") {
            poll(&waiting, 1, Self.dyingMillisecondsMax)
        }
        guard ended > 0 else { throw .kernel("wait for the container's end", ETIMEDOUT) }
    }
}

extension ContainerCgroups {
    /// Removes the folders when nobody is in them any more.
    ///
    /// - Throws: EBUSY at the first where somebody is.
    func removeEmpty() throws(RuntimeFailure) {
        for place in places {
            try asking("rmdir \(place.folder)") {
                rmdir(place.folder) == 0 || errno == ENOENT ? 0 : -1
            }
        }
    }
}
