// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One tree of control groups and what it controls.
struct CgroupHierarchy: Hashable, Sendable {
    enum Version: Hashable, Sendable { case one, two }

    let version: Version
    /// Such as `cpu` and `cpuacct`; `name=` and a name for one that controls nothing.
    let controllers: [String]
    let mountPoint: String
    /// Where the caller itself is.
    let ownPath: String
}

/// The trees of control groups this machine has: version 1, version 2, or some controllers in each
/// (RUNTIME-10).
struct CgroupLayout: Sendable {
    let hierarchies: [CgroupHierarchy]

    init(hierarchies: [CgroupHierarchy]) { self.hierarchies = hierarchies }

    /// The tree with a controller.
    func hierarchy(of controller: String) -> CgroupHierarchy? {
        hierarchies.first { $0.controllers.contains(controller) }
    }

    /// The tree of version 2, with or without controllers.
    var unified: CgroupHierarchy? { hierarchies.first { $0.version == .two } }

    /// Looks at the machine, where the kernel's own conventions put the trees.
    static func detect() throws(RuntimeFailure) -> CgroupLayout {
        CgroupLayout(
            membership: try SmallFile.text("/proc/self/cgroup"),
            kind: { path in
                guard let folder = try? OpenFile.open(path, OpenFile.pathOnly | O_DIRECTORY) else {
                    return nil
                }
                return try? folder.fileSystem()
            },
            controllersOfUnified: { mountPoint in
                (try? SmallFile.text("\(mountPoint)/cgroup.controllers")) ?? ""
            })
    }

    /// - Parameters:
    ///   - membership: What `/proc/self/cgroup` says.
    ///   - kind: The file system of a folder, as statfs(2) names it; nil when there is none.
    ///   - controllersOfUnified: What `cgroup.controllers` says at a mount point.
    init(
        membership: String, kind: (String) -> UInt64?, controllersOfUnified: (String) -> String
    ) {
        let top = "/sys/fs/cgroup"
        let isUnified = kind(top) == FileSystemKind.cgroup2
        var found: [CgroupHierarchy] = []
        for line in membership.split(separator: "\n") {
            let parts = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let ownPath = String(parts[2])
            if parts[1].isEmpty {
                let mountPoint = isUnified ? top : "\(top)/unified"
                guard kind(mountPoint) == FileSystemKind.cgroup2 else { continue }
                let controllers = controllersOfUnified(mountPoint)
                    .split(whereSeparator: \.isWhitespace).map(String.init)
                found.append(
                    CgroupHierarchy(
                        version: .two, controllers: controllers, mountPoint: mountPoint,
                        ownPath: ownPath))
            } else if !isUnified {
                let names = parts[1].hasPrefix("name=") ? parts[1].dropFirst(5) : parts[1]
                let mountPoint = "\(top)/\(names)"
                guard kind(mountPoint) == FileSystemKind.cgroup else { continue }
                found.append(
                    CgroupHierarchy(
                        version: .one,
                        controllers: parts[1].split(separator: ",").map(String.init),
                        mountPoint: mountPoint, ownPath: ownPath))
            }
        }
        hierarchies = found
    }
}

/// Where in the trees a container lies.
enum CgroupPath {
    /// The path below a tree's mount point that a configuration asks for (RUNTIME-10): from the
    /// top where it begins with /, else below the caller's own place.
    static func resolved(
        _ asked: String?, name: String, in hierarchy: CgroupHierarchy
    ) throws(RuntimeFailure) -> String {
        let given = asked.flatMap { $0.isEmpty ? nil : $0 } ?? "/atoll/\(name)"
        var parts = given.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains("..") else {
            throw .field("linux.cgroupsPath", "\"\(given)\" is no place of a container")
        }
        if given.first != "/" {
            // Outside of its namespace the own path begins with "..", and only the top is left.
            let own = hierarchy.ownPath.split(separator: "/")
            if !own.contains("..") { parts = own + parts }
        }
        return parts.joined(separator: "/")
    }
}
