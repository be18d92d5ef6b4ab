// SPDX-License-Identifier: Apache-2.0

/// Reading files, folders and standard input; writing output.
extension HostInterface {
    /// The most buffers one call may name, as on Linux.
    static let vectorsMax: UInt32 = 1_024

    static let reading: [String: HostFunction] = [
        "fd_read": HostFunction([.int32, .int32, .int32, .int32], read),
        "fd_pread": HostFunction([.int32, .int32, .int32, .int64, .int32], readAt),
        "fd_write": HostFunction([.int32, .int32, .int32, .int32], write),
        "fd_pwrite": HostFunction([.int32, .int32, .int32, .int64, .int32]) {
            call throws(HostInterrupt) in
            switch try call.state.files[call.word(0)] {
            case .standardInput, .output: throw .refused(.cannotSeek)
            case .file, .folder: throw .refused(.badDescriptor)
            }
        },
        "fd_readdir": HostFunction([.int32, .int32, .int32, .int64, .int32], list),
    ]

    @Sendable private static func read(_ call: HostCall) throws(HostInterrupt) {
        let memory = try call.memory()
        let file = try call.state.files[call.word(0)]
        let vectors = try vectors(call, memory)
        let count = try memory.bytes(at: call.word(3), count: 4)
        let copied: Int
        switch file {
        case .standardInput:
            copied = try fill(
                vectors, from: call.state.standardInput, at: call.state.standardInputOffset, call)
            call.state.standardInputOffset += copied
        case .file(let entry, let offset):
            let content = try call.state.files.content(of: entry)
            copied = try fill(vectors, from: content, at: Int(clamping: offset), call)
            let place = OpenFile.file(entry: entry, offset: offset + UInt64(copied))
            try call.state.files.replace(call.word(0), with: place)
        case .folder: throw .refused(.isFolder)
        case .output: throw .refused(.badDescriptor)
        }
        count.storeBytes(of: UInt32(copied).littleEndian, as: UInt32.self)
    }

    @Sendable private static func readAt(_ call: HostCall) throws(HostInterrupt) {
        let memory = try call.memory()
        let file = try call.state.files[call.word(0)]
        let vectors = try vectors(call, memory)
        let count = try memory.bytes(at: call.word(4), count: 4)
        switch file {
        case .file(let entry, _):
            let content = try call.state.files.content(of: entry)
            let copied = try fill(vectors, from: content, at: Int(clamping: call.long(3)), call)
            count.storeBytes(of: UInt32(copied).littleEndian, as: UInt32.self)
        case .standardInput, .output: throw .refused(.cannotSeek)
        case .folder: throw .refused(.isFolder)
        }
    }

    @Sendable private static func write(_ call: HostCall) throws(HostInterrupt) {
        let memory = try call.memory()
        guard case .output(let stream) = try call.state.files[call.word(0)] else {
            throw .refused(.badDescriptor)
        }
        let vectors = try vectors(call, memory)
        let count = try memory.bytes(at: call.word(3), count: 4)
        let total = vectors.reduce(0) { $0 + $1.count }
        guard let written = UInt32(exactly: total) else { throw .refused(.invalid) }
        try call.charge(UInt64(total) * HostFuel.byte)
        for vector in vectors where !call.state.output.append(vector, to: stream) {
            throw .ended(.outputExceeded)
        }
        count.storeBytes(of: written.littleEndian, as: UInt32.self)
    }

    /// The buffers of a call, which are its second and third values; all lie in memory.
    private static func vectors(
        _ call: HostCall, _ memory: GuestMemory
    ) throws(HostInterrupt) -> [UnsafeMutableRawBufferPointer] {
        guard call.word(2) <= vectorsMax else { throw .refused(.invalid) }
        try call.charge(UInt64(call.word(2)) * HostFuel.entry)
        var vectors: [UnsafeMutableRawBufferPointer] = []
        for index in 0..<call.word(2) {
            let place = try GuestMemory.sum(call.word(1), index * 8)
            let start = try memory.load(UInt32.self, at: place)
            let count = try memory.load(UInt32.self, at: place, offset: 4)
            try vectors.append(memory.bytes(at: start, count: count))
        }
        return vectors
    }

    /// Copies what lies at an offset into buffers, one after the other; pays for it first.
    private static func fill(
        _ vectors: [UnsafeMutableRawBufferPointer], from source: [UInt8], at offset: Int,
        _ call: HostCall
    ) throws(HostInterrupt) -> Int {
        let room = vectors.reduce(0) { $0 + $1.count }
        var rest = source.dropFirst(offset).prefix(min(room, Int(UInt32.max)))
        let total = rest.count
        try call.charge(UInt64(total) * HostFuel.byte)
        for vector in vectors where !rest.isEmpty {
            let part = rest.prefix(vector.count)
            vector.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
        }
        return total
    }

    /// Lists a folder from a cookie on: `.`, `..`, then the entries in order.
    @Sendable private static func list(_ call: HostCall) throws(HostInterrupt) {
        let memory = try call.memory()
        let folder = try call.state.files.folder(call.word(0))
        let buffer = try memory.bytes(at: call.word(1), count: call.word(2))
        let used = try memory.bytes(at: call.word(4), count: 4)
        let entries = call.state.files.input.entries
        let listed = [folder, entries[folder].parent] + entries[folder].children

        var written = 0
        var cookie = Int(clamping: call.long(3))
        while cookie < listed.count, written < buffer.count {
            let entry = listed[cookie]
            let name =
                cookie == 0 ? InputEntry.here : cookie == 1 ? InputEntry.above : entries[entry].name
            cookie += 1
            let record = FolderRecord(
                next: UInt64(cookie), number: UInt64(entry) + 1, name: name,
                isFolder: entries[entry].isFolder)
            try call.charge(HostFuel.entry + UInt64(record.bytes.count) * HostFuel.byte)
            // The last record is cut where the buffer ends: a full buffer means there is more.
            let part = record.bytes.prefix(buffer.count - written)
            UnsafeMutableRawBufferPointer(rebasing: buffer[written...]).copyBytes(from: part)
            written += part.count
        }
        used.storeBytes(of: UInt32(written).littleEndian, as: UInt32.self)
    }
}

/// WASI's `dirent` and the name after it.
private struct FolderRecord {
    let bytes: [UInt8]

    init(next: UInt64, number: UInt64, name: [UInt8], isFolder: Bool) {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: next.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(name.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [isFolder ? 3 : 4, 0, 0, 0])
        self.bytes = bytes + name
    }
}
