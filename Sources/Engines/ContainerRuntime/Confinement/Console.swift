// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The terminal of a container: made by the container's own file system of terminals, its other
/// side handed to whoever will watch it (RUNTIME-17).
struct Console {
    let inner: OpenFile

    /// Opens a terminal and sends its outer side away.
    ///
    /// - Parameter root: The container's root; what lies at `/dev/pts` must be terminals, whatever
    ///   the image put there.
    static func open(
        in root: RootFolder, process: ProcessConfiguration, socket: OpenFile
    ) throws(RuntimeFailure) -> Console {
        let outer = try root.open(
            "/dev/pts/ptmx", UInt64(O_RDWR | O_NOCTTY),
            resolve: Resolve.noMagicLinks | Resolve.noSymbolicLinks)
        guard try outer.fileSystem() == FileSystemKind.terminals,
            try outer.status().st_rdev == atoll_makedev(5, 2)
        else { throw .kernel("/dev/pts/ptmx makes no terminals", ENODEV) }
        let inner = OpenFile(
            try asking("open the terminal") { atoll_terminal_peer(outer.number) })
        if process.terminalRows > 0 || process.terminalColumns > 0 {
            var size = winsize(
                ws_row: process.terminalRows, ws_col: process.terminalColumns, ws_xpixel: 0,
                ws_ypixel: 0)
            _ = ioctl(inner.number, UInt(TIOCSWINSZ), &size)
        }
        // The group stays that of terminals.
        try asking("give the terminal away") { fchown(inner.number, process.user, gid_t.max) }
        let name = Array("/dev/ptmx".utf8)
        try asking("hand over the terminal") {
            atoll_send_file(socket.number, name, name.count, outer.number)
        }
        return Console(inner: inner)
    }

    /// Lets `/dev/console` be this terminal: mounted by open files from end to end, onto the inode
    /// that was made or found, which must not be a link.
    func mount(in root: RootFolder) throws(RuntimeFailure) {
        guard try root.placeIfAny("/dev") != nil else { return }
        let place = try root.ensure("/dev/console", .file, mode: 0o600, followsLinks: false)
        try MountTree.copy(of: inner, isRecursive: false).attach(to: place)
    }

    /// Makes the terminal the one of the calling process and its three first files.
    func adopt() throws(RuntimeFailure) {
        try asking("control the terminal") { ioctl(inner.number, UInt(TIOCSCTTY), 0) }
        for number in Int32(0)...2 {
            try asking("use the terminal") { dup2(inner.number, number) }
        }
    }

    /// Connects to the socket that receives terminals.
    static func connect(_ path: String) throws(RuntimeFailure) -> OpenFile {
        try LocalSocket.connect(path, .bytes)
    }
}
