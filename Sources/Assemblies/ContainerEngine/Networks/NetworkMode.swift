// SPDX-License-Identifier: Apache-2.0

/// Which network a container has: `HostConfig.NetworkMode`.
enum NetworkMode: Hashable, Sendable {
    /// Its own, with nothing but itself.
    case none
    /// The machine's.
    case host
    /// Another container's, by its name or id.
    case container(String)
    /// A bridge of this engine, by its name or id, and further ones.
    case network(String)

    /// Whether it is a bridge of this engine.
    var isNetwork: Bool {
        if case .network = self { return true }
        return false
    }

    /// The network of who names none.
    static let usual = "bridge"

    init(_ text: String) {
        switch text {
        case "none": self = .none
        case "host": self = .host
        case "", "default": self = .network(Self.usual)
        case _ where text.hasPrefix("container:"): self = .container(String(text.dropFirst(10)))
        default: self = .network(text)
        }
    }
}
