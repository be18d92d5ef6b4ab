// SPDX-License-Identifier: Apache-2.0

/// One cloud for every law that leaves it as it found it; it lives as long as these tests.
actor SharedCloud {
    private static let keeper = SharedCloud()
    private var starting: Task<RealCloud, any Error>?

    /// The cloud, started by whoever asks first.
    static func get() async throws -> RealCloud { try await keeper.cloud() }

    private func cloud() async throws -> RealCloud {
        if let starting { return try await starting.value }
        let task = Task { try await RealCloud() }
        starting = task
        return try await task.value
    }
}
