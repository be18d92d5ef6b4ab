// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

extension RootFileSystem {
    // MARK: - Devices

    /// Whether `/dev` is the container's own, rather than a part of the machine.
    private var hasOwnDevices: Bool {
        !configuration.mounts.contains {
            $0.options.isBind && RootFolder.parts(of: $0.destination) == ["dev"]
        }
    }

    /// Makes device files, and the links every program expects.
    ///
    /// - Parameter isBound: Whether files of the machine are mounted, since a user namespace may
    ///   not make devices.
    func makeDevices(isBound: Bool) throws(RuntimeFailure) {
        guard hasOwnDevices else { return }
        let asked = configuration.linux.devices
        let all =
            DeviceConfiguration.always.filter { one in
                !asked.contains { $0.path == one.path }
            } + asked
        let mask = umask(0)
        defer { umask(mask) }
        for device in all {
            if isBound { try bind(device) } else { try make(device) }
        }
        try makeLinks()
    }

    private func folder(of path: String) throws(RuntimeFailure) -> (OpenFile, String) {
        let parts = RootFolder.parts(of: path)
        guard let name = parts.last else { throw .field("linux.devices", "\"\(path)\" is no file") }
        let above = parts.dropLast().joined(separator: "/")
        return (above.isEmpty ? root.file : try root.ensure(above, .folder), name)
    }

    private func make(_ device: DeviceConfiguration) throws(RuntimeFailure) {
        let (folder, name) = try folder(of: device.path)
        let type: mode_t =
            switch device.kind {
            case .character: S_IFCHR
            case .block: S_IFBLK
            case .pipe: S_IFIFO
            }
        let numbers = device.kind == .pipe ? 0 : atoll_makedev(device.major, device.minor)
        if mknodat(folder.number, name, type | mode_t(device.mode), numbers) != 0 {
            let reason = errno
            guard reason == EEXIST else { throw .kernel("make \(device.path)", reason) }
            // An image may bring the file itself; it must be this very device.
            var found = stat()
            try asking("stat \(device.path)") {
                fstatat(folder.number, name, &found, AT_SYMLINK_NOFOLLOW)
            }
            guard found.st_mode & S_IFMT == type, found.st_rdev == numbers else {
                throw .kernel("another file is \(device.path)", EEXIST)
            }
        }
        if device.user != 0 || device.group != 0 {
            try asking("chown \(device.path)") {
                fchownat(folder.number, name, device.user, device.group, AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    private func bind(_ device: DeviceConfiguration) throws(RuntimeFailure) {
        guard device.kind != .pipe else { return try make(device) }
        let source = try OpenFile.open(device.path, OpenFile.pathOnly)
        let found = try source.status()
        guard found.st_rdev == atoll_makedev(device.major, device.minor),
            found.st_mode & S_IFMT == (device.kind == .block ? S_IFBLK : S_IFCHR)
        else { throw .kernel("the machine's \(device.path) is another device", ENODEV) }
        let place = try root.ensure(device.path, .file)
        let tree = try MountTree.copy(of: source, isRecursive: false)
        try tree.spread(Propagation.isolated, isRecursive: false)
        try tree.attach(to: place)
    }

    private static let links: [(name: String, target: String)] = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"), ("core", "/proc/kcore"), ("ptmx", "pts/ptmx"),
    ]

    private func makeLinks() throws(RuntimeFailure) {
        guard let folder = try root.placeIfAny("/dev") else { return }
        for (name, target) in Self.links {
            if symlinkat(target, folder.number, name) == 0 { continue }
            let reason = errno
            guard reason == EEXIST || reason == EROFS else { throw .kernel("link \(name)", reason) }
        }
    }

    // MARK: - Hidden and protected paths

    /// Puts nothing in the place of paths that tell or change too much (RUNTIME-7).
    func mask() throws(RuntimeFailure) {
        for path in configuration.linux.maskedPaths {
            guard let place = try root.placeIfAny(path) else { continue }
            if try place.status().st_mode & S_IFMT == S_IFDIR {
                try MountTree.fresh(
                    "tmpfs", source: "tmpfs",
                    attributes: MountAttribute.readOnly | MountAttribute.noSetUserID
                        | MountAttribute.noDevices | MountAttribute.noExecution,
                    data: ["size=0k", "nr_inodes=2"]
                ).attach(to: place)
            } else {
                // The machine's own null device, by its open file: what the image calls /dev/null
                // is not asked.
                let tree = try MountTree.copy(of: null, isRecursive: false)
                try tree.spread(Propagation.isolated, isRecursive: false)
                try tree.attach(to: place)
            }
        }
    }

    /// Makes paths read-only with all below them.
    func protect() throws(RuntimeFailure) {
        for path in configuration.linux.readOnlyPaths {
            guard let place = try root.placeIfAny(path) else { continue }
            let tree = try MountTree.copy(of: place, isRecursive: true)
            try tree.spread(Propagation.isolated, isRecursive: true)
            try tree.change(set: MountAttribute.readOnly, isRecursive: true)
            try tree.attach(to: place)
        }
    }

    /// Makes this the root of the process, and lets go of the machine's.
    func enter(withoutPivot: Bool) throws(RuntimeFailure) {
        try asking("enter the root") { fchdir(root.file.number) }
        if withoutPivot {
            try asking("move the root") { mount(".", "/", nil, UInt(MS_MOVE), nil) }
            try asking("chroot") { chroot(".") }
        } else {
            try asking("pivot_root") { atoll_pivot_root(".", ".") }
            try asking("let go of the machine's root") { umount2(".", Int32(MNT_DETACH)) }
        }
        try asking("enter /") { chdir("/") }
        if configuration.isRootReadOnly {
            try tree.change(set: MountAttribute.readOnly)
        }
        if let propagation = configuration.linux.propagation {
            try tree.spread(
                propagation, isRecursive: configuration.linux.isPropagationRecursive)
        }
    }
}
