// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// When a container is begun again after its end (ENGINE-11).
struct RestartPolicy: Sendable {
    enum Kind: String {
        case no
        case always
        case unlessStopped = "unless-stopped"
        case onFailure = "on-failure"
    }

    let kind: Kind
    /// How often at most after failures; 0 for any number.
    let attemptsMax: Int

    /// The wait before the first new beginning; it doubles each time.
    static let pauseMilliseconds: UInt64 = 100
    /// The longest wait.
    static let pauseMillisecondsMax: UInt64 = 60_000
    /// A container that ran for so long begins anew with the shortest wait.
    static let soundMilliseconds: UInt64 = 10_000

    /// Reads `HostConfig`.
    init(_ host: JSON?) throws(EngineFailure) {
        let policy = host?["RestartPolicy"]
        let name = policy?["Name"]?.text ?? ""
        guard let kind = Kind(rawValue: name.isEmpty ? "no" : name) else {
            throw EngineFailure(.badRequest, "invalid restart policy '\(name)'")
        }
        let attempts = policy?["MaximumRetryCount"]?.signed ?? 0
        guard attempts == 0 || kind == .onFailure && attempts > 0 else {
            throw EngineFailure(
                .badRequest,
                "maximum retry count cannot be used with restart policy '\(kind.rawValue)'")
        }
        guard kind == .no || host?["AutoRemove"]?.flag != true else {
            throw EngineFailure(
                .badRequest, "can't create 'AutoRemove' container with restart policy")
        }
        self.kind = kind
        attemptsMax = Int(attempts)
    }

    /// Whether a container that has ended is begun again.
    ///
    /// - Parameter isBoot: Whether the engine itself begins: then one that was stopped by hand
    ///   comes again where it is to run always.
    func isDue(_ container: EngineContainer, isBoot: Bool = false) -> Bool {
        switch kind {
        case .no: false
        case .always: isBoot || !container.isStoppedByHand
        case .unlessStopped: !container.isStoppedByHand
        case .onFailure:
            !container.isStoppedByHand && container.exitCode != 0
                && (attemptsMax == 0 || container.restarts < attemptsMax)
        }
    }

    /// How long to wait now.
    ///
    /// - Parameters:
    ///   - last: How long was waited before; nil for never.
    ///   - ran: How long it ran since.
    static func pause(after last: UInt64?, ran milliseconds: UInt64) -> UInt64 {
        guard let last, milliseconds < soundMilliseconds else { return pauseMilliseconds }
        return min(last * 2, pauseMillisecondsMax)
    }
}
