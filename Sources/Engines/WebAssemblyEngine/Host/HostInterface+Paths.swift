// SPDX-License-Identifier: Apache-2.0

/// Finding and opening files below `/input`.
extension HostInterface {
    static let paths: [String: HostFunction] = [
        "path_open": HostFunction(
            [.int32, .int32, .int32, .int32, .int32, .int64, .int64, .int32, .int32], open),
        "path_filestat_get": HostFunction([.int32, .int32, .int32, .int32, .int32]) {
            call throws(HostInterrupt) in
            let folder = try call.state.files.folder(call.word(0))
            let path = try path(call, at: 2)
            let entry = try InputPath.find(path, below: folder, in: call.state.files.input)
            let file = opened(entry, in: call.state.files.input)
            try FileStatus(file, in: call.state).store(in: call.memory(), at: call.word(4))
        },
    ]

    /// Bits of WASI's `oflags`.
    private enum OpenFlags {
        static let create: UInt32 = 1
        static let folder: UInt32 = 2
        static let exclusive: UInt32 = 4
        static let truncate: UInt32 = 8
    }

    @Sendable private static func open(_ call: HostCall) throws(HostInterrupt) {
        let folder = try call.state.files.folder(call.word(0))
        let path = try path(call, at: 2)
        let flags = call.word(4)
        let place = try call.memory().bytes(at: call.word(8), count: 4)
        let file = try find(path, below: folder, flags: flags, call)
        if case .file = file {
            guard flags & OpenFlags.folder == 0 else { throw .refused(.notFolder) }
            let isReading = flags & OpenFlags.truncate == 0 && call.long(5) & Rights.write == 0
            guard isReading else { throw .refused(.readOnly) }
        } else if call.long(5) & Rights.write != 0 {
            throw .refused(.isFolder)
        }
        let descriptor = try call.state.files.add(file)
        place.storeBytes(of: descriptor.littleEndian, as: UInt32.self)
    }

    private static func find(
        _ path: [UInt8], below folder: Int, flags: UInt32, _ call: HostCall
    ) throws(HostInterrupt) -> OpenFile {
        let input = call.state.files.input
        let isCreating = flags & OpenFlags.create != 0
        do throws(HostInterrupt) {
            let entry = try InputPath.find(path, below: folder, in: input)
            if isCreating && flags & OpenFlags.exclusive != 0 { throw .refused(.exists) }
            return opened(entry, in: input)
        } catch {
            if isCreating, case .refused(.noEntry) = error { throw .refused(.readOnly) }
            throw error
        }
    }

    private static func opened(_ entry: Int, in input: InputDirectory) -> OpenFile {
        input.entries[entry].isFolder ? .folder(entry: entry) : .file(entry: entry, offset: 0)
    }

    /// The path whose address and length are the values at `index` and after it; it is paid for.
    static func path(_ call: HostCall, at index: Int) throws(HostInterrupt) -> [UInt8] {
        let count = call.word(index + 1)
        let bytes = try call.memory().bytes(at: call.word(index), count: count)
        guard count <= InputPath.bytesMax else { throw .refused(.nameTooLong) }
        let names = bytes.count { $0 == UInt8(ascii: "/") } + 1
        try call.charge(UInt64(count) * HostFuel.byte + UInt64(names) * HostFuel.entry)
        return Array(bytes)
    }
}
