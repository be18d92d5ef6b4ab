// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

extension ImageFailure {
    /// The failure that `errno` tells of.
    static func fromSystem(_ path: String, _ number: Int32 = errno) -> ImageFailure {
        switch number {
        case ENOENT: return .notFound(path)
        case ENOSPC, EDQUOT: return .full(path: path)
        case EWOULDBLOCK: return .busy(path: path)
        default:
            let bytesMax = 256
            var text = [CChar](repeating: 0, count: bytesMax)
            let isKnown = atoll_error_text(number, &text, bytesMax) == 0
            let words = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return .failed(
                path: path, errno: number,
                message: isKnown ? String(decoding: words, as: UTF8.self) : "error \(number)")
        }
    }
}

/// An open descriptor that closes with its value.
struct SystemFile: ~Copyable {
    let number: Int32
    let path: String

    /// Takes a descriptor over.
    init(taking number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    /// Opens a path by the caller's own words.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(ImageFailure) {
        let number = path.withCString { Glibc.open($0, flags | O_CLOEXEC, mode) }
        guard number >= 0 else { throw .fromSystem(path) }
        self.init(taking: number, path: path)
    }

    deinit { _ = Glibc.close(number) }

    /// How many bytes the file has.
    func count() throws(ImageFailure) -> Int64 {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw .fromSystem(path) }
        return Int64(status.st_size)
    }

    /// Fills as much of a buffer as the file has from here on.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws(ImageFailure) -> Int {
        try Self.read(number, buffer, path: path)
    }

    /// Fills as much of a buffer as an open file has from here on.
    static func read(
        _ number: Int32, _ buffer: UnsafeMutableRawBufferPointer, path: String
    ) throws(ImageFailure) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .fromSystem(path) }
        }
    }

    /// As many bytes as the file has from here on, but no more than `count`.
    func bytes(upTo count: Int) throws(ImageFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < bytes.count {
            let step = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(ImageFailure) in
                try read(
                    UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
            }
            guard step > 0 else { break }
            filled += step
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Writes a whole buffer.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ImageFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count < 0 {
                guard errno == EINTR else { throw .fromSystem(path) }
                continue
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Waits until the bytes are on the disk.
    func sync() throws(ImageFailure) {
        guard fsync(number) == 0 else { throw .fromSystem(path) }
    }

    /// Takes the file for this descriptor alone, or throws ``ImageFailure/busy(path:)``.
    func lock() throws(ImageFailure) {
        guard atoll_lock_exclusively(number) == 0 else { throw .fromSystem(path) }
    }
}

/// Folders and names below the store's own root, which nobody else writes.
enum SystemFolder {
    /// Makes a folder and its parents.
    static func create(_ path: String) throws(ImageFailure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .fromSystem(path)
        }
        try create(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .fromSystem(path) }
    }

    /// The names in a folder, sorted; none of one that is not there.
    static func names(_ path: String) throws(ImageFailure) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw .fromSystem(path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the entries of a folder durable.
    static func sync(_ path: String) throws(ImageFailure) {
        try SystemFile(path, O_RDONLY | O_DIRECTORY).sync()
    }

    /// Gives a file another path and makes that durable.
    static func move(_ path: String, to target: String) throws(ImageFailure) {
        guard rename(path, target) == 0 else { throw .fromSystem(target) }
        if let slash = target.lastIndex(of: "/") { try sync(String(target[..<slash])) }
    }

    /// Removes a file; none is fine.
    static func remove(_ path: String) throws(ImageFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .fromSystem(path) }
    }
}
