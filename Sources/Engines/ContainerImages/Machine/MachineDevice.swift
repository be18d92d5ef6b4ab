// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A device file of the machine.
public struct MachineDevice: Hashable, Sendable {
    /// Where it is.
    public let path: String
    /// Whether it is read and written in blocks.
    public let isBlock: Bool
    /// Its driver's number.
    public let major: UInt32
    /// Its own number.
    public let minor: UInt32
    /// Permission bits.
    public let mode: UInt32
    /// The owner's number.
    public let user: UInt32
    /// The owner's group.
    public let group: UInt32

    /// The most devices of one folder.
    public static let countMax = 900

    /// The device at a path, links followed; nil for what is none.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(path, status)
    }

    private init?(_ path: String, _ status: stat) {
        let type = status.st_mode & S_IFMT
        guard type == S_IFCHR || type == S_IFBLK else { return nil }
        self.path = path
        isBlock = type == S_IFBLK
        major = atoll_major(status.st_rdev)
        minor = atoll_minor(status.st_rdev)
        mode = status.st_mode & 0o777
        user = status.st_uid
        group = status.st_gid
    }

    /// The devices in a folder and those below it, links not followed, in order of their paths.
    /// Terminals, memory and queues, which each container has its own of, are left out.
    ///
    /// - Throws: ``ImageFailure/tooLarge(_:limit:)``, ``ImageFailure/failed(path:errno:message:)``.
    public static func all(in folder: String) throws(ImageFailure) -> [MachineDevice] {
        var devices: [MachineDevice] = []
        for name in try SystemFolder.names(folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                guard !["pts", "shm", "fd", "mqueue"].contains(name) else { continue }
                devices += try all(in: path)
            } else if name != "console", let device = MachineDevice(path, status) {
                devices.append(device)
            }
            guard devices.count <= countMax else {
                throw .tooLarge("devices", limit: Int64(countMax))
            }
        }
        return devices
    }
}
