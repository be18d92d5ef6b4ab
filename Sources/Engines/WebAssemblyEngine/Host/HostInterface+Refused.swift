// SPDX-License-Identifier: Apache-2.0

/// What programs may ask for and never get: changing files, signals, the network.
extension HostInterface {
    static let refused: [String: HostFunction] = [
        "fd_allocate": refusingDescriptor([.int32, .int64, .int64], .readOnly),
        "fd_datasync": refusingDescriptor([.int32], .success),
        "fd_sync": refusingDescriptor([.int32], .success),
        "fd_fdstat_set_rights": refusingDescriptor([.int32, .int64, .int64], .notSupported),
        "fd_filestat_set_size": refusingDescriptor([.int32, .int64], .readOnly),
        "fd_filestat_set_times": refusingDescriptor([.int32, .int64, .int64, .int32], .readOnly),
        "path_create_directory": refusingPath([.int32, .int32, .int32], 0, 1, .readOnly),
        "path_filestat_set_times": refusingPath(
            [.int32, .int32, .int32, .int32, .int64, .int64, .int32], 0, 2, .readOnly),
        "path_link": refusingPath(
            [.int32, .int32, .int32, .int32, .int32, .int32, .int32], 0, 2, .readOnly),
        // Nothing here is a link.
        "path_readlink": refusingPath(
            [.int32, .int32, .int32, .int32, .int32, .int32], 0, 1, .invalid),
        "path_remove_directory": refusingPath([.int32, .int32, .int32], 0, 1, .readOnly),
        "path_rename": refusingPath(
            [.int32, .int32, .int32, .int32, .int32, .int32], 0, 1, .readOnly),
        "path_symlink": refusingPath([.int32, .int32, .int32, .int32, .int32], 2, 3, .readOnly),
        "path_unlink_file": refusingPath([.int32, .int32, .int32], 0, 1, .readOnly),
        "proc_raise": HostFunction([.int32]) { _ throws(HostInterrupt) in
            throw .refused(.notOffered)
        },
        "sock_accept": refusingDescriptor([.int32, .int32, .int32], .notSupported),
        "sock_recv": refusingDescriptor(
            [.int32, .int32, .int32, .int32, .int32, .int32], .notSupported),
        "sock_send": refusingDescriptor([.int32, .int32, .int32, .int32, .int32], .notSupported),
        "sock_shutdown": refusingDescriptor([.int32, .int32], .notSupported),
    ]

    /// A function that answers one thing for every open descriptor.
    private static func refusingDescriptor(
        _ parameters: [FunctionShape.Kind], _ answer: Errno
    ) -> HostFunction {
        HostFunction(parameters) { call throws(HostInterrupt) in
            _ = try call.state.files[call.word(0)]
            throw .refused(answer)
        }
    }

    /// A function that answers one thing for every path below an open folder.
    private static func refusingPath(
        _ parameters: [FunctionShape.Kind], _ descriptor: Int, _ path: Int, _ answer: Errno
    ) -> HostFunction {
        HostFunction(parameters) { call throws(HostInterrupt) in
            let folder = try call.state.files.folder(call.word(descriptor))
            let named = try self.path(call, at: path)
            do throws(HostInterrupt) {
                _ = try InputPath.find(named, below: folder, in: call.state.files.input)
            } catch {
                guard case .refused(.noEntry) = error, answer == .readOnly else { throw error }
            }
            throw .refused(answer)
        }
    }
}
