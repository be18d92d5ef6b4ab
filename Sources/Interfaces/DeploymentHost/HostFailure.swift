// SPDX-License-Identifier: Apache-2.0

/// Why a deployment cannot be made to run here.
public enum HostFailure: Error, Hashable, Sendable {
    /// The container engine does not answer; what runs goes on (HOST-1).
    case unreachable(reason: String)
    /// The engine refuses a step, in its own words.
    case refused(step: String, status: Int, reason: String)
    /// The engine's answer is not what its API promises.
    case malformed(step: String)
    /// A secret that the manifest names was not given.
    case secretMissing(String)
    /// A file for a service cannot be written, with the system's own words.
    case file(path: String, reason: String)

    /// What happened and what may be done, in one sentence.
    public var words: String {
        switch self {
        case .unreachable(let reason):
            "the container engine does not answer (\(reason)); containers that run go on: "
                + "start the engine again"
        case .refused(let step, let status, let reason):
            "the container engine refused to \(step) (\(status)): \(reason)"
        case .malformed(let step): "the container engine's answer makes no sense: \(step)"
        case .secretMissing(let name): "the value of the secret '\(name)' was not given"
        case .file(let path, let reason): "'\(path)' cannot be written: \(reason)"
        }
    }
}
