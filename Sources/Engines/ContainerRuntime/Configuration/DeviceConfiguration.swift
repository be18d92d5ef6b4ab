// SPDX-License-Identifier: Apache-2.0

/// A device file that the container finds below its root.
struct DeviceConfiguration: Hashable, Sendable {
    enum Kind: String, Sendable {
        case character = "c"
        case block = "b"
        case pipe = "p"
    }

    let path: String
    let kind: Kind
    let major: UInt32
    let minor: UInt32
    let mode: UInt32
    let user: UInt32
    let group: UInt32

    init(path: String, kind: Kind, major: UInt32, minor: UInt32, mode: UInt32 = 0o666) {
        self.path = path
        self.kind = kind
        self.major = major
        self.minor = minor
        self.mode = mode
        user = 0
        group = 0
    }

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        path = try field.needed("path").absolutePath()
        let type = try field.needed("type")
        switch try type.text(bytesMax: 1) {
        case "c", "u": kind = .character
        case "b": kind = .block
        case "p": kind = .pipe
        case let other: throw type.refused("\"\(other)\" is no kind of device")
        }
        let numbers: ClosedRange<Int64> = 0...Int64(UInt32.max)
        major = UInt32(try field["major"]?.integer(numbers) ?? 0)
        minor = UInt32(try field["minor"]?.integer(numbers) ?? 0)
        mode = UInt32(try field["fileMode"]?.integer(0...0o177777) ?? 0o666) & 0o7777
        user = try field["uid"]?.identifier() ?? 0
        group = try field["gid"]?.identifier() ?? 0
    }

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure) -> [DeviceConfiguration] {
        var devices: [DeviceConfiguration] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            devices.append(try DeviceConfiguration(element))
        }
        return devices
    }

    /// What every container has: the specification's default devices.
    static let always: [DeviceConfiguration] = [
        DeviceConfiguration(path: "/dev/null", kind: .character, major: 1, minor: 3),
        DeviceConfiguration(path: "/dev/zero", kind: .character, major: 1, minor: 5),
        DeviceConfiguration(path: "/dev/full", kind: .character, major: 1, minor: 7),
        DeviceConfiguration(path: "/dev/random", kind: .character, major: 1, minor: 8),
        DeviceConfiguration(path: "/dev/urandom", kind: .character, major: 1, minor: 9),
        DeviceConfiguration(path: "/dev/tty", kind: .character, major: 5, minor: 0),
    ]
}
