// SPDX-License-Identifier: Apache-2.0

/// What an archive says of one file. Names are bytes, as Linux has them.
struct TarEntry: Equatable, Sendable {
    /// What the file is.
    enum Kind: Equatable, Sendable {
        case file
        case hardLink
        case symbolicLink
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case folder
        case pipe
    }

    /// A moment: seconds since 1970 and billionths.
    struct Moment: Equatable, Sendable {
        var seconds: Int64
        var nanoseconds: Int64 = 0
    }

    var kind: Kind
    /// The path as it stands in the archive.
    var path: [UInt8]
    /// What a link leads to.
    var target: [UInt8] = []
    /// Permission bits with set-user, set-group and sticky: 0 to 0o7777.
    var mode: UInt32
    var user: UInt32 = 0
    var group: UInt32 = 0
    /// The bytes that follow.
    var size: Int64 = 0
    var modified = Moment(seconds: 0)
    /// Extended attributes, in the archive's order.
    var attributes: [(name: [UInt8], value: [UInt8])] = []

    static func == (left: TarEntry, right: TarEntry) -> Bool {
        left.kind == right.kind && left.path == right.path && left.target == right.target
            && left.mode == right.mode && left.user == right.user && left.group == right.group
            && left.size == right.size && left.modified == right.modified
            && left.attributes.elementsEqual(right.attributes) {
                $0.name == $1.name && $0.value == $1.value
            }
    }

    /// The path for people.
    var text: String { String(decoding: path.prefix(256), as: UTF8.self) }
}
