// SPDX-License-Identifier: Apache-2.0

/// How much one deployment may hold (DEPLOY-3).
public enum DeploymentLimits {
    /// The most services of one deployment: 64, each with its own order of resources.
    public static let servicesMax = 64
    /// The most volumes, networks, secrets, configs or groups: 64 of each.
    public static let partsMax = 64
    /// The most entries of one list of a service, such as its environment: 1,024.
    public static let entriesMax = 1_024
    /// The most services, volumes or others that a file may declare, used or not: 256, so that
    /// looking through all of them for each is little.
    static let declaredMax = 256
    /// The most bytes of a name: 63, a label of the domain name system.
    public static let nameBytesMax = 63
    /// The most bytes of one value, such as an argument or a variable: 32 KiB.
    public static let valueBytesMax = 32 << 10
    /// The most bytes of one config file: 256 KiB; larger data belongs into an image or a volume.
    public static let configBytesMax = 256 << 10
    /// The most bytes of a manifest: 1 MiB, four config files of the largest size.
    public static let manifestBytesMax = 1 << 20
    /// The most copies of a service: 256.
    public static let replicasMax: UInt32 = 256
    /// The most thousandths of a processor of one copy: 1,024 processors.
    public static let milliProcessorsMax: UInt64 = 1_024_000
    /// The most bytes of memory, of a disk or of a volume: 256 TiB. All copies of all services then
    /// sum to at most 2^48 × 64 × 256 = 2^62, which 64 bits hold.
    public static let bytesMax: UInt64 = 1 << 48
}
