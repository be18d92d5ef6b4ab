// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects
import TestSupport

/// Where scenes are played, and cleared away whatever happens in them.
enum SceneStage {
    /// Makes a scene, unless there can be none here, which is said, and runs `body` with it.
    static func run(
        _ make: @escaping @Sendable (String, Effects) throws -> Scene?,
        _ body: @escaping @Sendable (Scene, Effects) async throws -> Void
    ) async throws {
        let world = try LoopWorld()
        // The scene's files lie where its peers write them, under the same root.
        let whole = try SystemWorld.make(root: "/", loop: world.loop)
        let folder = world.root
        try await world.run { _ in
            if let obstacle = await Scene.obstacle(whole) {
                return print("\(obstacle): this test asks nothing here")
            }
            guard let scene = try make(folder, whole) else { return }
            do {
                try await body(scene, whole)
            } catch {
                await scene.stop()
                throw error
            }
            await scene.stop()
        }
    }
}
