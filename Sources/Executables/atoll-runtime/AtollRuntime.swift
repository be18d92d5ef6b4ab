// SPDX-License-Identifier: Apache-2.0
import ContainerRuntime
import Glibc

/// The OCI runtime as a program of its own: linked whole and without the libraries of the node, so
/// that it starts within a millisecond (decision 0017).
@main
enum AtollRuntime {
    static func main() {
        exit(RuntimeProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}
