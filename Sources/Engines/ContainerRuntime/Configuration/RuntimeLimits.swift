// SPDX-License-Identifier: Apache-2.0

/// Bounds on what strangers may ask of the runtime (RUNTIME-5).
enum RuntimeLimits {
    /// The most bytes of one configuration: Docker's with its seccomp profile has 20 kB, and 200
    /// mounts and 1,000 environment variables of 1 kB add one MiB.
    static let configurationBytesMax = 4 << 20
    /// How deep values may lie inside one another; the specification's deepest is 8.
    static let configurationDepthMax = 32
    /// The most elements of one list: arguments and variables of a program, of which the kernel
    /// takes 2 MiB in all at 16 bytes each with their pointers.
    static let listMax = 131_072
    /// The most bytes of one text: MAX_ARG_STRLEN, beyond which execve(2) refuses an argument.
    static let textBytesMax = 131_072
    /// PATH_MAX with its final zero.
    static let pathBytesMax = 4095
    /// The most mounts: the kernel's own default for one namespace is 100,000; what one container
    /// needs is below a hundred.
    static let mountsMax = 4096
    /// The most devices, masked and read-only paths, hooks of one kind, limits and sysctls.
    static let smallListMax = 1024
    /// The most ranges of an id map that the kernel takes.
    static let idRangesMax = 340
    /// The most rules of a seccomp profile: each names calls, of which there are about 450 for each
    /// of 17 architectures.
    static let seccompRulesMax = 4096
    /// The most bytes of a container's name.
    static let nameBytesMax = 255
    /// The most bytes of what a hook or a helper says that are kept.
    static let outputBytesMax = 16384
}
