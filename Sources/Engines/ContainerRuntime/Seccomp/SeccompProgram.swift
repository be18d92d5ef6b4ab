// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A compiled profile, kept for the next container with the same one (RUNTIME-14).
struct SeccompProgram: Sendable {
    /// 4,096 instructions of 8 bytes: what the kernel takes at most.
    static let bytesMax = 4096 * 8

    let bytes: [UInt8]
    let flags: UInt32
    let needsListener: Bool

    /// The program of a profile: from the cache, or compiled and put there.
    ///
    /// Each entry holds the whole profile it was made of, so that two with the same name are told
    /// apart; a folder that others may write to is not used.
    static func of(
        _ profile: SeccompConfiguration, cache: String
    ) throws(RuntimeFailure) -> SeccompProgram {
        let identity = identity(of: profile)
        let path = "\(cache)/\(name(of: identity))"
        let bytes: [UInt8]
        if let found = cached(identity, path) {
            bytes = found
        } else {
            bytes = try SeccompCompiler.compile(profile)
            keep(identity, bytes, path, cache)
        }
        guard bytes.count % 8 == 0, bytes.count <= bytesMax else {
            throw .field("linux.seccomp", "compiles to more than 4096 instructions")
        }
        return SeccompProgram(
            bytes: bytes, flags: try flagBits(profile.flags),
            needsListener: profile.rules.contains { $0.action == .notify })
    }

    /// Every part of the profile that the program depends on, and the version of this form.
    static func identity(of profile: SeccompConfiguration) -> [UInt8] {
        var bytes: [UInt8] = Array("1".utf8)
        func add(_ text: String) {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        add(profile.defaultAction.rawValue)
        add(profile.defaultErrno.map { "\($0)" } ?? "")
        for architecture in profile.architectures { add(architecture) }
        for rule in profile.rules {
            bytes.append(1)
            add(rule.action.rawValue)
            add(rule.errno.map { "\($0)" } ?? "")
            for argument in rule.arguments {
                add("\(argument.index) \(argument.comparison.rawValue)")
                add("\(argument.value) \(argument.valueTwo)")
            }
            bytes.append(2)
            for name in rule.names { add(name) }
        }
        return bytes
    }

    /// FNV-1a: only a name, for the entry itself tells whether it is the right one.
    private static func name(of identity: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in identity { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    private static func cached(_ identity: [UInt8], _ path: String) -> [UInt8]? {
        guard let file = try? OpenFile.open(path, O_RDONLY | O_NOFOLLOW),
            let status = try? file.status(), status.st_uid == geteuid(),
            status.st_mode & 0o022 == 0,
            let entry = try? file.readAll(bytesMax: bytesMax + identity.count),
            entry.count > identity.count, entry.prefix(identity.count).elementsEqual(identity)
        else { return nil }
        return Array(entry.dropFirst(identity.count))
    }

    /// Keeps an entry when it can; without a cache every start compiles.
    private static func keep(
        _ identity: [UInt8], _ program: [UInt8], _ path: String, _ folder: String
    ) {
        mkdir(folder, 0o700)
        let draft = "\(path).\(getpid())"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        guard let file = try? OpenFile.open(draft, flags, mode: 0o600) else { return }
        if (try? file.writeAll(identity + program)) == nil || rename(draft, path) != 0 {
            unlink(draft)
        }
    }

    /// SECCOMP_FILTER_FLAG_*.
    private static func flagBits(_ names: [String]) throws(RuntimeFailure) -> UInt32 {
        var bits: UInt32 = 0
        for name in names {
            switch name {
            // One thread makes the container, so all of its threads have the program anyway.
            case "SECCOMP_FILTER_FLAG_TSYNC": break
            case "SECCOMP_FILTER_FLAG_LOG": bits |= 2
            case "SECCOMP_FILTER_FLAG_SPEC_ALLOW": bits |= 4
            case "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV": bits |= 32
            default: throw .field("linux.seccomp.flags", "\"\(name)\" is unknown")
            }
        }
        return bits
    }

    /// Puts the program before every system call of the calling process, for good.
    ///
    /// - Returns: Where calls are reported, when the profile has rules for a listener.
    func load() throws(RuntimeFailure) -> OpenFile? {
        let wanted = flags | (needsListener ? 8 : 0)
        let result = try asking("load the seccomp program") {
            atoll_seccomp(wanted, bytes, UInt16(bytes.count / 8))
        }
        return needsListener ? OpenFile(result) : nil
    }
}
