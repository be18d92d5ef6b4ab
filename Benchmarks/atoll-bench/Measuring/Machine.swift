// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The machine at hand, in a few words, and how busy it is.
enum Machine {
    /// Processors, their model, and the load average of the last minute.
    static var summary: String {
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return "\(count) cores \(model), load \(load)"
    }

    /// How many processes want to run, averaged over a minute.
    static var load: String {
        let text = SystemFile.text("/proc/loadavg") ?? "unknown"
        return String(text.prefix { $0 != " " })
    }

    private static var model: String {
        let lines = (SystemFile.text("/proc/cpuinfo") ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } }
        return name.map(String.init) ?? "of an unknown kind"
    }
}

/// Small files of the system.
enum SystemFile {
    /// Lets this program have so many files open at once; false when the system does not.
    static func allowOpen(_ count: Int) -> Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return false
        }
        guard limit.rlim_cur < rlim_t(count) else { return true }
        guard limit.rlim_max >= rlim_t(count) else { return false }
        limit.rlim_cur = rlim_t(count)
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }

    /// The text of a file, or nothing when it cannot be read.
    static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a file.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var found: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { return found }
            found += piece[..<count]
        }
    }

    /// Replaces the contents of a file; false when that fails.
    static func write(_ path: String, _ text: String) -> Bool {
        guard let file = fopen(path, "wb") else { return false }
        let isWritten = fputs(text, file) >= 0
        return fclose(file) == 0 && isWritten
    }

    /// Replaces the contents of a file by bytes; false when that fails.
    static func write(_ path: String, bytes: [UInt8]) -> Bool {
        guard let file = fopen(path, "wb") else { return false }
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
        return fclose(file) == 0 && isWritten
    }

    /// The size of a file in bytes.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}

extension SystemFile {
    /// Bytes that a folder's files take on the disk; holes take none.
    static func blocks(below path: String) -> Int {
        guard let names = names(in: path) else {
            var status = stat()
            return lstat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
        }
        return names.reduce(0) { $0 + blocks(below: "\(path)/\($1)") }
    }

    /// Removes a file or a folder with all it holds.
    static func remove(_ path: String) {
        for name in names(in: path) ?? [] { remove("\(path)/\(name)") }
        _ = Glibc.remove(path)
    }

    /// What lies in a folder; nothing when it is none.
    static func names(in path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
