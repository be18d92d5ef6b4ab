// SPDX-License-Identifier: Apache-2.0

/// A container's port, such as `80/tcp`.
public struct ContainerPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1 to 65,535.
    public let number: UInt16
    /// TCP or UDP.
    public let transport: PortTransport

    /// Joins both.
    public init(_ number: UInt16, _ transport: PortTransport) {
        self.number = number
        self.transport = transport
    }

    /// Reads `80`, `80/tcp` or `53/udp`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let number = UInt16(parts[0]), number > 0,
            let transport = PortTransport(
                rawValue: parts.count == 2 ? parts[1].lowercased() : "tcp")
        else { return nil }
        self.init(number, transport)
    }

    /// By number.
    public static func < (one: ContainerPort, other: ContainerPort) -> Bool {
        (one.number, one.transport.rawValue) < (other.number, other.transport.rawValue)
    }

    /// `80/tcp`
    public var description: String { "\(number)/\(transport.rawValue)" }
}

/// Where a container's port is wanted at the machine.
public struct PortWish: Hashable, Sendable {
    /// The container's port.
    public let port: ContainerPort
    /// The machine's address; nil for all.
    public let host: IPAddress?
    /// The ports that will do, the first that is free; 0 alone lets the system choose.
    public let hostPorts: ClosedRange<UInt16>

    /// Joins the parts.
    public init(
        _ port: ContainerPort, host: IPAddress? = nil, hostPorts: ClosedRange<UInt16> = 0...0
    ) {
        self.port = port
        self.host = host
        self.hostPorts = hostPorts
    }

    /// Reads a host's address and port as Docker's clients write them.
    ///
    /// - Parameters:
    ///   - host: Empty or an address; `0.0.0.0` and `::` mean all.
    ///   - hostPort: Empty, `8080` or `8080-8090`.
    /// - Returns: Nil when it is neither.
    public init?(_ port: ContainerPort, host: String, hostPort: String) {
        var address: IPAddress?
        if !host.isEmpty {
            guard let read = IPAddress(host) else { return nil }
            address = read.value == 0 ? nil : read
        }
        let ends = hostPort.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.map { UInt16($0) }
        if hostPort.isEmpty {
            self.init(port, host: address)
        } else if numbers.count == 1, let one = numbers[0] {
            self.init(port, host: address, hostPorts: one...one)
        } else if numbers.count == 2, let first = numbers[0], let last = numbers[1], first > 0,
            first <= last
        {
            self.init(port, host: address, hostPorts: first...last)
        } else {
            return nil
        }
    }
}

/// A container's port that is had at the machine.
public struct PortGrant: Hashable, Sendable {
    /// The container's port.
    public let port: ContainerPort
    /// The machine's address; nil for all.
    public let host: IPAddress?
    /// The machine's port.
    public let hostPort: UInt16

    /// Joins the parts.
    public init(_ port: ContainerPort, host: IPAddress?, hostPort: UInt16) {
        self.port = port
        self.host = host
        self.hostPort = hostPort
    }
}
