// SPDX-License-Identifier: Apache-2.0
public import ContainerImages

/// Whoever gets images and runs programs in containers for a build.
public protocol BuildMachine: Sendable {
    /// An image of the store, fetched from its registry when it is not there.
    ///
    /// - Parameter isFresh: Whether the registry is asked though the image is there.
    /// - Throws: ``BuildFailure``
    func image(
        _ name: String, for platform: Platform, isFresh: Bool
    ) async throws(BuildFailure) -> StoredImage

    /// Runs a program to its end in a container as confined as any other (BUILDER-9).
    ///
    /// - Parameter output: Takes what it says, in its order. When it throws, the program is killed.
    /// - Throws: ``BuildFailure`` when it could not be run; nothing is left of it then.
    func run(
        _ program: BuildProgram,
        output:
            @escaping @Sendable (_ bytes: [UInt8], _ isError: Bool)
            async throws(BuildFailure) -> Void
    ) async throws(BuildFailure) -> BuildProgramEnd

    /// Takes away what is left of a program that has ended.
    func release(_ end: BuildProgramEnd) async

    /// A user and perhaps a group by name or number, looked up in an image's own files.
    ///
    /// - Parameters:
    ///   - users: Lines of its `/etc/passwd`.
    ///   - groups: Lines of its `/etc/group`.
    /// - Throws: ``BuildFailure`` for a name that is not there.
    func owner(
        _ text: String, users: String, groups: String
    ) throws(BuildFailure) -> CopyOptions.Owner
}

/// A program of a build.
public struct BuildProgram: Sendable {
    /// The image whose files it sees: the manifest, in the store under no name.
    public let image: Descriptor
    /// The image's configuration.
    public let configuration: Descriptor
    /// The program and its arguments.
    public let arguments: [String]
    /// Variables besides the image's.
    public let variables: [String]
    /// What it reaches.
    public let network: BuildRequest.Network
}

/// How a program of a build ended, and where the files lie that it changed.
public struct BuildProgramEnd: Sendable {
    /// What the machine calls it.
    public let name: String
    /// Its code.
    public let code: Int64
    /// The upper folder of its overlay.
    public let folder: String
    /// What in it is the machine's own and not the program's.
    public let leavesOut: Set<String>
    /// Folders in it that are the machine's own when nothing is in them.
    public let leavesOutEmpty: Set<String>

    /// Joins what is known.
    public init(
        name: String, code: Int64, folder: String, leavesOut: Set<String>,
        leavesOutEmpty: Set<String>
    ) {
        self.name = name
        self.code = code
        self.folder = folder
        self.leavesOut = leavesOut
        self.leavesOutEmpty = leavesOutEmpty
    }
}

/// What a build tells while it goes on.
public enum BuildNews: Hashable, Sendable {
    /// A step begins: its number from 1, how many there are, the instruction.
    case step(Int, of: Int, String)
    /// Its result was known.
    case cached
    /// What a command says.
    case output([UInt8], isError: Bool)
    /// A step is done: the name of the state after it.
    case done(String)
    /// Something that may be a mistake.
    case warning(String)
}
