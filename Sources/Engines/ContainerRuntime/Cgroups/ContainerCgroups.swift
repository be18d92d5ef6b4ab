// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The control groups of one container: a folder in every tree of the machine (RUNTIME-10).
struct ContainerCgroups: Sendable {
    /// A folder and the tree it lies in.
    struct Place: Hashable, Sendable {
        let hierarchy: CgroupHierarchy
        let folder: String
    }

    let places: [Place]

    /// Says where the folders will be; makes nothing yet.
    static func plan(
        _ layout: CgroupLayout, path: String?, name: String
    ) throws(RuntimeFailure) -> ContainerCgroups {
        var places: [Place] = []
        for hierarchy in layout.hierarchies {
            let path = try CgroupPath.resolved(path, name: name, in: hierarchy)
            places.append(Place(hierarchy: hierarchy, folder: "\(hierarchy.mountPoint)/\(path)"))
        }
        return ContainerCgroups(places: places)
    }

    /// The same folders again, from what was recorded of them.
    init(folders: [String], layout: CgroupLayout) {
        places = folders.compactMap { folder in
            layout.hierarchies.first { folder.hasPrefix($0.mountPoint + "/") }
                .map { Place(hierarchy: $0, folder: folder) }
        }
    }

    private init(places: [Place]) { self.places = places }

    var folders: [String] { places.map(\.folder) }

    func place(of controller: String) -> Place? {
        places.first { $0.hierarchy.controllers.contains(controller) }
    }

    var unified: Place? { places.first { $0.hierarchy.version == .two } }

    // MARK: - Making

    /// Makes the folders.
    ///
    /// - Returns: The places that could be made: all, unless the caller may not write there and
    ///   has nothing to limit.
    func make(isOptional: Bool) throws(RuntimeFailure) -> ContainerCgroups {
        var made: [Place] = []
        for place in places {
            do {
                try make(place)
                made.append(place)
            } catch {
                guard isOptional, case .kernel(_, let number) = error,
                    [EACCES, EPERM, EROFS].contains(number)
                else { throw error }
            }
        }
        return ContainerCgroups(places: made)
    }

    private func make(_ place: Place) throws(RuntimeFailure) {
        if mkdir(place.folder, 0o755) == 0 || errno == EEXIST {
            try inherit(place, at: place.folder)
            return
        }
        var path = place.hierarchy.mountPoint
        for part in place.folder.dropFirst(path.count).split(separator: "/") {
            if place.hierarchy.version == .two { enable(place.hierarchy.controllers, below: path) }
            path += "/\(part)"
            try asking("mkdir \(path)") { mkdir(path, 0o755) == 0 || errno == EEXIST ? 0 : -1 }
            try inherit(place, at: path)
        }
    }

    /// A new group of cpuset v1 has no processors and no memory until it is given its parent's.
    private func inherit(_ place: Place, at folder: String) throws(RuntimeFailure) {
        guard place.hierarchy.version == .one, place.hierarchy.controllers.contains("cpuset") else {
            return
        }
        let parent = folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.endIndex)
        for file in ["cpuset.cpus", "cpuset.mems"] {
            let own = try SmallFile.text("\(folder)/\(file)")
            guard own.allSatisfy(\.isWhitespace) else { continue }
            try SmallFile.write(try SmallFile.text("\(parent)/\(file)"), to: "\(folder)/\(file)")
        }
    }

    /// Hands controllers on to the groups below; one that cannot be is missed by its limits later.
    private func enable(_ controllers: [String], below folder: String) {
        for controller in controllers {
            try? SmallFile.write("+\(controller)", to: "\(folder)/cgroup.subtree_control")
        }
    }

    /// Puts a process into every tree of version 1, and of version 2 unless it began there.
    func take(_ process: Int32, includingUnified: Bool) throws(RuntimeFailure) {
        for place in places where includingUnified || place.hierarchy.version == .one {
            try SmallFile.write("\(process)", to: "\(place.folder)/cgroup.procs")
        }
    }

    // MARK: - Ending

    /// The processes in the container, itself and what it started.
    func processes() -> [Int32] {
        // Every process is in every tree, so one tells; the freezer or version 2 has no others.
        let place = unified ?? place(of: "freezer") ?? places.first
        return place.map { processes(below: $0.folder) } ?? []
    }

    private func processes(below folder: String) -> [Int32] {
        let text = (try? SmallFile.text("\(folder)/cgroup.procs")) ?? ""
        let own = text.split(separator: "\n").compactMap { Int32($0) }
        return own + FolderList.folders(in: folder).flatMap { processes(below: "\(folder)/\($0)") }
    }

    /// Ends every process of the container, at one stroke where the kernel can.
    func killAll() {
        if let unified,
            (try? SmallFile.write("1", to: "\(unified.folder)/cgroup.kill")) != nil
        {
            return
        }
        for process in processes() { kill(process, SIGKILL) }
    }

    /// Removes the folders with all below them.
    ///
    /// - Throws: EBUSY when processes are left in them after two seconds.
    func remove() throws(RuntimeFailure) {
        for place in places {
            var attempts = 0
            while !removeOnce(place.folder) {
                let number = errno
                guard number == EBUSY, attempts < 400 else {
                    throw .kernel("rmdir \(place.folder)", number)
                }
                attempts += 1
                usleep(5000)
            }
        }
    }

    private func removeOnce(_ folder: String) -> Bool {
        if rmdir(folder) == 0 || errno == ENOENT { return true }
        for name in FolderList.folders(in: folder) where !removeOnce("\(folder)/\(name)") {
            return false
        }
        return rmdir(folder) == 0 || errno == ENOENT
    }
}

/// The names in a folder.
enum FolderList {
    /// The folders in a folder, but for itself and its parent.
    static func folders(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension ContainerCgroups {
    /// Refuses folders that others live in already: their processes would be limited, and killed,
    /// with the container's.
    func refuseInhabited() throws(RuntimeFailure) {
        for place in places {
            guard let text = try? SmallFile.text("\(place.folder)/cgroup.procs"), !text.isEmpty
            else { continue }
            throw .field("linux.cgroupsPath", "\(place.folder) has processes in it")
        }
    }
}
