// SPDX-License-Identifier: Apache-2.0

/// Where a container is in its life (RUNTIME-2).
public enum ContainerStatus: String, Hashable, Sendable, CaseIterable {
    /// From the first trace on the machine to the first process that may run on.
    case creating, created, running, paused, stopped
}
