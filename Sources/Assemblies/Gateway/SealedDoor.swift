// SPDX-License-Identifier: Apache-2.0
public import Effects
public import HTTPServer

/// A second door of a gateway, where connections are sealed (GATEWAY-19).
public struct SealedDoor: Sendable {
    /// Where it listens.
    public let endpoint: Endpoint
    /// How connections are sealed.
    public let security: TransportSecurity

    /// Describes a door.
    public init(endpoint: Endpoint, security: TransportSecurity) {
        self.endpoint = endpoint
        self.security = security
    }
}
