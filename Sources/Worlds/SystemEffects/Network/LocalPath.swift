// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// The file that stands for a local socket (EFFECTS-34).
enum LocalPath {
    /// Removes what a listener left behind that is gone: a socket that nobody listens at. Anything
    /// else stays, and binding is refused.
    static func clear(_ address: SocketAddress, _ path: String) {
        var found = stat()
        guard lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFSOCK else { return }
        let descriptor = atoll_stream_socket(AF_UNIX)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if address.read({ connect(descriptor, $0, $1) }) != 0, errno == ECONNREFUSED {
            unlink(path)
        }
    }
}
