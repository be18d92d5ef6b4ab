// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// Keeps this very program from being overwritten by a container (RUNTIME-9).
///
/// A process that enters a container can be found there as `/proc/PID/exe`; whoever is root in it,
/// and root on the machine too, could write to that file and so be run by the next command. So the
/// program is executed from a mount of its file that allows no writing and that nobody can reach to
/// change it.
enum SelfProtection {
    /// Returns when this process runs from such a mount; executes it again from one when not.
    static func ensure() throws(RuntimeFailure) {
        // Without rights over the machine there is nothing to take from it.
        guard geteuid() == 0, Capabilities.has(.administration) else { return }
        let own = try OpenFile.open("/proc/self/exe", OpenFile.pathOnly)
        if try isReadOnly(own) || isSealed() { return }
        let file: OpenFile
        if let mount = try readOnlyMount() { file = mount } else { file = try sealedCopy() }
        let words = CStrings(CommandLine.arguments)
        try asking("execute this program from a file that nobody can write to") {
            atoll_exec_file(file.number, words.pointers, environ)
        }
    }

    /// Nil where the program's file lies on a mount of another namespace, which cannot be copied.
    private static func readOnlyMount() throws(RuntimeFailure) -> OpenFile? {
        let tree: MountTree
        do {
            tree = try MountTree.copy(path: "/proc/self/exe", isRecursive: false)
        } catch {
            if case .kernel(_, EINVAL) = error { return nil }
            throw error
        }
        try tree.change(set: MountAttribute.readOnly)
        return tree.file
    }

    /// The program in memory, sealed for good: slower than a mount, and possible everywhere.
    private static func sealedCopy() throws(RuntimeFailure) -> OpenFile {
        let bytes = try OpenFile.open("/proc/self/exe").readAll(bytesMax: programBytesMax)
        let copy = OpenFile(try asking("memfd_create") { atoll_memory_file("atoll-runtime") })
        try copy.writeAll(bytes)
        try asking("seal a copy of this program") { atoll_seal(copy.number) }
        return copy
    }

    private static func isSealed() -> Bool {
        guard let own = try? OpenFile.open("/proc/self/exe") else { return false }
        return atoll_is_sealed(own.number) == 1
    }

    /// The program as debug builds have it, several times over.
    private static let programBytesMax = 128 << 20

    private static func isReadOnly(_ file: OpenFile) throws(RuntimeFailure) -> Bool {
        var found = statvfs()
        try asking("statvfs") { fstatvfs(file.number, &found) }
        return found.f_flag & UInt(ST_RDONLY) != 0
    }
}
