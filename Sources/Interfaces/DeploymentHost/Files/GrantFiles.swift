// SPDX-License-Identifier: Apache-2.0
import Deployments
import Glibc

/// Secrets and configs of a lease as files of this machine, which containers see at their paths and
/// cannot write (HOST-6).
///
/// The folder belongs in memory, such as below `/run`: then no value touches a disk.
struct GrantFiles {
    /// The folder of all leases, of root alone.
    let folder: String

    /// Writes what a service may read.
    ///
    /// - Returns: The files by their paths inside.
    func write(
        for copy: CopyPlan, of desired: DesiredState, secrets: [String: [UInt8]]
    ) throws(HostFailure) -> [String: String] {
        let service = copy.service
        guard !service.secrets.isEmpty || !service.configs.isEmpty else { return [:] }
        let place = "\(folder)/\(desired.lease.text)/\(copy.name)"
        for path in [folder, "\(folder)/\(desired.lease.text)", place] { try make(path) }
        var files: [String: String] = [:]
        for grant in service.secrets {
            guard let bytes = secrets[grant.name] else { throw .secretMissing(grant.name) }
            files[grant.target] = try write(bytes, for: grant, to: "\(place)/s\(files.count)")
        }
        for grant in service.configs {
            let bytes = desired.deployment.configs.first { $0.name == grant.name }?.bytes
            files[grant.target] = try write(bytes ?? [], for: grant, to: "\(place)/c\(files.count)")
        }
        return files
    }

    /// Removes the files of a lease.
    func remove(_ lease: LeaseName) {
        let place = "\(folder)/\(lease.text)"
        for copy in Self.names(in: place) {
            for file in Self.names(in: "\(place)/\(copy)") { unlink("\(place)/\(copy)/\(file)") }
            rmdir("\(place)/\(copy)")
        }
        rmdir(place)
    }

    private func make(_ path: String) throws(HostFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure(path) }
    }

    /// A new file each time: a container that runs keeps the one it has.
    private func write(
        _ bytes: [UInt8], for grant: FileGrant, to path: String
    ) throws(HostFailure) -> String {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            guard count > 0 || errno == EINTR else { throw Self.failure(path) }
            written += max(0, count)
        }
        guard fchown(file, grant.user, grant.group) == 0, fchmod(file, grant.mode) == 0 else {
            throw Self.failure(path)
        }
        return path
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func failure(_ path: String) -> HostFailure {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}
