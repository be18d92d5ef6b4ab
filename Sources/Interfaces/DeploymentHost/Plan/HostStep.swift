// SPDX-License-Identifier: Apache-2.0
import Deployments

/// One thing that is done to come nearer to what is wanted.
enum HostStep: Hashable {
    case makeNetwork(DeploymentNetwork)
    case makeVolume(Volume)
    case pull(image: String)
    case create(CopyPlan)
    case start(id: String)
    /// Ends a container, which gets the time to stop that it was made with, and removes it.
    case remove(id: String)
}

/// What is still to be done, and whether that is all.
struct HostSteps: Equatable {
    var steps: [HostStep] = []
    /// Copies that wait for others, by name, with what they wait for.
    var waiting: [String: String] = [:]

    var isSettled: Bool { steps.isEmpty && waiting.isEmpty }
}
