// SPDX-License-Identifier: Apache-2.0

/// What descriptors are, where they stand, and closing them.
extension HostInterface {
    static let descriptors: [String: HostFunction] = [
        "fd_close": HostFunction([.int32]) { call throws(HostInterrupt) in
            try call.state.files.close(call.word(0))
        },
        "fd_renumber": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let file = try call.state.files[call.word(0)]
            try call.state.files.replace(call.word(1), with: file)
            if call.word(0) != call.word(1) { try call.state.files.close(call.word(0)) }
        },
        "fd_fdstat_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let file = try call.state.files[call.word(0)]
            let memory = try call.memory()
            try memory.store([UInt8](repeating: 0, count: 24), at: call.word(1))
            try memory.store(file.type, at: call.word(1))
            try memory.store(file.rights, at: call.word(1), offset: 8)
            try memory.store(file.inheritedRights, at: call.word(1), offset: 16)
        },
        "fd_fdstat_set_flags": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            // Appending and not blocking change nothing here: both are so already.
            _ = try call.state.files[call.word(0)]
        },
        "fd_filestat_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let file = try call.state.files[call.word(0)]
            try FileStatus(file, in: call.state).store(in: call.memory(), at: call.word(1))
        },
        "fd_prestat_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            try checkPreopened(call)
            let memory = try call.memory()
            try memory.store(UInt32(0), at: call.word(1))
            try memory.store(UInt32(FileTable.inputName.count), at: call.word(1), offset: 4)
        },
        "fd_prestat_dir_name": HostFunction([.int32, .int32, .int32]) {
            call throws(HostInterrupt) in
            try checkPreopened(call)
            guard call.word(2) >= UInt32(FileTable.inputName.count) else {
                throw .refused(.nameTooLong)
            }
            try call.memory().store(FileTable.inputName, at: call.word(1))
        },
        "fd_seek": HostFunction([.int32, .int64, .int32, .int32]) { call throws(HostInterrupt) in
            let memory = try call.memory()
            let place = try memory.bytes(at: call.word(3), count: 4 + 4)
            let offset = try seek(call)
            place.storeBytes(of: offset.littleEndian, as: UInt64.self)
        },
        "fd_tell": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            guard case .file(_, let offset) = try call.state.files[call.word(0)] else {
                throw .refused(.cannotSeek)
            }
            try call.memory().store(offset, at: call.word(1))
        },
        "fd_advise": HostFunction([.int32, .int64, .int64, .int32]) { call throws(HostInterrupt) in
            _ = try call.state.files[call.word(0)]
        },
    ]

    /// Only `/input` was opened for the program, under its first number.
    private static func checkPreopened(_ call: HostCall) throws(HostInterrupt) {
        guard call.word(0) == FileTable.inputDescriptor,
            case .folder(entry: 0) = try call.state.files[call.word(0)]
        else { throw .refused(.badDescriptor) }
    }

    private static func seek(_ call: HostCall) throws(HostInterrupt) -> UInt64 {
        guard case .file(let entry, let offset) = try call.state.files[call.word(0)] else {
            throw .refused(.cannotSeek)
        }
        let size = UInt64(call.state.files.input.entries[entry].size)
        let origin: UInt64
        switch call.word(2) {
        case 0: origin = 0
        case 1: origin = offset
        case 2: origin = size
        default: throw .refused(.invalid)
        }
        let delta = Int64(bitPattern: call.long(1))
        let (target, overflow) = Int64(clamping: origin).addingReportingOverflow(delta)
        guard !overflow, target >= 0 else { throw .refused(.invalid) }
        let place = OpenFile.file(entry: entry, offset: UInt64(target))
        try call.state.files.replace(call.word(0), with: place)
        return UInt64(target)
    }
}

extension OpenFile {
    /// WASI's `rights`, which libraries look at to tell what a descriptor can do.
    var rights: UInt64 {
        switch self {
        case .standardInput: Rights.read
        case .output: Rights.write
        case .file: Rights.read | Rights.seek | Rights.tell | Rights.status
        case .folder: Rights.open | Rights.list | Rights.status | Rights.pathStatus
        }
    }

    /// The rights of what is opened below.
    var inheritedRights: UInt64 {
        switch self {
        case .folder:
            rights | Rights.read | Rights.seek | Rights.tell
        case .standardInput, .output, .file: 0
        }
    }
}

/// Bits of WASI's `rights`.
enum Rights {
    static let read: UInt64 = 1 << 1
    static let seek: UInt64 = 1 << 2
    static let tell: UInt64 = 1 << 5
    static let write: UInt64 = 1 << 6
    static let open: UInt64 = 1 << 13
    static let list: UInt64 = 1 << 14
    static let pathStatus: UInt64 = 1 << 18
    static let status: UInt64 = 1 << 21
}

/// WASI's `filestat`.
struct FileStatus {
    private static let bytes = 64
    private let number: UInt64
    private let type: UInt8
    private let size: UInt64
    private let time: UInt64

    /// What is told of an open file: times are the run's start, numbers follow the paths' order.
    init(_ file: OpenFile, in state: HostState) {
        type = file.type
        time = state.startNanoseconds
        switch file {
        case .standardInput, .output:
            number = 0
            size = 0
        case .file(let entry, _), .folder(let entry):
            number = UInt64(entry) + 1
            size = UInt64(state.files.input.entries[entry].size)
        }
    }

    func store(in memory: GuestMemory, at place: UInt32) throws(HostInterrupt) {
        try memory.store([UInt8](repeating: 0, count: Self.bytes), at: place)
        try memory.store(number, at: place, offset: 8)
        try memory.store(type, at: place, offset: 16)
        try memory.store(UInt64(1), at: place, offset: 24)
        try memory.store(size, at: place, offset: 32)
        for offset in stride(from: UInt32(40), through: 56, by: 8) {
            try memory.store(time, at: place, offset: offset)
        }
    }
}
