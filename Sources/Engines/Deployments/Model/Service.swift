// SPDX-License-Identifier: Apache-2.0

/// One service: an image, how it is run, and what it is promised (DEPLOY-1).
///
/// Lists that have no order of their own are sorted, so that equal services have equal bytes.
public struct Service: Hashable, Sendable {
    /// Its name, under which other services reach it.
    public var name: String
    /// The group of the deployment that it is leased with.
    public var group: String
    /// The image's name, as a registry knows it.
    public var image: String
    /// What one copy is promised.
    public var resources = Resources()
    /// How many copies run.
    public var replicas: UInt32 = 1

    /// The arguments, or the image's own.
    public var command: [String]?
    /// The program, or the image's own.
    public var entrypoint: [String]?
    /// Variables, sorted by name, which are unique.
    public var environment: [NamedText] = []
    /// Labels, sorted by name, which are unique.
    public var labels: [NamedText] = []
    /// User, with a group after a colon, or the image's own.
    public var user: String?
    /// Further groups.
    public var groups: [String] = []
    /// The folder it starts in, or the image's own.
    public var workingDirectory: String?
    /// The machine's name inside.
    public var hostname: String?
    /// Names with their addresses.
    public var extraHosts: [NamedText] = []
    /// Such as `linux/amd64`; nothing leaves the choice to the provider.
    public var platform: String?

    /// Ports, sorted by number and protocol, which are unique together.
    public var ports: [ServicePort] = []
    /// Networks, sorted by name; none cuts it off.
    public var networks: [NetworkAttachment] = []
    /// What lies at its paths, sorted by path, which are unique.
    public var mounts: [Mount] = []
    /// Secrets it may read, sorted by path.
    public var secrets: [FileGrant] = []
    /// Configs it may read, sorted by path.
    public var configs: [FileGrant] = []

    /// Services it waits for, sorted by name, which are unique.
    public var dependencies: [Dependency] = []
    /// How its health is found out; nothing leaves that to the image.
    public var healthCheck: HealthCheck?
    /// What happens when it ends.
    public var restart = RestartPolicy.no
    /// Milliseconds between the signal to stop and the kill.
    public var stopMilliseconds: UInt64 = Self.stopMillisecondsDefault
    /// The signal to stop, or the image's own.
    public var stopSignal: String?

    /// Whether its root of all files cannot be written.
    public var isReadOnly = false
    /// Whether a small program reaps its orphans.
    public var hasInit = false
    /// Whether it has a terminal.
    public var hasTerminal = false
    /// Whether its input stays open.
    public var keepsInput = false
    /// Capabilities beside the usual ones, sorted.
    public var addedCapabilities: [String] = []
    /// Capabilities it does without, sorted; `ALL` for all.
    public var droppedCapabilities: [String] = []
    /// Limits of its processes, sorted by name, which are unique.
    public var processLimits: [ProcessLimit] = []
    /// How many processes it may have; nothing leaves that to the provider.
    public var processesMax: UInt32?
    /// Bytes of its shared memory; nothing leaves the usual 64 MiB.
    public var sharedMemoryBytes: UInt64?
    /// How much of its output is kept.
    public var log = LogRule()
    /// Whether its image is asked for again whenever it starts.
    public var pullsAlways = false

    /// Ten seconds, as Docker's clients have it.
    public static let stopMillisecondsDefault: UInt64 = 10_000

    /// A service with nothing but an image.
    public init(_ name: String, image: String, group: String = DeploymentGroup.nameDefault) {
        self.name = name
        self.image = image
        self.group = group
    }
}
