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
        if try isReadOnly(own) { return }
        let tree = try MountTree.copy(path: "/proc/self/exe", isRecursive: false)
        try tree.change(set: MountAttribute.readOnly)
        let words = CStrings(CommandLine.arguments)
        try asking("execute this program from a mount of its own") {
            atoll_exec_file(tree.file.number, words.pointers, environ)
        }
    }

    private static func isReadOnly(_ file: OpenFile) throws(RuntimeFailure) -> Bool {
        var found = statvfs()
        try asking("statvfs") { fstatvfs(file.number, &found) }
        return found.f_flag & UInt(ST_RDONLY) != 0
    }
}
