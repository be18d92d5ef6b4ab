// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Puts together what a container sees as its files, inside its own mount namespace
/// (RUNTIME-6 to RUNTIME-9).
struct RootFileSystem {
    let configuration: RuntimeConfiguration
    let root: RootFolder
    /// The mount that will be `/`.
    let tree: MountTree
    /// The machine's null device, checked to be it: what hides files.
    let null: OpenFile
    /// The sources of bind mounts that were opened outside, by the index of their mount.
    let sources: [Int: MountTree]
    let cgroups: ContainerCgroups

    /// Takes the namespace apart from the machine's and mounts the root onto itself.
    static func begin(
        _ plan: ContainerPlan
    ) throws(RuntimeFailure) -> RootFileSystem {
        let linux = plan.configuration.linux
        // What happens to mounts of the machine later is seen only where that was asked for.
        let spread = linux.propagation == Propagation.shared ? Propagation.follower : nil
        let outer = spread ?? linux.propagation ?? Propagation.isolated
        let whole = UInt(outer == Propagation.unbindable ? Propagation.isolated : outer)
        try asking("set the propagation of /") {
            mount(nil, "/", nil, UInt(MS_REC) | whole, nil)
        }
        let null = try OpenFile.open("/dev/null", OpenFile.pathOnly)
        let kind = try null.status()
        guard kind.st_mode & S_IFMT == S_IFCHR, kind.st_rdev == atoll_makedev(1, 3) else {
            throw .kernel("/dev/null is not the null device", ENODEV)
        }
        let place = try OpenFile.open(plan.rootPath, OpenFile.pathOnly | O_DIRECTORY)
        let tree = try MountTree.copy(path: plan.rootPath, isRecursive: true)
        try tree.spread(
            whole == UInt(Propagation.follower) ? outer : Propagation.isolated, isRecursive: true)
        try tree.attach(to: place)
        return RootFileSystem(
            configuration: plan.configuration, root: RootFolder(file: tree.file), tree: tree,
            null: null, sources: plan.sources, cgroups: plan.cgroups)
    }

    /// Mounts, in the order of the configuration.
    func makeMounts() throws(RuntimeFailure) {
        for (index, mount) in configuration.mounts.enumerated() {
            do {
                try make(mount, index)
            } catch {
                throw .field("mounts[\(index)] (\(mount.destination))", "\(error)")
            }
        }
    }

    private func make(_ mount: MountConfiguration, _ index: Int) throws(RuntimeFailure) {
        if mount.options.isRemount {
            return try remount(mount)
        }
        if mount.type == "cgroup" || mount.type == "cgroup2", !mount.options.isBind {
            return try makeCgroupMounts(mount)
        }
        let tree = try source(of: mount, index)
        let isFolder = try tree.file.status().st_mode & S_IFMT == S_IFDIR
        // Nobody may put another folder in the way of the kernel's own file systems.
        let isKernels = mount.type == "proc" || mount.type == "sysfs"
        let place = try root.ensure(
            mount.destination, isFolder ? .folder : .file, followsLinks: !isKernels)
        try ProcessFiles.allow(mount, tree: tree, place: place)
        if mount.options.copiesUp, !mount.options.isBind {
            try FolderCopy.copy(from: place, to: tree.file)
            try tree.change(set: mount.options.set & MountAttribute.readOnly)
        }
        try tree.attach(to: place)
    }

    /// The mount that a configuration describes, with its attributes, attached nowhere.
    private func source(
        of mount: MountConfiguration, _ index: Int
    ) throws(RuntimeFailure) -> MountTree {
        let options = mount.options
        let tree: MountTree
        if options.isBind {
            if let opened = sources[index] {
                tree = opened
            } else {
                tree = try MountTree.copy(path: mount.source, isRecursive: options.isRecursive)
            }
            try tree.spread(
                configuration.linux.propagation == Propagation.shared
                    ? Propagation.follower : Propagation.isolated, isRecursive: true)
            try tree.change(set: options.set, clear: options.clear)
        } else {
            // A tmpfs that begins with a copy is made read-only after it.
            let late = options.copiesUp ? MountAttribute.readOnly : 0
            tree = try MountTree.fresh(
                mount.type, source: mount.source, attributes: options.set & ~late,
                data: options.data)
        }
        try tree.change(set: options.setBelow, clear: options.clearBelow, isRecursive: true)
        if let propagation = options.propagation {
            try tree.spread(propagation, isRecursive: options.isPropagationRecursive)
        }
        return tree
    }

    private func remount(_ mount: MountConfiguration) throws(RuntimeFailure) {
        let place = try root.place(mount.destination)
        try MountTree(file: place).change(set: mount.options.set, clear: mount.options.clear)
    }

    // MARK: - Control groups

    /// What `/sys/fs/cgroup` is on the machine, for the container's own groups (RUNTIME-10).
    private func makeCgroupMounts(_ mount: MountConfiguration) throws(RuntimeFailure) {
        let place = try root.ensure(mount.destination, .folder)
        let places = cgroups.places
        if places.count == 1, places[0].hierarchy.version == .two {
            return try cgroupTree(places[0], mount).attach(to: place)
        }
        let top = try MountTree.fresh(
            "tmpfs", source: "tmpfs",
            attributes: MountAttribute.noSetUserID | MountAttribute.noDevices
                | MountAttribute.noExecution, data: ["mode=755"])
        for one in places {
            let path = one.hierarchy.mountPoint
            let name = String(
                path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
            try asking("mkdir \(name)") { mkdirat(top.file.number, name, 0o755) }
            for controller in one.hierarchy.controllers
            where one.hierarchy.controllers.count > 1 && controller != name {
                try asking("symlink \(controller)") { symlinkat(name, top.file.number, controller) }
            }
        }
        try top.attach(to: place)
        for one in places {
            let path = one.hierarchy.mountPoint
            let name = String(
                path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
            let inner = try root.place("\(mount.destination)/\(name)")
            try cgroupTree(one, mount).attach(to: inner)
        }
        try MountTree(file: try root.place(mount.destination))
            .change(set: mount.options.set & MountAttribute.readOnly)
    }

    private func cgroupTree(
        _ place: ContainerCgroups.Place, _ mount: MountConfiguration
    ) throws(RuntimeFailure) -> MountTree {
        let always =
            MountAttribute.noSetUserID | MountAttribute.noDevices | MountAttribute.noExecution
        let attributes = (mount.options.set | always) & ~MountAttribute.accessTimeMask
        guard configuration.linux.makes(.cgroup) else {
            let tree = try MountTree.copy(path: place.folder, isRecursive: false)
            try tree.spread(Propagation.isolated, isRecursive: true)
            try tree.change(set: attributes)
            return tree
        }
        return switch place.hierarchy.version {
        case .two: try MountTree.fresh("cgroup2", source: "cgroup2", attributes: attributes)
        case .one:
            try MountTree.fresh(
                "cgroup", source: "cgroup", attributes: attributes,
                data: place.hierarchy.controllers.first?.hasPrefix("name=") == true
                    ? ["none"] + place.hierarchy.controllers : place.hierarchy.controllers)
        }
    }
}
