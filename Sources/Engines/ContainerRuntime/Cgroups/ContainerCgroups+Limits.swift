// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

extension ContainerCgroups {
    /// Sets what resources ask for, controller by controller (RUNTIME-11).
    ///
    /// - Parameter withDevices: Whether device rules are set too; an update leaves them.
    /// - Throws: ``RuntimeFailure/field(_:_:)`` for a limit that no controller of this machine can
    ///   hold.
    func limit(
        _ resources: ResourceConfiguration, withDevices: Bool
    ) throws(RuntimeFailure) {
        for controller in CgroupWrites.controllers {
            try set(resources, controller)
        }
        if withDevices, !resources.devices.isEmpty { try setDevices(resources.devices) }
        guard !resources.unified.isEmpty else { return }
        guard let unified else {
            throw .field("linux.resources.unified", "this machine has no cgroup v2")
        }
        for setting in resources.unified {
            try SmallFile.write(setting.value, to: "\(unified.folder)/\(setting.name)")
        }
    }

    private func set(
        _ resources: ResourceConfiguration, _ controller: String
    ) throws(RuntimeFailure) {
        guard let place = place(of: controller) else {
            // Either version may ask for what this machine has nowhere.
            for version in [CgroupHierarchy.Version.one, .two] {
                let asked = try CgroupWrites.writes(
                    resources, controller: controller, version: version)
                let twin = ["blkio": "io", "io": "blkio"][controller]
                if asked.contains(where: { !$0.isNoLimit }),
                    twin.flatMap({ self.place(of: $0) }) == nil
                {
                    throw .field(
                        "linux.resources", "this machine has no controller for \(asked[0].file)")
                }
            }
            return
        }
        let writes = try CgroupWrites.writes(
            resources, controller: controller, version: place.hierarchy.version)
        try apply(writes, in: place.folder)
    }

    /// Writes values in order. Two that bound each other, such as memory and memory with swap, are
    /// tried the other way round when the first is refused: which way is right depends on the
    /// values that hold now.
    private func apply(_ writes: [CgroupWrite], in folder: String) throws(RuntimeFailure) {
        var refused: [CgroupWrite] = []
        for write in writes {
            do {
                try apply(write, in: folder)
            } catch {
                guard case .kernel(_, EINVAL) = error, writes.count > 1 else { throw error }
                refused.append(write)
            }
        }
        for write in refused { try apply(write, in: folder) }
    }

    private func apply(_ write: CgroupWrite, in folder: String) throws(RuntimeFailure) {
        do {
            try SmallFile.write(write.value, to: "\(folder)/\(write.file)")
        } catch {
            guard case .kernel(_, ENOENT) = error else { throw error }
            if let other = write.otherFile {
                try SmallFile.write(write.value, to: "\(folder)/\(other)")
            } else if !write.isNoLimit {
                throw error
            }
        }
    }

    private func setDevices(_ rules: [DeviceRule]) throws(RuntimeFailure) {
        let all = rules + DeviceRule.always
        if let place = place(of: "devices") {
            for rule in all {
                let file = rule.allows ? "devices.allow" : "devices.deny"
                try SmallFile.write(rule.text, to: "\(place.folder)/\(file)")
            }
        } else if let unified {
            let program = DeviceProgram(all).instructions
            let folder = try OpenFile.open(unified.folder, O_RDONLY | O_DIRECTORY)
            try asking("attach the device program to \(unified.folder)") {
                atoll_attach_device_program(folder.number, program, UInt32(program.count))
            }
        } else {
            throw .field("linux.resources.devices", "this machine has no control of devices")
        }
    }

    // MARK: - Freezing

    /// Stops or continues all processes of the container, and waits until it is so.
    func freeze(_ isFrozen: Bool) throws(RuntimeFailure) {
        if let place = place(of: "freezer") {
            let wanted = isFrozen ? "FROZEN" : "THAWED"
            try waitUntil("freeze \(place.folder)") { () throws(RuntimeFailure) in
                try SmallFile.write(wanted, to: "\(place.folder)/freezer.state")
                return try SmallFile.text("\(place.folder)/freezer.state").hasPrefix(wanted)
            }
        } else if let unified {
            try SmallFile.write(isFrozen ? "1" : "0", to: "\(unified.folder)/cgroup.freeze")
            try waitUntil("freeze \(unified.folder)") { () throws(RuntimeFailure) in
                try SmallFile.text("\(unified.folder)/cgroup.events")
                    .contains("frozen \(isFrozen ? 1 : 0)")
            }
        } else {
            throw .kernel("freeze", EOPNOTSUPP)
        }
    }

    /// Whether the processes of the container are stopped.
    func isFrozen() -> Bool {
        if let place = place(of: "freezer") {
            let state = try? SmallFile.text("\(place.folder)/freezer.state")
            return state.map { !$0.hasPrefix("THAWED") } ?? false
        }
        guard let unified, let events = try? SmallFile.text("\(unified.folder)/cgroup.events")
        else {
            return false
        }
        return events.contains("frozen 1")
    }

    private func waitUntil(
        _ doing: String, _ holds: () throws(RuntimeFailure) -> Bool
    ) throws(RuntimeFailure) {
        for _ in 0..<1000 {
            if try holds() { return }
            usleep(2000)
        }
        throw .kernel(doing, ETIMEDOUT)
    }
}
