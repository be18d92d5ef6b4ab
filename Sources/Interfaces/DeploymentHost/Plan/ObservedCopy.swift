// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A container of a lease as the engine shows it.
public struct ObservedCopy: Hashable, Sendable {
    /// Where it is in its life.
    public enum Status: String, Sendable {
        /// Made and not begun.
        case created
        /// It runs.
        case running
        /// It was halted.
        case paused
        /// It ended and is begun again by the engine.
        case restarting
        /// It has ended.
        case exited
        /// The engine is taking it away, or could not.
        case removing, dead
    }

    /// What its health check says.
    public enum Health: String, Sendable {
        /// There is no check.
        case none
        /// It has not said anything yet.
        case starting
        /// It is well, or it is not.
        case healthy, unhealthy
    }

    /// The engine's identifier.
    public let id: String
    /// The engine's name for it.
    public let name: String
    /// The service that it is a copy of.
    public let service: String
    /// Which copy.
    public let number: UInt32
    /// Where it is in its life.
    public let status: Status
    /// What its health check says.
    public let health: Health
    /// How it ended; 0 before.
    public let exitCode: Int64
    /// How often the engine began it again.
    public let restarts: UInt64
    let fingerprint: String

    static let serviceLabel = "atoll.service"
    static let numberLabel = "atoll.copy"
    static let fingerprintLabel = "atoll.fingerprint"

    /// Reads what `inspect` shows; nothing when it is no copy of a lease.
    init?(_ json: JSON) {
        let labels = json["Config"]?["Labels"]
        guard let id = json["Id"]?.text, let name = json["Name"]?.text,
            let service = labels?[Self.serviceLabel]?.text,
            let number = labels?[Self.numberLabel]?.text.flatMap(UInt32.init),
            let fingerprint = labels?[Self.fingerprintLabel]?.text,
            let status = json["State"]?["Status"]?.text.flatMap(Status.init(rawValue:))
        else { return nil }
        self.id = id
        self.name = name.hasPrefix("/") ? String(name.dropFirst()) : name
        self.service = service
        self.number = number
        self.fingerprint = fingerprint
        self.status = status
        health =
            json["State"]?["Health"]?["Status"]?.text.flatMap(Health.init(rawValue:)) ?? .none
        exitCode = json["State"]?["ExitCode"]?.signed ?? 0
        restarts = json["RestartCount"]?.unsigned ?? 0
    }

    init(
        id: String, name: String, service: String, number: UInt32, fingerprint: String,
        status: Status, health: Health = .none, exitCode: Int64 = 0
    ) {
        self.id = id
        self.name = name
        self.service = service
        self.number = number
        self.fingerprint = fingerprint
        self.status = status
        self.health = health
        self.exitCode = exitCode
        restarts = 0
    }
}

/// What the engine has of a lease.
struct ObservedState {
    var copies: [ObservedCopy] = []
    /// The engine's names.
    var networks: Set<String> = []
    var volumes: Set<String> = []
    /// Names of images that are there.
    var images: Set<String> = []
}
