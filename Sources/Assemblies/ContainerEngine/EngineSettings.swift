// SPDX-License-Identifier: Apache-2.0
public import Effects

/// Where an engine keeps its things and what it runs containers with.
public struct EngineSettings: Sendable {
    /// The socket its clients dial.
    public var socket: String
    /// The folder of everything it keeps; also the root of its world's disk. Short enough that the
    /// socket of a program run in a container has an address.
    public var root: String
    /// The program `atoll-runtime`.
    public var runtime: String
    /// What this program calls its version.
    public var version: String
    /// Where clients of other machines dial, sealed both ways; nil for nowhere.
    public var door: SealedDoor?
    /// Certificates in PEM of those who vouch for registries, all of which are asked over TLS then;
    /// nil for those whom this machine trusts.
    public var authorities: [UInt8]?
    /// Takes a line about what happened.
    public var log: @Sendable (String) -> Void

    /// The most bytes of ``root``: an address has 107, and below the root come `/run/`, a name of
    /// 32 and `/exec-`, a name of 16 and `/attach`.
    public static let rootBytesMax = 107 - 5 - 32 - 6 - 16 - 7

    /// Joins the parts.
    public init(
        socket: String, root: String, runtime: String, version: String,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.socket = socket
        self.root = root
        self.runtime = runtime
        self.version = version
        self.log = log
    }

    /// A place of the network where only clients are answered for whom an authority vouches.
    public struct SealedDoor: Sendable {
        /// Where it is.
        public var endpoint: Endpoint
        /// Who vouches for clients, as PEM.
        public var authorities: [UInt8]
        /// The engine's own certificate and those above it, as PEM.
        public var chain: [UInt8]
        /// Its key, as PEM.
        public var key: [UInt8]

        /// Joins the parts.
        public init(endpoint: Endpoint, authorities: [UInt8], chain: [UInt8], key: [UInt8]) {
            self.endpoint = endpoint
            self.authorities = authorities
            self.chain = chain
            self.key = key
        }
    }

    /// Where the runtime remembers containers.
    var state: String { root + "/run" }
}
