// SPDX-License-Identifier: Apache-2.0

/// What a descriptor stands for.
enum OpenFile {
    case standardInput
    case output(ProgramOutput.Stream)
    /// A file of the input and where the next read begins.
    case file(entry: Int, offset: UInt64)
    /// A folder of the input.
    case folder(entry: Int)

    /// WASI's `filetype`: unknown for streams, so that no program takes them for a terminal.
    var type: UInt8 {
        switch self {
        case .standardInput, .output: 0
        case .folder: 3
        case .file: 4
        }
    }
}

/// A program's open descriptors over the read-only input.
struct FileTable {
    /// The most descriptors open at once.
    static let openMax = 256
    /// The descriptor of `/input`, open from the start.
    static let inputDescriptor: UInt32 = 3
    /// The name under which it is open.
    static let inputName = Array("/input".utf8)

    let input: InputDirectory
    private var open: [OpenFile?] = [
        .standardInput, .output(.standardOutput), .output(.standardError), .folder(entry: 0),
    ]
    /// Files fetched so far, by their place in the directory.
    private var fetched: [Int: [UInt8]] = [:]

    init(input: InputDirectory) {
        self.input = input
    }

    /// What a descriptor stands for.
    subscript(_ descriptor: UInt32) -> OpenFile {
        get throws(HostInterrupt) {
            guard descriptor < UInt32(open.count), let file = open[Int(descriptor)] else {
                throw .refused(.badDescriptor)
            }
            return file
        }
    }

    /// The entry of a folder's descriptor.
    func folder(_ descriptor: UInt32) throws(HostInterrupt) -> Int {
        switch try self[descriptor] {
        case .folder(let entry): return entry
        case .standardInput, .output, .file: throw .refused(.notFolder)
        }
    }

    /// Opens a file under the lowest free number.
    mutating func add(_ file: OpenFile) throws(HostInterrupt) -> UInt32 {
        if let free = open.firstIndex(where: { $0 == nil }) {
            open[free] = file
            return UInt32(free)
        }
        guard open.count < Self.openMax else { throw .refused(.tooManyOpen) }
        open.append(file)
        return UInt32(open.count - 1)
    }

    /// Changes what an open descriptor stands for.
    mutating func replace(_ descriptor: UInt32, with file: OpenFile) throws(HostInterrupt) {
        _ = try self[descriptor]
        open[Int(descriptor)] = file
    }

    /// Closes a descriptor.
    mutating func close(_ descriptor: UInt32) throws(HostInterrupt) {
        _ = try self[descriptor]
        open[Int(descriptor)] = nil
    }

    /// A file's bytes, fetched at the first use.
    mutating func content(of entry: Int) throws(HostInterrupt) -> [UInt8] {
        guard let file = input.entries[entry].file else { throw .refused(.isFolder) }
        switch input.files[file].content {
        case .bytes(let bytes): return bytes
        case .fetched(let size, let fetch):
            if let bytes = fetched[file] { return bytes }
            guard let bytes = fetch(), bytes.count == max(size, 0) else {
                throw .ended(.engineFailure("an input file could not be fetched"))
            }
            fetched[file] = bytes
            return bytes
        }
    }
}
